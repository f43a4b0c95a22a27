"""What a transaction has read of single rows, so that it reads, and understands, each of them once.

Fowler, Patterns of Enterprise Application Architecture: Identity Map.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class _HeldRow:
    value: Any
    is_locked: bool


class IdentityMap:
    """Rows by their kind and key. Whoever writes such a row puts it here as it is then."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Hashable], _HeldRow] = {}
        self._before: dict[tuple[str, Hashable], Any] = {}

    def get(self, kind: str, key: Hashable, *, locked: bool = False) -> Any | None:
        """The row as it was read last; None where it wasn't, or not under a lock if it must be."""
        row = self._rows.get((kind, key))
        return row.value if row is not None and (row.is_locked or not locked) else None

    def put(self, kind: str, key: Hashable, value: Any, *, locked: bool = False) -> None:
        """What was read, or written. A row once locked stays so."""
        was = self._rows.get((kind, key))
        self._rows[kind, key] = _HeldRow(value, locked or (was is not None and was.is_locked))

    def written(self, kind: str, key: Hashable, value: Any) -> None:
        """What was written in the place of what was read before, as it is kept too."""
        was = self._rows.get((kind, key))
        if was is not None:
            self._before.setdefault((kind, key), was.value)
        self.put(kind, key, value)

    def is_written(self, kind: str, key: Hashable) -> bool:
        """Whether the row was read, and written since."""
        return (kind, key) in self._before

    def before(self, kind: str) -> dict[Hashable, Any]:
        """The rows of that kind that were written, by their keys, as they were before the first
        time."""
        return {key: value for (of, key), value in self._before.items() if of == kind}

    def forget(self, kind: str, key: Hashable) -> None:
        self._rows.pop((kind, key), None)

    def clear(self) -> None:
        self._rows.clear()
