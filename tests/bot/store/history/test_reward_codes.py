"""Codes for a web shop: each handed out once, whoever takes it at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from bot.store import Store
from bot.store.history import reward_codes
from bot.store.history.reward_codes import CodeCount
from tests.waiting import SECONDS_MAX

AT = datetime(2026, 1, 5, 3, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


def brings(store: Store, *sealed: str, reward: str = "web") -> int:
    with store.begin() as uow:
        return reward_codes.add(uow, reward, sealed, at=AT)


def gives(store: Store, member_id: int, seq: int = 1) -> bool:
    with store.begin() as uow:
        at = AT + timedelta(minutes=seq)
        return reward_codes.give(uow, "web", member_id, seq, at=at)


def of(store: Store, *member_ids: int) -> list[str]:
    with store.read() as uow:
        return [each.sealed for each in reward_codes.of(uow, member_ids, limit=9)]


def counts(store: Store) -> CodeCount:
    with store.read() as uow:
        return reward_codes.counts(uow).get("web", CodeCount())


def test_codes_are_brought_in_once_each_and_handed_out_in_their_order(store: Store) -> None:
    assert brings(store, "b", "a", "b") == 2
    assert brings(store, "a", "c") == 1
    assert brings(store, "a", reward="other") == 1
    assert [gives(store, 7, seq) for seq in (1, 2, 3, 4)] == [True, True, True, False]
    assert of(store, 7) == ["c", "a", "b"]
    with store.read() as uow:
        assert reward_codes.left(uow, ["web", "other", "none"]) == {"web": 0, "other": 1, "none": 0}


def test_many_are_brought_in_at_once(store: Store) -> None:
    assert brings(store, *(f"code{n}" for n in range(450))) == 450
    assert counts(store) == CodeCount(left=450)


def test_what_is_given_back_is_handed_out_last(store: Store) -> None:
    brings(store, "a", "b")
    gives(store, 7)
    with store.begin() as uow:
        reward_codes.give_back(uow, 7, 2, at=AT)
        reward_codes.give_back(uow, 7, 1, at=AT)
    assert of(store, 7) == []
    assert counts(store) == CodeCount(left=2, back=1)
    assert gives(store, 8, 2)
    assert gives(store, 9, 3)
    assert of(store, 8, 9) == ["a", "b"]


def test_eight_at_once_get_one_each_and_none_the_same(store: Store) -> None:
    brings(store, *"abcde")
    ready = Barrier(8)

    def grab(member_id: int) -> bool:
        ready.wait(SECONDS_MAX)
        return gives(store, member_id)

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(grab, range(8)))
    assert sum(got) == 5
    assert sorted(of(store, *range(8))) == sorted("abcde")
