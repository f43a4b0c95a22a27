"""What every activity is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Happening:
    """What an activity is. A kind says what it is called: `activity.<text>.history` in the texts,
    with `values` for placeholders, a reward by its id."""

    #: Whether it is part of the visit before it, of the same day at the same store.
    with_a_visit: ClassVar[bool] = False

    @property
    def text(self) -> str:
        return type(self).__name__.lower()

    @property
    def values(self) -> Mapping[str, object]:
        return {}
