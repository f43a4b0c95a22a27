"""Small clubs to try actions and jobs on: a store, a clock that is turned by hand, some members."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient
from bot.store import Store
from bot.store.finding import ticks
from bot.store.history import history, ledger, programs
from bot.store.history.programs import Programmes
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from handlers.actions.recording.work import Work
from handlers.art import ArtFolder, stored_art
from handlers.club import Club
from handlers.jobs.night.audit import Difference, audit_member
from rules.activity import By, Visit
from rules.judging.replay import RecordedActivity
from rules.programme.timeline import Timeline
from rules.science.drift import Foresight
from tests.rules.examples import CAFE
from tests.waiting import SECONDS_MAX

#: Noon in Japan, on a Monday, the fifth of January.
MONDAY_NOON = datetime(2026, 1, 5, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: The fifth has a campaign; the sixth is an ordinary day.
TUESDAY_NOON = MONDAY_NOON + DAY
#: Somebody of the staff, and who may do more.
DESK = Actor(7, "みどり", "staff", "ekimae", device_id=3)
MANAGER = Actor(8, "店長", "manager", "ekimae", everywhere=True)


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
        joining = JoinRequest(
            at=self.now,
            language="ja",
            purpose="ポイントのため",
            source="line" if user_id else "counter",
            line_user_id=user_id,
        )
        with self.work() as work:
            if user_id:
                line_accounts.ensure(
                    work.uow, user_id, display_name="さくら", language="ja", at=self.now
                )
            joining = replace(joining, **more)
            return join(work.acting("member").under(self.key()), joining).member_id

    def visits(
        self,
        member_id: int,
        *,
        at: datetime | None = None,
        key: str | None = None,
        store: str = "ekimae",
        by: By = "staff",
    ) -> Outcome:
        came = Request(member_id, Visit("staff"), at or self.now, store)
        with self.work() as work:
            if by == "member":
                # Whoever checks in by themselves reads the answer.
                work.answered.add(member_id)
            return check_in(work.acting(by).under(key or self.key()), came)

    def undoes(
        self,
        member_id: int,
        action: str,
        *,
        key: str | None = None,
        desk: Actor = MANAGER,
        reason: str = "間違い",
        force: bool = False,
    ) -> UndoOutcome:
        with self.work(desk, key=key or self.key()) as work:
            return undo(work, UndoRequest(member_id, action, reason, force))

    def member(self, member_id: int) -> Member:
        with self.store.read() as uow:
            member = members.get(uow, member_id)
        assert member is not None
        return member

    def balance(self, member_id: int) -> int:
        return self.member(member_id).facts.balance

    def history(self, member_id: int) -> list[RecordedActivity]:
        with self.store.read() as uow:
            return history.of(uow, member_id)

    def granted(self, member_id: int) -> dict[tuple[int, str], int]:
        with self.store.read() as uow:
            return ledger.granted(uow, member_id)

    def differences(self, *member_ids: int) -> list[Difference]:
        """What the audit finds."""
        timeline, foresight = self.timeline, self.club.foresight()
        with self.store.read() as uow:
            audited = [audit_member(uow, timeline, foresight, each) for each in member_ids]
        return [difference for each in audited for difference in each]

    def work(self, by: Actor | By = "system", *, key: str = "") -> AbstractContextManager[Work]:
        """A transaction, as the doors have it."""
        return self.club.work(by, key=key)


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
            timeline = programs.load(uow)
            foresight = Foresight(timeline.models, timeline.latest.programme.shop)
            # From now on each row's day of drifting is audited too.
            ticks.set_foreseen_by(uow, foresight.fingerprint)
        yield SmallClub(club, clock)
    finally:
        club.store.close()


def club_at(
    database_url: str, clock: Clock, line_url: str, *, read_seconds: float = SECONDS_MAX
) -> Club:
    """What every door is handed, on a database where a programme is in force; LINE's answers are
    waited for so long."""
    store = Store(database_url)
    return Club(
        store=store,
        clock=clock,
        programmes=Programmes(store),
        line=LineClient("token", line_url, connect_seconds=SECONDS_MAX, read_seconds=read_seconds),
        codes=Codes("a secret of the tests that is long enough"),
        base_url="https://kayoi.example",
        link_base="https://line.me",
        bot_id=lambda: "@kayoi",
        art=ArtFolder(None, stored_art(store)),
    )
