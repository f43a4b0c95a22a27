"""Two cards that become one, and somebody who is erased: what becomes of their places."""

import pytest
from sqlalchemy import select

from bot.store.events import places
from bot.store.events.places import EventPlace
from bot.store.tables import event_places
from handlers.actions.members.membership import erase
from rules.events.places import PlaceState
from tests.handlers.actions.events.occasions import opened, place_of, signs_up, states
from tests.handlers.actions.members.two_cards import family, merges
from tests.handlers.clubs import SmallClub


def stands(cafe: SmallClub, member_id: int, event: int, state: PlaceState, no: int) -> None:
    with cafe.store.begin() as uow:
        places.put(uow, EventPlace(member_id, event, 1, no, state, cafe.now, "chat"))


def after_merging(cafe: SmallClub, keep: int, other: int) -> list[tuple[int, str, int]]:
    """Whose place it is then, how it stands, and its number."""
    merges(cafe, keep, other)
    with cafe.store.read() as uow:
        found = places.of_member(uow, [keep, other])
    return [(each.member_id, each.state, each.no) for each in found]


@pytest.mark.parametrize(
    ("kept", "others", "after"),
    [
        (("waiting", 2), ("taken", 7), ("taken", 7)),
        (("taken", 7), ("offered", 2), ("taken", 7)),
        (("waiting", 2), ("offered", 7), ("offered", 7)),
        (("waiting", 7), ("waiting", 2), ("waiting", 2)),
        (("declined", 2), ("waiting", 7), ("waiting", 7)),
        (("waiting", 2), ("passed", 1), ("waiting", 2)),
    ],
)
def test_of_two_wishes_the_better_one_stays(
    cafe: SmallClub,
    kept: tuple[PlaceState, int],
    others: tuple[PlaceState, int],
    after: tuple[PlaceState, int],
) -> None:
    keep, other = family(cafe)
    event = opened(cafe)
    stands(cafe, keep, event, *kept)
    stands(cafe, other, event, *others)
    assert after_merging(cafe, keep, other) == [(keep, *after)]


def test_what_only_one_of_two_cards_has_is_the_keepers(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    first, second = opened(cafe), opened(cafe)
    signs_up(cafe, keep, first)
    signs_up(cafe, other, second)
    assert after_merging(cafe, keep, other) == [(keep, "taken", 1), (keep, "taken", 1)]


def test_where_one_came_stays_before_any_other_wish(cafe: SmallClub) -> None:
    keep, other = family(cafe)
    event = opened(cafe)
    stands(cafe, keep, event, "taken", 1)
    stands(cafe, other, event, "taken", 2)
    place = place_of(cafe, other, event)
    with cafe.store.begin() as uow:
        places.change(uow, place, came_at=cafe.now, came_key="staff:x")
    assert after_merging(cafe, keep, other) == [(keep, "taken", 2)]
    assert place_of(cafe, keep, event).came_at == cafe.now


def test_of_who_is_erased_only_that_somebody_came_stays(cafe: SmallClub) -> None:
    member, came, comes = cafe.joins("U1"), opened(cafe), opened(cafe)
    for event in (came, comes):
        signs_up(cafe, member, event)
    place = place_of(cafe, member, came)
    with cafe.store.begin() as uow:
        places.change(uow, place, came_at=cafe.now, came_key="staff:x", told_at=cafe.now)
    with cafe.work("member", key=cafe.key()) as work:
        erase(work, member)
    assert (states(cafe, came), states(cafe, comes)) == ({member: "taken"}, {})
    with cafe.store.read() as uow:
        [row] = uow.run(select(event_places))
    assert (row.came_at, row.came_key, row.told_at) == (cafe.now, None, None)
