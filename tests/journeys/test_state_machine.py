"""Random histories of a small club, on both databases, and what must hold after every step.

The rules have their own random histories, in memory. Here the whole way is tried: claims, late
activities and corrections, lots, columns, the night's steps, a programme changed in between.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.codes import RewardUse
from bot.store import UnitOfWork
from bot.store.history.claims import KeyReused
from bot.store.members import members
from bot.store.messages.inbox import ChatText
from bot.store.tables import activities, entries, lot_uses, lots, metadata
from handlers.actions.calendar.expire import expire
from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.calendar.settle import settle, warn_of_rank
from handlers.actions.counter.adjust import adjust
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.purchase import purchase
from handlers.actions.counter.redeem import redeem
from handlers.actions.counter.undo import UndoOutcome, UndoRequest, undo
from handlers.actions.heard.feedback import give_feedback
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Outcome
from handlers.actions.recording.record import Request
from rules.activity import By, Membership, Purchase, Visit
from rules.facts import Birthday
from rules.programme.programme import Programme
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.clubs import MANAGER, SmallClub, club_on
from tests.rules.examples import CAFE, changed

#: Points that last two months and ranks that go at once: much happens in a short history.
BY_LOT = '{ kind = "lot", months = 2, month_end = true, warn_days = [30, 7] }'
LIVELY = changed(
    CAFE,
    ('{ kind = "inactivity", months = 12, warn_days = [60, 14] }', BY_LOT),
    ("grace_periods = 1", "grace_periods = 0"),
)
#: Later versions, each in its turn.
VERSIONS = (
    changed(LIVELY, ('on = "visit"\naward = { kind = "fixed", points = 10 }',
                     'on = "visit"\naward = { kind = "fixed", points = 15 }'),
            ("at = 3\n", "at = 2\n")),
    changed(LIVELY, (BY_LOT,
                     '{ kind = "inactivity", months = 1, warn_days = [7] }')),
    LIVELY,
)  # fmt: skip

STORES = st.sampled_from(["ekimae", "kawabe"])
AGO = st.one_of(
    st.just(timedelta(0)),
    st.timedeltas(timedelta(0), timedelta(hours=20)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
)


#: A visit as it was asked for, its key, and what came of it.
Scanned = tuple[Request, str, Outcome]


class Histories(RuleBasedStateMachine):
    """Members join, come, buy, tell, redeem, pause, leave and are forgotten; slips are undone, and
    time passes."""

    people = Bundle("people")
    visits = Bundle("visits")
    #: What was asked for under which key: `(member, key)`.
    asked = Bundle("asked")

    def __init__(self, fresh_database: FreshDatabase) -> None:
        super().__init__()
        self._stack = ExitStack()
        url = self._stack.enter_context(fresh_database())
        self.club: SmallClub = self._stack.enter_context(club_on(url, LIVELY))
        self.versions = list(VERSIONS)
        self.touched: set[int] = set()
        self.receipts = 0

    def teardown(self) -> None:
        self._stack.close()

    def do(
        self,
        member: int,
        action: Callable[..., Any],
        *args: Any,
        by: Actor | By = "staff",
        key: str = "",
        **more: Any,
    ) -> Any:
        """One action in its transaction."""
        self.touched.add(member)
        with self.club.work(by, key=key) as work:
            return action(work, *args, **more)

    def at(self, ago: timedelta) -> datetime:
        return self.club.now - ago

    @initialize(target=people)
    def somebody_is_there(self) -> int:
        return self.club.joins()

    @rule(target=people, friend=st.none() | people)
    def somebody_joins(self, friend: int | None) -> int:
        member = self.club.joins(referred_by=friend)
        self.touched |= {member, friend or member}
        return member

    @rule(target=visits, member=people, store=STORES, ago=AGO)
    def comes(self, member: int, store: str, ago: timedelta) -> Scanned:
        came, key = Request(member, Visit("staff"), self.at(ago), store), self.club.key()
        outcome = self.do(member, check_in, came, key=key)
        self.touch_the_referrer(member)
        return came, key, outcome

    def touch_the_referrer(self, member: int) -> None:
        referrer = self.club.member(member).referred_by
        self.touched |= {referrer} if referrer else set()

    @rule(visit=visits)
    def a_scan_is_repeated(self, visit: Scanned) -> None:
        came, key, outcome = visit
        before = self.club.member(came.member_id)
        assert self.do(came.member_id, check_in, came, key=key) == outcome
        assert self.club.member(came.member_id) == before

    @rule(visit=visits)
    def a_key_is_used_for_something_else(self, visit: Scanned) -> None:
        came, key, _ = visit
        before = self.club.member(came.member_id)
        other = replace(came, store=f"not {came.store}")
        with pytest.raises(KeyReused):
            self.do(came.member_id, check_in, other, key=key)
        assert self.club.member(came.member_id) == before

    @rule(target=asked, visit=visits)
    def a_scan_is_looked_at(self, visit: Scanned) -> tuple[int, str]:
        return visit[0].member_id, visit[1]

    @rule(
        target=asked,
        member=people,
        yen=st.integers(0, 12_000),
        ago=AGO,
        days=st.none() | st.integers(0, 9),
        number=st.none() | st.sampled_from(["0001", "0002"]),
    )
    def buys(
        self, member: int, yen: int, ago: timedelta, days: int | None, number: str | None
    ) -> tuple[int, str]:
        at = self.at(ago)
        issued_on = None if days is None else (at - timedelta(days=days)).date()
        bought = Purchase(yen, tax_yen=yen // 11, receipt_on=issued_on)
        receipt, key = Request(member, bought, at, "ekimae", number), self.club.key()
        outcome = self.do(member, purchase, receipt, key=key)
        assert self.do(member, purchase, receipt, key=key) == outcome
        return member, key

    @rule(member=people, ago=AGO)
    def says_something(self, member: int, ago: timedelta) -> None:
        written = ChatText("おいしい", "U", self.at(ago))
        self.do(member, give_feedback, member, written, by="member", key=self.club.key())

    @rule(member=people, month=st.integers(1, 12), year=st.sampled_from([None, 1990, 2040]))
    def tells_a_birthday(self, member: int, month: int, year: int | None) -> None:
        told = ToldBirthday(member, Birthday(month, 12, year), self.club.now)
        self.do(member, tell_birthday, told, by="member", key=self.club.key())

    @rule(
        target=asked,
        member=people,
        reward=st.sampled_from(["donation", "off_100", "trial_blend", "none"]),
    )
    def takes_a_reward(self, member: int, reward: str) -> tuple[int, str]:
        key, at = self.club.key(), self.club.now
        self.do(member, redeem, member, RewardUse(reward, None), key=key, at=at)
        return member, key

    @rule(target=asked, member=people, points=st.integers(-60, 60))
    def points_are_put_right(self, member: int, points: int) -> tuple[int, str]:
        key = self.club.key()
        self.do(member, adjust, member, points, reason="お詫び", by=MANAGER, key=key)
        return member, key

    @rule(action=asked, force=st.booleans())
    def something_is_undone(self, action: tuple[int, str], force: bool) -> None:
        member, of = action
        before = self.club.member(member)
        undoing, key = UndoRequest(member, of, "間違い", force), self.club.key()
        undone: UndoOutcome = self.do(member, undo, undoing, by=MANAGER, key=key)
        self.touch_the_referrer(member)
        after = self.club.member(member)
        assert self.do(member, undo, undoing, by=MANAGER, key=key) == undone
        assert self.club.member(member) == after
        assert undone.balance == after.facts.balance
        if undone.refused:
            assert before == after
            assert not (force and undone.refused == "undo_spent")
        else:
            assert undone.points == after.facts.balance - before.facts.balance
            again = self.do(member, undo, undoing, by=MANAGER, key=self.club.key())
            assert again.refused == "undo_again"

    @rule(member=people, state=st.sampled_from(["active", "paused", "left"]))
    def changes_membership(self, member: int, state: Membership) -> None:
        key, at = self.club.key(), self.club.now
        self.do(member, change_membership, member, state, key=key, at=at)

    @rule(member=consumes(people), again=st.booleans())
    def is_erased(self, member: int, again: bool) -> None:
        for _ in range(1 + again):
            self.do(member, erase, member, key=self.club.key())

    @rule(target=people)
    def somebody_new_comes_instead(self) -> Any:
        return multiple(self.club.joins())

    @rule(hours=st.integers(1, 30))
    def hours_pass(self, hours: int) -> None:
        self.club.passes(hours=hours)

    @rule(days=st.integers(1, 45))
    def days_pass(self, days: int) -> None:
        self.club.passes(days=days)

    @rule(
        member=people,
        steps=st.sets(st.sampled_from([settle, warn_of_rank, expire, celebrate_anniversary])),
    )
    def a_night_falls(self, member: int, steps: set[Callable[..., Any]]) -> None:
        for step in sorted(steps, key=lambda step: step.__name__):
            self.do(member, step, member, day=self.today)

    @rule(member=people, days_ago=st.integers(0, 40))
    def a_birthday_comes_round(self, member: int, days_ago: int) -> None:
        day = self.today - timedelta(days=days_ago)
        self.do(member, celebrate_birthday, member, day=day)

    @rule(member=people)
    def points_run_out(self, member: int) -> None:
        """Warnings, and the end some days after."""
        for _ in range(3):
            self.do(member, expire, member, day=self.today)
            self.club.passes(days=20)

    @rule()
    def a_new_programme_comes_into_force(self) -> None:
        if self.versions:
            self.club.publishes(self.versions.pop(0))

    @property
    def programme(self) -> Programme:
        return self.club.timeline.at(self.club.now).programme

    @property
    def today(self) -> date:
        return self.programme.shop.business_date(self.club.now)

    @invariant()
    def what_must_always_hold(self) -> None:
        touched, self.touched = self.touched, set()
        with self.club.store.read() as uow:
            for member in sorted(touched):
                _lots_add_up(uow, member)
                _everything_names_its_cause(self.club, uow, member)
                _time_is_told_rightly(self.club, uow, member)
        assert self.club.differences(*touched) == []


def _lots_add_up(uow: UnitOfWork, member_id: int) -> None:
    member = members.get(uow, member_id)
    assert member is not None
    gave = uow.run(select(entries).where(entries.c.member_id == member_id)).all()
    held = uow.run(select(lots).where(lots.c.member_id == member_id)).all()
    used = uow.run(select(lot_uses).where(lot_uses.c.member_id == member_id)).all()
    balance = member.facts.balance
    assert balance == sum(e.points for e in gave) == sum(lot.left for lot in held) >= 0
    # What is put back after a redemption was undone has no lot of its own.
    lots_given = {e.no: e.points for e in gave if e.points > 0 and e.kind != "refund"}
    assert lots_given == {lot.no: lot.points for lot in held}
    for entry in gave:
        if entry.no not in lots_given:
            assert -entry.points == sum(u.points for u in used if u.entry_no == entry.no)
    for lot in held:
        assert lot.left == lot.points - sum(u.points for u in used if u.lot_no == lot.no) >= 0


def _everything_names_its_cause(club: SmallClub, uow: UnitOfWork, member_id: int) -> None:
    known = {version.number for version in club.timeline.versions}
    for table in (entries, activities):
        for row in uow.run(select(table).where(table.c.member_id == member_id)):
            assert row.version in known
            assert row.key
            assert row._mapping.get("rule", "-")


def _time_is_told_rightly(club: SmallClub, uow: UnitOfWork, member_id: int) -> None:
    for row in uow.run(select(activities).where(activities.c.member_id == member_id)):
        assert row.at.tzinfo is UTC
        assert row.at <= row.recorded_at <= club.now
        shop = club.timeline.at(row.at).programme.shop
        assert row.business_date == shop.business_date(row.at)
        assert (
            shop.opens(row.business_date)
            <= row.at
            < shop.opens(row.business_date + timedelta(days=1))
        )


@pytest.mark.hypothesis
def test_random_histories_hold_what_must_always_hold(fresh_database: FreshDatabase) -> None:
    class OnThisDatabase(Histories):
        def __init__(self) -> None:
            super().__init__(fresh_database)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=examples(15),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_what_a_member_owns_is_keyed_by_the_member_first() -> None:
    """So that the tables can be spread over machines by member. Lookup tables are exempt."""
    lookups = {"codes", "line_accounts", "receipts", "inbox", "orders", "reservations"}
    # What the shop writes down for itself, of which a member is but a part.
    lookups |= {"audit_log", "flags", "slips", "link_codes", "reward_codes",
                "import_rows", "hook_events"}  # fmt: skip
    owned = [t for t in metadata.sorted_tables if "member_id" in t.c and t.name not in lookups]
    assert {t.name for t in owned} >= {"activities", "entries", "lots", "outbox", "rank_changes"}
    for table in owned:
        unique = [list(table.primary_key.columns)]
        unique += [list(index.columns) for index in table.indexes if index.unique]
        assert all(columns[0].name == "member_id" for columns in unique), table.name
