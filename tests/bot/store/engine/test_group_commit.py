"""Those who write at the same moment share a commit; what is wrong with one is only theirs."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock

import pytest

from bot.store import Store, UnitOfWork
from bot.store.engine.group_commit import GroupCommit
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent

NOW = datetime(2026, 11, 17, 3, tzinfo=UTC)
CALLERS = 50


class _Odd(Exception):
    """What one caller's items raise."""


def _write(uow: UnitOfWork, arrived: Sequence[ArrivedEvent]) -> int:
    if any(event.event_id == "odd" for event in arrived):
        raise _Odd
    return webhook_events.store(uow, arrived, at=NOW)


class _Told:
    def __init__(self) -> None:
        self.commits: list[tuple[int, int]] = []
        self._lock = Lock()

    def __call__(self, items: int, new: int) -> None:
        with self._lock:
            self.commits.append((items, new))


def test_fifty_at_once_are_all_kept_in_fewer_commits_and_repeats_count_once(
    database_url: str,
) -> None:
    store, told = Store(database_url), _Told()
    keeping = GroupCommit(store, _write, told)
    events = [
        [ArrivedEvent(f"e{n}", None, "{}"), ArrivedEvent("same", None, "{}")]
        for n in range(CALLERS)
    ]
    with ThreadPoolExecutor(CALLERS) as callers:
        list(callers.map(keeping.add, events))
    with store.read() as uow:
        assert webhook_events.counts(uow) == {"new": CALLERS + 1}
    assert sum(items for items, _ in told.commits) == 2 * CALLERS
    assert sum(new for _, new in told.commits) == CALLERS + 1
    assert len(told.commits) <= CALLERS
    store.close()


def test_one_caller_s_trouble_is_not_the_others(database_url: str) -> None:
    store, told = Store(database_url), _Told()
    keeping = GroupCommit(store, _write, told)
    names = [f"e{n}" for n in range(CALLERS)] + ["odd"]

    def add(name: str) -> str:
        try:
            keeping.add([ArrivedEvent(name, None, "{}")])
        except _Odd:
            return "refused"
        return "kept"

    with ThreadPoolExecutor(len(names)) as callers:
        ended = dict(zip(names, callers.map(add, names), strict=True))
    assert ended.pop("odd") == "refused"
    assert set(ended.values()) == {"kept"}
    with store.read() as uow:
        assert webhook_events.counts(uow) == {"new": CALLERS}
    store.close()


def test_a_caller_alone_commits_at_once_and_hears_what_went_wrong(database_url: str) -> None:
    store, told = Store(database_url), _Told()
    keeping = GroupCommit(store, _write, told)
    keeping.add([ArrivedEvent("first", None, "{}")])
    assert told.commits == [(1, 1)]
    with pytest.raises(_Odd):
        keeping.add([ArrivedEvent("odd", None, "{}")])
    keeping.add([ArrivedEvent("second", None, "{}")])
    assert told.commits == [(1, 1), (1, 1)]
    store.close()
