"""The members an index names for a journey, against the rules themselves."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import UnitOfWork
from bot.store.engine.statements import PreparedStatement
from bot.store.finding import candidates
from bot.store.finding.due_members import settling
from bot.store.history import ledger
from bot.store.members import members
from handlers.actions.calendar.settle import settle
from handlers.actions.counter.purchase import purchase
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.profile import ToldBirthday, tell_birthday
from handlers.actions.recording.record import Request
from rules.activity import Purchase
from rules.facts import Birthday
from rules.journeys.candidates import (
    ACTED_ON,
    ACTIVE_ON,
    AWAY_SINCE,
    DRIFT_ON,
    JOINED_ON,
    LAST_VISIT_ON,
    Candidates,
    ClubOnDay,
)
from rules.journeys.journey import Journey
from rules.journeys.kinds import OWN_DAYS
from rules.journeys.member import Background, DueMessage, MemberOnDay
from rules.journeys.programme import journeys_of
from rules.judging.decide import advance
from tests.chance import examples
from tests.conftest import FreshDatabase
from tests.handlers.clubs import DAY, SmallClub, club_on
from tests.journeys.counting import Ran, counting, plans
from tests.rules.examples import CAFE
from tests.rules.journeys.people import CHOSEN

_NAMED = "".join(
    f'[[journeys]]\nkind = "{kind}"\n' + ('states = ["active", "paused"]\n' if n % 4 == 0 else "")
    for n, kind in enumerate(CHOSEN)
)
#: The days that have a column of their name.
_COLUMNS = (AWAY_SINCE, ACTIVE_ON, ACTED_ON, DRIFT_ON, *OWN_DAYS)
_CALM = """
[[campaigns]]
id = "calm"
name = { ja = "ゆったりタイム" }
hours = { start = 14:00:00, end = 16:00:00 }
effect = { kind = "bonus", points = 5 }
"""
EVERY_KIND = CAFE.partition("\n[[journeys]]")[0] + _CALM + _NAMED


def _lives(club: SmallClub, random: Random) -> None:
    """Some members and three months of theirs."""
    people = [club.joins() for _ in range(8)]
    gaps = {member: random.choice((2, 5, 9, 40)) for member in people}
    for _ in range(90):
        club.passes(days=1)
        for member in people:
            if random.random() < 1 / gaps[member]:
                club.visits(member)
                _buys(club, member, random.randrange(200, 20_000))
            if random.random() < 0.005:
                gaps[member] = 1_000
        if random.random() < 0.1:
            _changes(club, random.choice(people), random)
    with club.work() as work:
        erase(work.acting("staff").under(club.key()), people[0])


def _buys(club: SmallClub, member: int, yen: int) -> None:
    receipt = Request(member, Purchase(yen), club.now, "ekimae")
    with club.work() as work:
        purchase(work.acting("staff").under(club.key()), receipt)


def _changes(club: SmallClub, member: int, random: Random) -> None:
    with club.work() as work:
        if random.random() < 0.7:
            told = ToldBirthday(member, Birthday(random.randrange(1, 13), 12, None), work.now)
            tell_birthday(work.acting("member").under(club.key()), told)
            return
        change_membership(
            work.acting("staff").under(club.key()),
            member,
            random.choice(("active", "paused")),
            at=work.now,
        )


def _night_falls(club: SmallClub, day: date) -> None:
    """What the night's work does before it asks about journeys: periods that ended are judged."""
    for member in list(settling(club.store, day=day)):
        with club.work() as work:
            settle(work, member, day=day)


def _due_now(club: SmallClub, journey: Journey, day: date) -> set[int]:
    """Whom the rules find due, everybody asked."""
    programme, found = club.timeline.at(club.now).programme, set()
    with club.store.read() as uow:
        for member_id in range(1, 9):
            member = members.get(uow, member_id)
            assert member is not None
            facts, _ = advance(club.timeline, member.facts, day)
            known = Background(lots=ledger.open_lots(uow, member_id))
            answer = journey.due(MemberOnDay(programme, facts, day, club.timeline.models, known))
            if isinstance(answer, DueMessage) and member.erased_at is None:
                found.add(member_id)
    return found


