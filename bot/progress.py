"""How far something has come that takes a while: a bar at a terminal, a line now and then where
nobody could watch one."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

#: Of what nobody knows the end of, a line comes after so many steps.
_STEPS_A_LINE = 1_000
_LINES = 10


def progress(steps: Iterable[T], what: str, *, total: int | None = None) -> Iterator[T]:
    """The `steps`, while it is told on stderr how many of them (`total`, if known) are done."""
    if sys.stderr.isatty():
        yield from tqdm(steps, desc=what, total=total, leave=False)
        return
    every = max(1, -(-total // _LINES)) if total else _STEPS_A_LINE
    end = f" of {total}" if total else ""
    for done, step in enumerate(steps, start=1):
        yield step
        if done % every == 0 or done == total:
            sys.stderr.write(f"{what}: {done}{end}\n")
