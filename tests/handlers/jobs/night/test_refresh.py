from datetime import date

from sqlalchemy import select, update

from bot.store.finding.ticks import set_columns_filled
from bot.store.members import members
from bot.store.tables import members as table
from bot.store.tables import rank_changes
from handlers.actions.members.membership import erase
from handlers.jobs.night.refresh import count_stale, refresh
from tests.handlers.clubs import SmallClub

#: What an older version did not write.
_LACKING = ("away_since", "gap_days", "acted_on", "close_until", "rank_lost_on", "holds_until")


def _as_of_before(cafe: SmallClub, member: int) -> None:
    """The row as a version before left it: no columns for journeys, no days of visits."""
    with cafe.store.begin() as uow:
        row = members.lock(uow, member)
        facts = members.facts_json(row.facts).replace('"visit_days":[', '"no_such":[')
        assert "no_such" in facts
        values = {"facts": facts, **dict.fromkeys(_LACKING)}
        uow.run(update(table).where(table.c.id == member).values(**values))


def test_what_members_of_before_lack_is_filled_in_from_their_history(cafe: SmallClub) -> None:
    member, other, gone = cafe.joins(), cafe.joins(), cafe.joins()
    for _ in range(6):
        cafe.visits(member)
        cafe.passes(days=3)
    wanted = cafe.member(member)
    assert wanted.facts.usual_gap == 3
    with cafe.work() as work:
        erase(work.acting("staff").under(cafe.key()), gone)
    assert list(refresh(cafe.club)) == [member, other]
    _as_of_before(cafe, member)
    assert cafe.differences(member)
    assert count_stale(cafe.store) == 1
    assert list(refresh(cafe.club)) == [member]
    assert cafe.member(member) == wanted
    assert cafe.differences(member, other, gone) == []
    assert list(refresh(cafe.club)) == []


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


def _close_until(cafe: SmallClub, member: int) -> date | None:
    with cafe.store.read() as uow:
        day: date | None = uow.run(select(table.c.close_until).where(table.c.id == member)).scalar()
    return day
