from collections.abc import Iterator
from itertools import count, islice
from threading import Barrier

import pytest

from bot.batches import batched, side_by_side
from tests.waiting import SECONDS_MAX


def test_all_come_in_their_order_and_the_last_batch_is_what_is_left() -> None:
    assert list(batched("abcdefg", 3)) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert list(batched([1, 2], 2)) == [[1, 2]]
    assert list(batched([], 2)) == []


def test_no_more_is_drawn_than_is_asked_for() -> None:
    numbers = count()
    assert list(islice(batched(numbers, 2), 2)) == [[0, 1], [2, 3]]
    assert next(numbers) == 4


def test_as_many_are_done_at_a_time_as_there_are_threads() -> None:
    done, meeting = [], Barrier(2)

    def do(number: int) -> None:
        meeting.wait(SECONDS_MAX)
        done.append(number)

    side_by_side(do, range(6), 2)
    assert sorted(done) == [0, 1, 2, 3, 4, 5]


def test_no_more_is_drawn_than_threads_are_at() -> None:
    drawn: list[int] = []
    done: list[int] = []
    ahead: list[int] = []

    def each() -> Iterator[int]:
        for number in range(20):
            drawn.append(number)
            ahead.append(len(drawn) - len(done))
            yield number

    side_by_side(done.append, each(), 2)
    assert max(ahead) <= 2 + 2


def test_what_one_raises_is_raised_once_the_others_have_ended() -> None:
    done: list[int] = []

    def do(number: int) -> None:
        done.append(number)
        if number == 1:
            raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        side_by_side(do, range(2), 2)
    assert sorted(done) == [0, 1]