@settings(max_examples=examples(2), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000))
def test_nobody_who_is_due_is_left_out(fresh_database: FreshDatabase, seed: int) -> None:
    hits = 0
    with fresh_database() as url, club_on(url, EVERY_KIND) as club:
        random = Random(seed)
        _lives(club, random)
        for _ in range(4):
            club.passes(days=random.randrange(1, 25))
            programme = club.timeline.at(club.now).programme
            day = programme.shop.business_date(club.now)
            _night_falls(club, day)
            for journey in journeys_of(programme):
                if journey.looks_at_lots:
                    continue
                named = [
                    member
                    for asked in journey.candidates(ClubOnDay(programme, day))
                    for page in candidates.pages(club.store, asked, programme.shop)
                    for member in page
                ]
                wanted = _due_now(club, journey, day)
                hits += len(wanted)
                assert wanted <= set(named), (journey.kind, day)
    assert hits


def test_pages_hold_everybody_once(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "PAGE", 3)
    monkeypatch.setattr(candidates, "READ", 6)
    with fresh_database() as url, club_on(url) as club:
        shop = club.timeline.at(club.now).programme.shop
        everybody = [club.joins() for _ in range(10)]
        for member in everybody[::2]:
            club.visits(member, at=club.passes(minutes=3))
        today = shop.business_date(club.now)
        ever = today - 9 * DAY, today
        spans = (AWAY_SINCE.span(*ever), JOINED_ON.span(*ever), ACTED_ON.span(*ever), None)
        for span in spans:
            asked = Candidates(("active",), span)
            with counting(club.store) as counted:
                pages = list(candidates.pages(club.store, asked, shop))
            # One for each six, and nothing around it.
            assert (len(counted.statements), counted.transactions) == (2, 0)
            assert sorted(m for page in pages for m in page) == everybody
            assert [len(page) for page in pages] == [3, 3, 3, 1]
        assert list(candidates.pages(club.store, Candidates(()), shop)) == []
        came = Candidates(("active",), LAST_VISIT_ON.span(*ever))
        pages = list(candidates.pages(club.store, came, shop))
        assert [m for page in pages for m in page] == everybody[::2]
        assert list(candidates.pages(club.store, Candidates(("paused",)), shop)) == []


@pytest.mark.unused_database
def test_an_index_answers_and_not_the_whole_table(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = date(2026, 1, 1), date(2026, 1, 4)
    with fresh_database() as url, club_on(url, EVERY_KIND) as club:
        programme = club.timeline.at(club.now).programme
        for journey in journeys_of(programme):
            # The last days of a month, and the turn of the seasons.
            for day in (date(2026, 1, 28), date(2026, 6, 1)):
                for asked in journey.candidates(ClubOnDay(programme, day)):
                    if asked.ranked:
                        continue  # By the order of all members: a warning that the night gives.
                    for states in (("active",), ("active", "paused")):
                        plan = _plan(club, replace(asked, states=states), monkeypatch)
                        assert "scan members" not in plan, (journey.kind, plan)
                        assert "seq scan" not in plan, (journey.kind, plan)
        for asked, index in (
            *((Candidates(("active",), day.span(*days)), day.name) for day in _COLUMNS),
            (Candidates(("active",), LAST_VISIT_ON.span(*days)), "last_visit_at"),
            (Candidates(("active",), DRIFT_ON.span(*days), away_by=days[0]), "drift_on"),
        ):
            assert f"ix_members_{index}" in _plan(club, asked, monkeypatch)


def _plan(club: SmallClub, asked: Candidates, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the database would find the first page, whatever its size."""
    run: list[tuple[str, Any]] = []

    def note(uow: UnitOfWork, statement: PreparedStatement, values: dict[str, Any]) -> list[Any]:
        compiled = statement.on(uow.connection.dialect)
        run.append((compiled.sql, compiled.values(values)))
        return [("[]" if uow.is_sqlite else [], None)]

    with monkeypatch.context() as patch:
        patch.setattr(UnitOfWork, "ask", note)
        list(candidates.pages(club.store, asked, club.timeline.at(club.now).programme.shop))
    ((statement, values),) = run
    return " ".join(plans(club.store, [Ran(statement, values)])).lower()
