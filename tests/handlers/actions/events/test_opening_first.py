"""An event opens to some first, and then, by itself, to all whom it is for."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.store.events import events
from handlers.actions.events.making import WrittenEvent, change
from tests.handlers.actions.events.occasions import event_at, opened, signs_up, sitting_at, states
from tests.handlers.actions.events.test_signing_up import people
from tests.handlers.clubs import DAY, MANAGER, SmallClub


def first(until: datetime, **whom: Any) -> dict[str, Any]:
    return {"until": until, **(whom or {"guests": "ranks", "ranks": ["bronze"]})}


def regular(cafe: SmallClub, member_id: int) -> int:
    """Three visits: Bronze."""
    for _ in range(3):
        cafe.visits(member_id)
        cafe.passes(days=1)
    return member_id


def test_others_wait_until_its_moment_and_hear_until_when(cafe: SmallClub) -> None:
    bronze, new = people(cafe, 2)
    regular(cafe, bronze)
    until = cafe.now + 2 * DAY
    event = opened(cafe, first=first(until))
    no = signs_up(cafe, new, event)
    assert (no.refused, no.again_at) == ("event_first", until)
    assert signs_up(cafe, bronze, event).state == "taken"
    cafe.clock.set(until - timedelta(seconds=1))
    assert signs_up(cafe, new, event).refused == "event_first"
    cafe.clock.set(until)
    assert signs_up(cafe, new, event).state == "taken"


def test_before_it_opens_at_all_each_hears_when_it_opens_to_them(cafe: SmallClub) -> None:
    bronze, new = people(cafe, 2)
    regular(cafe, bronze)
    opens, until = cafe.now + DAY, cafe.now + 3 * DAY
    event = opened(cafe, opens_at=opens, first=first(until))
    assert signs_up(cafe, bronze, event).again_at == opens
    assert signs_up(cafe, new, event).again_at == until


def test_a_place_stays_whose_rank_was_lost_or_whose_moment_was_moved(cafe: SmallClub) -> None:
    bronze, new = people(cafe, 2)
    regular(cafe, bronze)
    event = opened(cafe, sitting_at(cafe.now + 100 * DAY), closes_at=cafe.now + 90 * DAY,
                   first=first(cafe.now + 80 * DAY))  # fmt: skip
    assert signs_up(cafe, bronze, event).state == "taken"
    with cafe.work(MANAGER, key=cafe.key()) as work:
        stored = events.get(work.uow, event)
        assert stored is not None
        later = first(cafe.now + 85 * DAY, guests="ranks", ranks=["gold"])
        ready = event_at(cafe.now, closes_at=cafe.now + 90 * DAY, first=later)
        assert change(work, event, stored.revision, WrittenEvent(ready, stored.sittings)) is None
    cafe.passes(days=70)
    assert states(cafe, event) == {bronze: "taken"}
    assert signs_up(cafe, bronze, event).state == "taken", "a second tap says so again"
    assert signs_up(cafe, new, event).refused == "event_first"


def test_who_comes_first_may_be_told_by_visits_and_by_staying_away(cafe: SmallClub) -> None:
    away, often, new = people(cafe, 3)
    regular(cafe, away)
    cafe.passes(days=100)
    regular(cafe, often)
    until = cafe.now + DAY
    by_visits = opened(cafe, first=first(until, visits_min=3))
    assert signs_up(cafe, new, by_visits).refused == "event_first"
    assert signs_up(cafe, often, by_visits).state == "taken"
    lapsed = opened(cafe, first=first(until, guests="lapsed"))
    assert signs_up(cafe, often, lapsed).refused == "event_first"
    assert signs_up(cafe, away, lapsed).state == "taken"


def test_to_come_first_one_must_be_among_the_guests(cafe: SmallClub) -> None:
    [new] = people(cafe, 1)
    event = opened(
        cafe, guests="ranks", ranks=["silver"], first=first(cafe.now + DAY, visits_min=1)
    )
    assert signs_up(cafe, new, event).refused == "event_rank"


def test_a_rank_that_is_no_more_keeps_the_others_waiting_no_longer_than_said(
    cafe: SmallClub,
) -> None:
    [new] = people(cafe, 1)
    until = cafe.now + DAY
    event = opened(cafe, first=first(until, guests="ranks", ranks=["platinum"]))
    assert signs_up(cafe, new, event).refused == "event_first"
    cafe.clock.set(until)
    assert signs_up(cafe, new, event).state == "taken"


@pytest.mark.parametrize("days", [-2, 11])
def test_its_moment_lies_within_sign_up(cafe: SmallClub, days: int) -> None:
    with pytest.raises(ValidationError, match="event_first_until"):
        event_at(cafe.now, first=first(cafe.now + days * DAY))
