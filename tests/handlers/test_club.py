"""A transaction of the club is of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bot.store import Store, UnitOfWork
from tests.handlers.clubs import club_on


def test_the_moment_of_a_work_is_that_of_its_timeline_however_long_it_waits(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with club_on(database_url) as cafe:
        asked_at, begin = cafe.now, Store.begin

        @contextmanager
        def begins_late(store: Store, *, durable: bool) -> Iterator[UnitOfWork]:
            with begin(store, durable=durable) as uow:
                cafe.clock.set(asked_at + timedelta(seconds=30))
                yield uow

        monkeypatch.setattr(Store, "begin", begins_late)
        with cafe.club.work() as work:
            assert work.now == asked_at
