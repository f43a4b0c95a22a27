"""Stock: never more handed out than there is, whoever takes it at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from bot.store import Store
from bot.store.history import stock
from rules.programme.rewards import Reward
from tests.waiting import SECONDS_MAX


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


AT = datetime(2026, 12, 1, 3, tzinfo=UTC)


def reward(name: str, limit: int | None = None, yen: int = 0) -> Reward:
    its = {"id": name, "name": {"ja": name}, "kind": "gift", "cost": 10, "value_yen": yen}
    return Reward.model_validate({**its, "stock": limit})


def take(store: Store, name: str, limit: int | None, yen: int = 0) -> bool:
    with store.begin() as uow:
        return stock.take(uow, reward(name, limit, yen), now=AT)


def used(store: Store, name: str) -> int:
    with store.read() as uow:
        return stock.all_used(uow).get(name, stock.Used()).times


def test_no_more_is_taken_than_there_is(store: Store) -> None:
    assert [take(store, "towel", 2) for _ in range(4)] == [True, True, False, False]
    assert used(store, "towel") == 2
    assert used(store, "coffee") == 0


def test_without_a_limit_it_is_counted_all_the_same(store: Store) -> None:
    assert all(take(store, "coffee", None) for _ in range(3))
    assert used(store, "coffee") == 3
    assert not take(store, "coffee", 3)


def test_what_is_given_back_can_be_taken_again(store: Store) -> None:
    take(store, "towel", 1)
    with store.begin() as uow:
        stock.give_back(uow, reward("towel"))
    assert used(store, "towel") == 0
    assert take(store, "towel", 1)


def test_what_it_was_worth_is_counted_as_it_was_then(store: Store) -> None:
    take(store, "gift", None, 30)
    take(store, "gift", None, 50)
    with store.begin() as uow:
        assert stock.all_used(uow) == {"gift": stock.Used(2, 80)}
        stock.give_back(uow, reward("gift", yen=30))
        assert stock.all_used(uow) == {"gift": stock.Used(1, 50)}


def test_what_was_never_counted_gives_nothing_back(store: Store) -> None:
    take(store, "towel", 1)
    with store.begin() as uow:
        stock.give_back(uow, reward("coffee"))
        stock.give_back(uow, reward("towel"))
        stock.give_back(uow, reward("towel"))
    assert (used(store, "coffee"), used(store, "towel")) == (0, 0)


def test_the_last_one_goes_to_one_of_eight(store: Store) -> None:
    ready = Barrier(8)

    def grab() -> bool:
        ready.wait(SECONDS_MAX)
        return take(store, "towel", 3)

    with ThreadPoolExecutor(8) as pool:
        got = [each.result(SECONDS_MAX) for each in [pool.submit(grab) for _ in range(8)]]
    assert sum(got) == 3
    assert used(store, "towel") == 3
