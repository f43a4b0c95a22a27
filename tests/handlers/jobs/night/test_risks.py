"""The flag of who is at risk: what the night writes, and what a visit takes away."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from bot.store.finding import risks
from bot.store.members import members
from bot.store.tables import members as table
from handlers.actions.members.membership import change_membership, erase
from handlers.jobs.night import risks as job
from rules.activity import Membership
from rules.journeys.member import MemberOnDay
from rules.journeys.risk import Risk, risk_of
from rules.judging.decide import advance
from tests.handlers.clubs import DAY, SmallClub
from tests.journeys.counting import counting, plans


def flags(cafe: SmallClub) -> dict[int, Risk | None]:
    with cafe.store.read() as uow:
        rows = uow.run(select(table.c.id, table.c.at_risk))
        return {row.id: row.at_risk for row in rows}


def night(cafe: SmallClub) -> int:
    programme = cafe.timeline.at(cafe.now).programme
    return job.refresh(cafe.club, programme, programme.shop.business_date(cafe.now))


def changes(cafe: SmallClub, member: int, state: Membership) -> None:
    with cafe.work() as work:
        change_membership(work.acting("staff").under(cafe.key()), member, state, at=work.now)


def drifts_on(cafe: SmallClub, member: int) -> date:
    """The day on which they drift, as their row says."""
    with cafe.store.read() as uow:
        day = uow.run(select(table.c.drift_on).where(table.c.id == member)).scalar()
    assert isinstance(day, date)
    return day


def passes_to(cafe: SmallClub, day: date) -> None:
    cafe.clock.set(cafe.timeline.latest.programme.shop.opens(day) + timedelta(hours=8))


def test_who_drifts_is_marked_that_day_then_has_lapsed_and_a_visit_ends_it_at_once(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    for _ in range(8):
        cafe.passes(days=7)
        cafe.visits(member)
    drifts = drifts_on(cafe, member)
    passes_to(cafe, drifts - DAY)
    assert night(cafe) == 0
    passes_to(cafe, drifts)
    assert night(cafe) == 1
    assert flags(cafe)[member] == "rhythm"
    cafe.passes(days=60)
    assert (night(cafe), night(cafe)) == (1, 0)
    assert flags(cafe)[member] == "lapsed"
    cafe.visits(member)
    assert flags(cafe)[member] is None
    assert night(cafe) == 0


def test_who_comes_every_fifty_days_is_not_marked_after_two_months(cafe: SmallClub) -> None:
    member, once = cafe.joins(), cafe.joins()
    for _ in range(10):
        cafe.passes(days=50)
        cafe.visits(member)
    cafe.visits(once)
    cafe.passes(days=65)
    night(cafe)
    assert flags(cafe) == {member: None, once: "lapsed"}
    passes_to(cafe, drifts_on(cafe, member))
    night(cafe)
    assert flags(cafe)[member] == "lapsed"


@pytest.mark.parametrize("kept", ["lapsed", "rhythm"])
def test_a_mark_goes_when_they_are_thought_to_drift_later(cafe: SmallClub, kept: Risk) -> None:
    """As after the weekly fit, or when a day off was published."""
    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=10)
    with cafe.store.begin() as uow:
        uow.run(update(table).where(table.c.id == member).values(at_risk=kept))
    assert night(cafe) == 1
    assert flags(cafe)[member] is None


def test_an_undone_visit_brings_the_flag_back_the_next_night(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=100)
    night(cafe)
    cafe.visits(member, key="scan:a")
    cafe.undoes(member, "scan:a")
    assert flags(cafe)[member] is None
    night(cafe)
    assert flags(cafe)[member] == "lapsed"


def test_what_is_no_visit_keeps_the_flag(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=100)
    night(cafe)
    with cafe.store.begin() as uow:
        members.save(uow, members.lock(uow, member), cafe.club.foresight())
    assert flags(cafe)[member] == "lapsed"


@pytest.mark.parametrize("state", ["paused", "left"])
def test_who_pauses_or_leaves_is_no_longer_at_risk(cafe: SmallClub, state: Membership) -> None:
    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=100)
    night(cafe)
    changes(cafe, member, state)
    assert flags(cafe)[member] is None
    assert night(cafe) == 0


def test_the_erased_and_those_who_never_came_have_none(cafe: SmallClub) -> None:
    gone, newcomer = cafe.joins(), cafe.joins()
    cafe.visits(gone)
    cafe.passes(days=100)
    night(cafe)
    with cafe.work() as work:
        erase(work.acting("staff").under(cafe.key()), gone)
    night(cafe)
    assert flags(cafe) == {gone: None, newcomer: None}
    assert cafe.differences(gone, newcomer) == []


def test_a_visit_while_the_night_looks_is_not_overwritten(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=100)
    before = cafe.member(member)
    cafe.visits(member)
    with cafe.store.begin() as uow:
        risks.write(uow, [(before, "lapsed")])
    assert flags(cafe)[member] is None


def test_the_flags_of_three_months_are_what_the_rules_say_of_everybody(cafe: SmallClub) -> None:
    random, seen = Random(1), set()
    people = {cafe.joins(): random.choice((1, 3, 7, 30)) for _ in range(8)}
    for _ in range(100):
        cafe.passes(days=1)
        day = cafe.timeline.latest.programme.shop.business_date(cafe.now)
        for member, gap in people.items():
            if random.random() < 1 / gap:
                cafe.visits(member)
            if random.random() < 0.02:
                people[member] = random.choice((15, 1_000))
        _settled(cafe, day)
        night(cafe)
        wanted = {member: _meant(cafe, member, day) for member in people}
        assert flags(cafe) == wanted
        seen |= set(wanted.values())
    assert {"lapsed", "rhythm", "rank", None} <= seen


def _settled(cafe: SmallClub, day: date) -> None:
    from bot.store.finding.due_members import settling
    from handlers.actions.calendar.settle import settle

    for member in list(settling(cafe.store, day=day)):
        with cafe.work() as work:
            settle(work, member, day=day)


def _meant(cafe: SmallClub, member: int, day: date) -> Risk | None:
    facts, _ = advance(cafe.timeline, cafe.member(member).facts, day)
    return risk_of(MemberOnDay(cafe.timeline.latest.programme, facts, day, cafe.timeline.models))


def test_who_is_well_and_who_has_lapsed_long_ago_are_not_read_at_all(cafe: SmallClub) -> None:
    gone = [cafe.joins() for _ in range(20)]
    for member in gone:
        cafe.visits(member)
    cafe.passes(days=100)
    night(cafe)
    for _ in range(20):
        cafe.visits(cafe.joins())
    cafe.passes(days=1)
    day = cafe.timeline.latest.programme.shop.business_date(cafe.now)
    found = (risks.drifting(cafe.store, day), risks.flagged(cafe.store, day))
    assert [list(pages) for pages in found] == [[], []]


def test_the_queries_use_their_indexes(cafe: SmallClub) -> None:
    day = date(2026, 5, 10)
    with counting(cafe.store) as counted:
        list(risks.drifting(cafe.store, day))
        list(risks.flagged(cafe.store, day))
        list(risks.here_since(cafe.store, cafe.now))
        with cafe.store.read() as uow:
            risks.page(uow, limit=50)
            risks.page(uow, limit=50, after=risks.RiskCursor(day, 7))
    asked = [ran for ran in counted.statements if "ORDER BY" in ran.sql]
    assert asked
    for ran in asked:
        assert "ix_members_" in " ".join(plans(cafe.store, [ran])), ran


def test_a_list_goes_on_after_its_last_one(cafe: SmallClub) -> None:
    for _ in range(5):
        cafe.visits(cafe.joins())
        cafe.passes(days=1)
    cafe.passes(days=100)
    night(cafe)
    with cafe.store.read() as uow:
        whole = [member.id for member, _, _ in risks.page(uow, limit=9)]
        first = risks.page(uow, limit=2)
        rest = risks.page(uow, limit=9, after=first[-1][2])
    assert whole == [5, 4, 3, 2, 1]
    assert [member.id for member, _, _ in [*first, *rest]] == whole


def test_the_night_sets_the_flags(cafe: SmallClub) -> None:
    from handlers.jobs.night import nightly

    member = cafe.joins()
    cafe.visits(member)
    cafe.passes(days=70)
    assert nightly.run_if_due(cafe.club)
    assert flags(cafe)[member] == "lapsed"
