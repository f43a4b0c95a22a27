"""Some at a time, of whatever comes in a row."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(each: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` in a row, the last of those that are left: as `itertools.batched` has it from
    Python 3.12 on. No more is drawn than the lists that are asked for."""
    left = iter(each)
    while batch := list(islice(left, size)):
        yield batch


def side_by_side(do: Callable[[T], object], each: Iterable[T], threads: int) -> None:
    """Does it for each, in so many threads at a time, and draws hardly more than these are at.
    Raises what the first raised that did, once those that have begun have ended. Where it is one,
    that is the caller's own."""
    if threads == 1:
        for one in each:
            do(one)
        return
    with ThreadPoolExecutor(threads) as pool:
        begun: deque[Future[object]] = deque()
        for one in each:
            begun.append(pool.submit(do, one))
            if len(begun) > threads:
                begun.popleft().result()
        while begun:
            begun.popleft().result()
