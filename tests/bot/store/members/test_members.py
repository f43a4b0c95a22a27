"""The members' rows, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from bot.store.members import members
from bot.store.tables import members as table
from handlers.actions.members.membership import erase
from rules.facts import changed
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def test_a_card_number_leads_to_whose_card_it_is(cafe: SmallClub) -> None:
    member = cafe.member(cafe.joins())
    with cafe.store.begin() as uow:
        assert members.lock_by_code(uow, "number", member.number) == member
        assert members.by_code(uow, "number", member.number) == member.id
        assert members.lock_by_code(uow, "number", "404") is None
        assert members.by_code(uow, "number", "404") is None


def test_of_several_changes_in_a_row_the_last_is_kept(cafe: SmallClub) -> None:
    member = cafe.member(cafe.joins())
    other, foresight = cafe.member(cafe.joins()), cafe.club.foresight()
    with cafe.store.begin() as uow:
        for spend in (1, 2, 3):
            facts = changed(member.facts, spend=spend)
            members.save(uow, replace(member, facts=facts, seq=member.seq + spend), foresight)
        members.save(uow, replace(other, facts=changed(other.facts, spend=9)), foresight)
        known = members.get(uow, member.id)
    assert known is not None
    assert (known.facts.spend, known.seq) == (3, member.seq + 3)
    assert cafe.member(other.id).facts.spend == 9


def test_the_day_of_drifting_follows_each_visit_and_ends_with_an_erasure(cafe: SmallClub) -> None:
    member, kept = cafe.joins(), []
    for n in range(7):
        kept.append(_drift_on(cafe, member))
        facts = cafe.member(member).facts
        assert kept[-1] == cafe.club.foresight().drift_on(facts)
        cafe.visits(member, key=f"scan:{n}")
        cafe.passes(days=4)
    assert kept[0] is None
    assert None not in kept[1:]
    before = _drift_on(cafe, member)
    assert cafe.undoes(member, "scan:6").done
    assert _drift_on(cafe, member) == kept[-1] != before
    assert cafe.differences(member) == []
    with cafe.work() as work:
        erase(work.acting("staff").under("erase:1"), member)
    assert _drift_on(cafe, member) is None
    assert cafe.differences(member) == []


def test_a_day_of_drifting_that_nobody_wrote_is_found_by_the_audit(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.visits(member)
    with cafe.store.begin() as uow:
        uow.run(update(table).values(drift_on=date(2030, 1, 1)))
    assert [each.what for each in cafe.differences(member)] == ["column drift_on out of date"]


def _drift_on(cafe: SmallClub, member: int) -> date | None:
    with cafe.store.read() as uow:
        day: date | None = uow.run(select(table.c.drift_on).where(table.c.id == member)).scalar()
    return day
