"""Who tapped a broadcast's button: each person once."""

from collections.abc import Iterator

import pytest

from bot.store.messages import broadcast_taps
from tests.handlers.actions.members.two_cards import family, merges
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def taps(cafe: SmallClub, member_id: int) -> None:
    with cafe.store.begin() as uow:
        broadcast_taps.note(uow, member_id, 7, at=cafe.now)


def counted(cafe: SmallClub) -> int:
    with cafe.store.read() as uow:
        return broadcast_taps.count(uow, 7)


def test_who_tapped_by_two_cards_that_are_one_by_now_did_so_once(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    third = cafe.joins("U3")
    for each in (keep, other, third, third):
        taps(cafe, each)
    assert counted(cafe) == 3
    assert merges(cafe, keep, other).done
    assert counted(cafe) == 2
    # And by way of a third card.
    assert merges(cafe, third, keep, key="staff:n").done
    assert counted(cafe) == 1
