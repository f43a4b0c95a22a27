"""Some at a time, of whatever comes in a row."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(each: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` in a row, the last of those that are left: as `itertools.batched` has it from
    Python 3.12 on. No more is drawn than the lists that are asked for."""
    left = iter(each)
    while batch := list(islice(left, size)):
        yield batch
