"""The lock that goes round."""

from functools import partial
from threading import Thread

from bot.store.engine.turns import Turns
from tests.waiting import until


def test_who_has_waited_longest_is_next_not_who_takes_it_again() -> None:
    turns, order = Turns(), list[str]()
    threads = [Thread(target=_take, args=(turns, order, name)) for name in "abc"]
    with turns:
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(partial(_is_row_of, turns, number), "its place in the row")
    with turns:
        order.append("again")
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c", "again"]


def _is_row_of(turns: Turns, count: int) -> bool:
    return len(turns._waiting) == count


def _take(turns: Turns, order: list[str], name: str) -> None:
    with turns:
        order.append(name)


def test_its_holder_may_take_it_again_and_others_wait_until_all_is_given_back() -> None:
    turns, order = Turns(), list[str]()
    with turns:
        with turns:
            other = Thread(target=_take, args=(turns, order, "other"))
            other.start()
            until(lambda: len(turns._waiting) == 1, "the other")
        order.append("inner over")
    other.join()
    assert order == ["inner over", "other"]
