"""The night's work gives way: whoever writes meanwhile is answered."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Lock, Thread, get_ident
from typing import Any

from sqlalchemy import Connection, event, text

from bot.store import Store
from bot.store.engine.turns import Turns
from bot.store.members import menus
from bot.store.messages import outbox
from handlers.chat.worker import EventWorkers
from handlers.jobs import rich_menu
from handlers.jobs.delivery.outcomes import FOR_QUOTA
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from handlers.jobs.night.drift import DriftDays
from handlers.jobs.night.returns import WeeklyFit
from tests.bench import crowd
from tests.waiting import until

from .conftest import World

#: `make soak` names far more.
MEMBERS = int(os.environ.get("KAYOI_NIGHT_MEMBERS", "200"))
#: Whoever writes waits for no more of the night's transactions: the one that is on its way.
TRANSACTIONS_MAX = 1
#: No transaction writes more rows, however many there are.
PAGE = 500


@dataclass
class NightWriting:
    """What one thread writes: how many transactions, and how many rows in the largest."""

    thread: int = 0
    transactions: int = 0
    rows_max: int = 0
    _before: dict[int, int] = field(default_factory=dict)

    def begins(self, connection: Connection) -> None:
        if get_ident() == self.thread:
            self._before[id(connection)] = self._changes(connection)

    def commits(self, connection: Connection) -> None:
        if get_ident() == self.thread:
            rows = self._changes(connection) - self._before.pop(id(connection), 0)
            self.transactions += rows > 0
            self.rows_max = max(self.rows_max, rows)

    @staticmethod
    def _changes(connection: Connection) -> int:
        driver: Any = connection.connection.driver_connection
        return int(driver.total_changes)


class Row(deque[tuple[int, Lock]]):
    """Who waits to write, and for how many of the night's transactions each has waited."""

    def __init__(self, night: NightWriting) -> None:
        super().__init__()
        self.night, self.waits = night, list[int]()
        self._since: dict[int, int] = {}

    def append(self, waiting: tuple[int, Lock]) -> None:
        self._since[waiting[0]] = self.night.transactions
        super().append(waiting)

    def popleft(self) -> tuple[int, Lock]:
        waiting = super().popleft()
        if waiting[0] != self.night.thread:
            self.waits.append(self.night.transactions - self._since[waiting[0]])
        return waiting


@contextmanager
def watched(store: Store) -> Iterator[NightWriting]:
    night = NightWriting()
    listeners = {"begin": night.begins, "commit": night.commits}
    for name, listener in listeners.items():
        event.listen(store.engine, name, listener)
    try:
        yield night
    finally:
        for name, listener in listeners.items():
            event.remove(store.engine, name, listener)


def backlog(world: World, members: int) -> None:
    """All that a night can find: menus that changed, messages that wait or are too late, and events
    and claims that nobody asks for any more."""
    now, store = world.now(), world.club.store
    crowd.make(store, members)
    ages = {"now": 0, "later": 90, "soon": 0.1, "old": -99}
    values = {name: str(now + timedelta(days=days)) for name, days in ages.items()}
    message = """INSERT INTO outbox (member_id, journey, period, say, topic, queued_at, not_before,
        useful_until, priority, channel, status, reason) SELECT id, 'news', {0}, '{{}}', 'points',
        :now, :later, {1}, 5, 'line', 'queued', {2} FROM members"""
    with store.begin() as uow:
        uow.run(text("UPDATE members SET menu = 'ja:'"))
        menus.set_menu_ids(uow, {"ja:": "old"})
        for period, until_, reason in (("a", "later", "'quota'"), ("b", "soon", "NULL")):
            uow.run(text(message.format(f"'{period}'", f":{until_}", reason)), values)
        uow.run(
            text("""INSERT INTO webhook_events (event_id, received_at, body, status, attempts)
                SELECT 'old' || id, :old, '{"a": 1}', 'done', 1 FROM members"""),
            values,
        )
        uow.run(
            text("INSERT INTO claims (key, asked, at) SELECT 'line:' || id, '', :old FROM members"),
            values,
        )


def works_all_night(world: World) -> None:
    """Whatever the clock does at night, to all members."""
    club, now = world.club, world.now()
    outbox.skip_late(club.store, now=now)
    outbox.wake(club.store, reason=FOR_QUOTA, now=now)
    with club.store.begin() as uow:
        menus.set_menu_ids(uow, {"ja:": "new"})
    menus.forget_changed(club.store)
    rich_menu.relink(club)
    DriftDays(club).follow()
    nightly.run_if_due(club)
    queue.run_if_due(club)
    WeeklyFit(club).run_if_due()


def test_a_webhook_is_answered_while_the_night_of_many_members_runs(world: World) -> None:
    person = world.member()
    person.check_in()
    backlog(world, MEMBERS)
    world.travel(timedelta(days=20))
    workers = EventWorkers(world.club)
    answered = 0
    with watched(world.club.store) as writing:
        row = Row(writing)
        assert isinstance(world.club.store._writing, Turns)
        # Nobody waits yet, whom this would forget.
        world.club.store._writing._waiting = row
        workers.start()
        night = Thread(target=works_all_night, args=(world,))
        night.start()
        writing.thread = night.ident or 0
        try:
            while night.is_alive():
                last = world.simulator.lines(person.user_id)[-1].id
                assert world.simulator.customers.write(person.user_id, "ポイント").ok
                workers.wake()
                until(partial(person.heard, after=last), "the answer")
                answered += 1
        finally:
            night.join()
            workers.stop()
    assert writing.transactions > MEMBERS // nightly.TOGETHER
    assert answered > 1, "none while the night ran"
    # In a short night perhaps nobody has to wait.
    assert row.waits or MEMBERS < PAGE, "nobody had to wait"
    assert max(row.waits, default=0) <= TRANSACTIONS_MAX


def test_no_transaction_of_the_night_is_longer_than_a_page(world: World) -> None:
    person = world.member()
    person.check_in()
    backlog(world, PAGE + 100)
    world.travel(timedelta(hours=20))
    with watched(world.club.store) as writing:
        writing.thread = get_ident()
        works_all_night(world)
    assert writing.rows_max <= PAGE
    with world.club.store.read() as uow:
        rows = uow.run(
            text(
                "SELECT status, count(*) FROM outbox WHERE not_before <= :now"
                " OR status = 'skipped' GROUP BY status"
            ),
            {"now": str(world.now())},
        )
        assert dict(rows.all()) == {"queued": PAGE + 101, "skipped": PAGE + 101}
        left = uow.run(text("SELECT count(*) FROM webhook_events WHERE event_id LIKE 'old%'"))
        assert left.scalar_one() == 0
