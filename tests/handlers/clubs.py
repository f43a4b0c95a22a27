"""Small clubs to try actions and jobs on: a store, a clock that is turned by hand, some members."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient
from bot.store import Store, UnitOfWork
from bot.store.history import history, ledger, programs
from bot.store.history.programs import Programmes
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.actions.counter.check_in import CheckIn, check_in
from handlers.actions.counter.undo import Undone, undo
from handlers.actions.members.join import Joining, join
from handlers.actions.recording.actor import Desk
from handlers.actions.recording.outcome import Outcome
from handlers.club import Club
from handlers.jobs.night.audit import Difference, audit_member
from rules.activity import By
from rules.judging.replay import Recorded
from rules.programme.timeline import Timeline
from tests.rules.examples import CAFE

#: Noon in Japan, on a Monday, the fifth of January.
MONDAY_NOON = datetime(2026, 1, 5, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Somebody of the staff, and who may do more.
DESK = Desk(7, "みどり", "staff", "ekimae", device_id=3)
MANAGER = Desk(8, "店長", "manager", "ekimae")


class HandClock(Clock):
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


@dataclass
class SmallClub:
    """A club as its doors have it, and short ways to say what happens in it."""

    club: Club
    clock: HandClock
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def store(self) -> Store:
        return self.club.store

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def timeline(self) -> Timeline:
        return self.club.timeline()

    def key(self) -> str:
        """An outside key that was never used."""
        return f"test:{next(self._numbers)}"

    def passes(self, **time: float) -> datetime:
        """Lets time pass, and tells what time it is then."""
        self.clock.set(self.now + timedelta(**time))
        return self.now

    def publishes(self, text: str) -> None:
        """A new version, in force from a second later, which it then is."""
        self.passes(seconds=1)
        with self.store.begin() as uow:
            programs.publish(uow, text, since=self.now)
        self.club.programmes.forget()

    def joins(self, user_id: str | None = None, **more: Any) -> int:
        """Somebody new; with a LINE account, if `user_id` names one. Gives the member's id."""
        joining = Joining(
            key=self.key(),
            at=self.now,
            language="ja",
            purpose="ポイントのため",
            source="line" if user_id else "counter",
            line_user_id=user_id,
        )
        with self.store.begin() as uow:
            if user_id:
                line_accounts.ensure(
                    uow, user_id, display_name="さくら", language="ja", at=self.now
                )
            return join(uow, self.timeline, replace(joining, **more), now=self.now).member_id

    def visits(
        self,
        member_id: int,
        *,
        at: datetime | None = None,
        key: str | None = None,
        store: str = "ekimae",
        by: By = "staff",
    ) -> Outcome:
        came = CheckIn(key or self.key(), member_id, store, at or self.now, "staff", by=by)
        with self.store.begin() as uow:
            return check_in(uow, self.timeline, came, now=self.now)

    def undoes(
        self,
        member_id: int,
        action: str,
        *,
        key: str | None = None,
        desk: Desk = MANAGER,
        reason: str = "間違い",
        force: bool = False,
    ) -> Undone:
        with self.store.begin() as uow:
            return undo(
                uow, self.timeline, desk, member_id=member_id, action=action,
                key=key or self.key(), reason=reason, force=force, now=self.now,
            )  # fmt: skip

    def member(self, member_id: int) -> Member:
        with self.store.read() as uow:
            member = members.get(uow, member_id)
        assert member is not None
        return member

    def balance(self, member_id: int) -> int:
        return self.member(member_id).facts.balance

    def history(self, member_id: int) -> list[Recorded]:
        with self.store.read() as uow:
            return history.of(uow, member_id)

    def granted(self, member_id: int) -> dict[tuple[int, str], int]:
        with self.store.read() as uow:
            return ledger.granted(uow, member_id)

    def differences(self, *member_ids: int) -> list[Difference]:
        """What the audit finds."""
        with self.store.read() as uow:
            return [d for each in member_ids for d in audit_member(uow, self.timeline, each)]

    @contextmanager
    def writing(self) -> Iterator[tuple[UnitOfWork, Timeline, datetime]]:
        """A transaction, with the timeline and the time."""
        with self.store.begin() as uow:
            yield uow, self.timeline, self.now


@contextmanager
def club_on(
    database_url: str,
    programme: str = CAFE,
    *,
    now: datetime = MONDAY_NOON,
    line_url: str = "http://127.0.0.1:9",
) -> Iterator[SmallClub]:
    """A club with `programme` in force since a year, on a migrated database."""
    clock = HandClock(now)
    club = club_at(database_url, clock, line_url)
    try:
        with club.store.begin() as uow:
            programs.publish(uow, programme, since=now - 365 * DAY)
        yield SmallClub(club, clock)
    finally:
        club.store.close()


def club_at(database_url: str, clock: Clock, line_url: str) -> Club:
    """What every door is handed, on a database where a programme is in force."""
    store = Store(database_url)
    return Club(
        store=store,
        clock=clock,
        programmes=Programmes(store),
        line=LineClient("token", line_url, connect_seconds=1.0, read_seconds=0.5),
        codes=Codes("a secret of the tests that is long enough"),
        base_url="https://kayoi.example",
        link_base="https://line.me",
        bot_id=lambda: "@kayoi",
    )
