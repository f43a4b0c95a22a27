import json
from datetime import date

import pytest
from sqlalchemy import select, update

from bot.store.finding.ticks import set_columns_filled
from bot.store.members import member_columns, members
from bot.store.tables import activities, rank_changes
from bot.store.tables import members as table
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.jobs.night.refresh import count_stale, refresh
from tests.handlers.clubs import SmallClub

#: What an older version did not write.
_LACKING = (
    "away_since", "acted_on", "drift_on", "close_until", "rank_lost_on", "holds_until",
)  # fmt: skip
_FACTS_LACKING = ("visit_days", "visit_day_count", "recent")


def _as_of_before(cafe: SmallClub, member: int) -> None:
    """The row as a version before left it: no columns for journeys, no days of visits."""
    with cafe.store.begin() as uow:
        row = members.lock(uow, member)
        facts = json.loads(member_columns.facts_json(row.facts))
        for name in _FACTS_LACKING:
            del facts[name]
        values = {"facts": json.dumps(facts), **dict.fromkeys(_LACKING)}
        uow.run(update(table).where(table.c.id == member).values(**values))


def test_what_members_of_before_lack_is_filled_in_from_their_history(cafe: SmallClub) -> None:
    member, other = cafe.joins(), cafe.joins()
    for _ in range(6):
        cafe.visits(member)
        cafe.passes(days=3)
    wanted = cafe.member(member)
    assert len(wanted.facts.visit_days) == 6
    assert (wanted.facts.visit_day_count, _drift_on(cafe, other)) == (6, None)
    day = _drift_on(cafe, member)
    assert day is not None
    assert list(refresh(cafe.club)) == [member, other]
    _as_of_before(cafe, member)
    assert cafe.differences(member)
    assert count_stale(cafe.store) == 1
    assert list(refresh(cafe.club)) == [member]
    assert cafe.member(member) == wanted
    assert _drift_on(cafe, member) == day
    assert cafe.differences(member, other) == []
    assert list(refresh(cafe.club)) == []


def test_who_was_erased_before_adds_up_and_is_due_for_nothing(cafe: SmallClub) -> None:
    gone = cafe.joins()
    cafe.visits(gone)
    with cafe.work() as work:
        erase(work.acting("staff").under(cafe.key()), gone)
    wanted = cafe.member(gone)
    _as_of_before(cafe, gone)
    assert list(refresh(cafe.club)) == [gone]
    assert cafe.member(gone) == wanted
    assert _drift_on(cafe, gone) is None
    assert cafe.differences(gone) == []


def test_a_card_that_was_merged_before_days_were_counted_brings_those_it_has(
    cafe: SmallClub,
) -> None:
    keeper, other = cafe.joins(), cafe.joins()
    for member in (other, other, keeper):
        cafe.visits(member)
        cafe.passes(days=4)
    with cafe.work() as work:
        merging = MergeRequest(keeper, other)
        assert merge(work.acting("staff").under(cafe.key()), merging).done
    wanted = cafe.member(keeper)
    assert wanted.facts.visit_day_count == 3
    with cafe.store.begin() as uow:
        absorbed = activities.c.what.like("Absorbed %")
        kind, _, said = (
            uow.run(select(activities.c.what).where(absorbed)).scalar_one().partition(" ")
        )
        carried = json.loads(said)
        facts = json.loads(carried["facts"])
        for name in ("visit_day_count", "recent"):
            del facts[name]
        before = f"{kind} {json.dumps(carried | {'facts': json.dumps(facts)})}"
        uow.run(update(activities).where(absorbed).values(what=before))
    _as_of_before(cafe, keeper)
    list(refresh(cafe.club))
    assert cafe.member(keeper).facts.recent == pytest.approx(wanted.facts.recent)
    assert cafe.member(keeper).facts.visit_day_count == 3
    assert _drift_on(cafe, keeper) is not None
    assert cafe.differences(keeper, other) == []


def test_by_what_a_rank_came_is_worked_out_anew(cafe: SmallClub) -> None:
    member = cafe.joins()
    for _ in range(3):
        cafe.visits(member)
        cafe.passes(days=1)
    with cafe.store.begin() as uow:
        uow.run(update(rank_changes).values(reason="merged"))
    _as_of_before(cafe, member)
    assert list(refresh(cafe.club)) == [member]
    assert cafe.differences(member) == []


def test_a_day_that_a_new_kind_of_journey_keeps_is_filled_in_for_members_of_before(
    cafe: SmallClub,
) -> None:
    member, other = cafe.joins(), cafe.joins()
    while not _close_until(cafe, member):
        cafe.visits(member)
        cafe.passes(days=1)
    wanted = _close_until(cafe, member)
    list(refresh(cafe.club))
    assert count_stale(cafe.store) == 0

    with cafe.store.begin() as uow:
        uow.run(update(table).values(close_until=None))
        set_columns_filled(uow, "holds_until,rank_lost_on")

    assert count_stale(cafe.store) == 2
    assert list(refresh(cafe.club)) == [member, other]
    assert _close_until(cafe, member) == wanted
    assert count_stale(cafe.store) == 0


def _drift_on(cafe: SmallClub, member: int) -> date | None:
    with cafe.store.read() as uow:
        day: date | None = uow.run(select(table.c.drift_on).where(table.c.id == member)).scalar()
    return day


def _close_until(cafe: SmallClub, member: int) -> date | None:
    with cafe.store.read() as uow:
        day: date | None = uow.run(select(table.c.close_until).where(table.c.id == member)).scalar()
    return day
