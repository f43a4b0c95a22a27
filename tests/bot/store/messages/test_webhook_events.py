from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent, ClaimedEvent

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)
LEASE = timedelta(seconds=60)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def _arrive(store: Store, *events: tuple[str, str | None], at: datetime = NOW) -> int:
    with store.begin() as uow:
        arrived = [ArrivedEvent(event_id, user_id, "{}") for event_id, user_id in events]
        return webhook_events.store(uow, arrived, at=at)


def _claim(store: Store, *, at: datetime = NOW, limit: int = 9) -> list[ClaimedEvent]:
    with store.begin() as uow:
        return webhook_events.claim(uow, now=at, lease=LEASE, limit=limit)


def _ids(claimed: list[ClaimedEvent]) -> list[str]:
    return [event.event_id for event in claimed]


def test_an_event_is_kept_once_also_twice_in_one_request(store: Store) -> None:
    assert _arrive(store, ("e1", "U1"), ("e2", "U2"), ("e1", "U1")) == 2
    assert _arrive(store, ("e2", "U2"), ("e3", "U3")) == 1


def test_deliveries_of_the_same_events_at_once_keep_them_once(store: Store) -> None:
    events = [(f"e{n}", "U1") for n in range(20)]

    def arrive(turn: int) -> int:
        return _arrive(store, *(events if turn % 2 else reversed(events)))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(arrive, range(8))) == 20


def test_a_claimed_event_is_nobody_elses_until_the_lease_ends(store: Store) -> None:
    _arrive(store, ("e1", "U1"))
    assert _ids(_claim(store)) == ["e1"]
    assert _claim(store) == []
    (again,) = _claim(store, at=NOW + LEASE)
    assert again.attempt == 2


def test_what_was_held_by_a_clock_that_was_put_back_since_is_nobodys(store: Store) -> None:
    _arrive(store, ("e1", "U1"))
    assert _ids(_claim(store)) == ["e1"]
    apart, back = NOW - timedelta(minutes=4), NOW - timedelta(hours=1)
    assert _claim(store, at=apart) == [], "another machine's clock is a little ahead"
    with store.read() as uow:
        assert not webhook_events.is_any_free(uow, now=apart, lease=LEASE)
        assert webhook_events.is_any_free(uow, now=back, lease=LEASE)
    (again,) = _claim(store, at=back)
    assert again.attempt == 2


def test_one_persons_events_are_taken_one_after_another(store: Store) -> None:
    _arrive(store, ("e1", "U1"), ("e2", "U1"), ("e3", "U2"), ("e4", None), ("e5", None))
    assert _ids(_claim(store)) == ["e1", "e3", "e4", "e5"]
    with store.begin() as uow:
        webhook_events.close(uow, "e1")
    assert _ids(_claim(store)) == ["e2"]


def test_an_event_that_failed_waits_without_holding_up_the_next(store: Store) -> None:
    _arrive(store, ("e1", "U1"), ("e2", "U1"))
    _claim(store)
    later = NOW + timedelta(minutes=5)
    with store.begin() as uow:
        webhook_events.note_failure(uow, "e1", "Trouble", attempt=1, retry_at=later)
    assert _ids(_claim(store)) == ["e2"]
    assert _ids(_claim(store, at=later)) == ["e1", "e2"]


def test_an_event_that_fails_again_and_again_is_put_aside(store: Store) -> None:
    _arrive(store, ("e1", "U1"))
    with store.begin() as uow:
        webhook_events.put_aside(uow, "e1", "T")
        assert webhook_events.waiting(uow) == 0
    assert _claim(store, at=NOW + timedelta(days=1)) == []


def test_an_answer_that_was_not_sent_comes_with_the_event(store: Store) -> None:
    _arrive(store, ("e1", "U1"))
    (mine,) = _claim(store)
    with store.begin() as uow:
        assert webhook_events.keep(uow, mine, "the answer")
    (again,) = _claim(store, at=NOW + LEASE)
    assert again.answer == "the answer"


def test_what_needs_no_answer_is_done_with_the_work(store: Store) -> None:
    _arrive(store, ("e1", "U1"))
    (mine,) = _claim(store)
    with store.begin() as uow:
        assert webhook_events.keep(uow, mine, None)
        assert webhook_events.counts(uow) == {"done": 1}


@pytest.mark.parametrize("answer", ["the answer", None])
def test_only_who_holds_an_event_may_keep_the_work(store: Store, answer: str | None) -> None:
    _arrive(store, ("e1", "U1"))
    (slow,) = _claim(store)
    (quick,) = _claim(store, at=NOW + LEASE)
    with store.begin() as uow:
        assert not webhook_events.keep(uow, slow, answer)
        assert webhook_events.keep(uow, quick, answer)
        assert not webhook_events.keep(uow, quick, answer)


def test_workers_at_once_take_each_event_once(store: Store) -> None:
    _arrive(store, *((f"e{n:02}", f"U{n}") for n in range(30)))

    def take(_: int) -> list[str]:
        taken: list[str] = []
        while mine := _ids(_claim(store, limit=2)):
            taken += mine
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [event_id for each in pool.map(take, range(6)) for event_id in each]
    assert sorted(taken) == [f"e{n:02}" for n in range(30)]


def test_who_had_their_share_waits_for_others_and_for_nobody_else(store: Store) -> None:
    _arrive(store, ("e1", "U1"), ("e2", "U1"), ("e3", None), ("e4", "U2"))
    _arrive(store, ("e5", "U3"), at=NOW + timedelta(seconds=1))
    with store.begin() as uow:
        first = webhook_events.claim(uow, now=NOW, lease=LEASE, limit=2, but={"U1", ""})
        rest = webhook_events.claim(uow, now=NOW, lease=LEASE, limit=9, but={"U1", ""})
    assert _ids(first) == ["e4", "e5"]
    assert [event.user_id for event in first] == ["U2", "U3"]
    assert _ids(rest) == ["e1", "e3"]
