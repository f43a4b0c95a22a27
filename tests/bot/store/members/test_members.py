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


def test_a_card_number_leads_to_whose_card_it_is(cafe: SmallClub) -> None:
    member = cafe.member(cafe.joins())
    with cafe.store.begin() as uow:
        assert members.lock_by_code(uow, "number", member.number) == member
        assert members.by_code(uow, "number", member.number) == member.id
        assert members.lock_by_code(uow, "number", "404") is None
        assert members.by_code(uow, "number", "404") is None


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
