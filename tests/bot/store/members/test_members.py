"""The members' rows, on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.store.members import members
from rules.facts import changed
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def test_a_card_number_leads_to_the_member_unless_somebody_took_them_over(cafe: SmallClub) -> None:
    keeper, other = cafe.joins(), cafe.joins()
    numbers = [cafe.member(member).number for member in (keeper, other)]
    with cafe.store.begin() as uow:
        members.set_merged_into(uow, other, keeper)
        found = [members.lock_by_code(uow, "number", number) for number in (*numbers, "404")]
        led = [members.by_code(uow, "number", number) for number in (*numbers, "404")]
    assert found == [cafe.member(keeper), None, None]
    assert led == [keeper, other, None]


def test_of_several_changes_in_a_row_the_last_is_kept(cafe: SmallClub) -> None:
    member = cafe.member(cafe.joins())
    other = cafe.member(cafe.joins())
    with cafe.store.begin() as uow:
        for spend in (1, 2, 3):
            facts = changed(member.facts, spend=spend)
            members.save(uow, replace(member, facts=facts, seq=member.seq + spend))
        members.save(uow, replace(other, facts=changed(other.facts, spend=9)))
        known = members.get(uow, member.id)
    assert known is not None
    assert (known.facts.spend, known.seq) == (3, member.seq + 3)
    assert cafe.member(other.id).facts.spend == 9
