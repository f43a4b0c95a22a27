"""Who is scanned at an event has come, and what is taken back says so no more."""

from datetime import datetime, timedelta

import pytest

from handlers.actions.events.attending import signed_up_today
from handlers.jobs.events.upkeep import run_if_due
from tests.handlers.actions.events.occasions import (
    opened,
    place_of,
    queued,
    signs_up,
    sitting_at,
)
from tests.handlers.actions.events.test_signing_up import people
from tests.handlers.clubs import DAY, SmallClub


@pytest.fixture
def evening(cafe: SmallClub) -> datetime:
    """At seven in the evening of the next day."""
    return cafe.now + DAY + timedelta(hours=7)


def came(cafe: SmallClub, member: int, event: int) -> bool:
    return place_of(cafe, member, event).came_at is not None


def event_in_the(cafe: SmallClub, evening: datetime, store: str = "ekimae") -> int:
    closes_at = cafe.now + timedelta(hours=5)
    return opened(cafe, sitting_at(evening), store=store, closes_at=closes_at)


def test_a_scan_at_its_time_and_place_is_coming(cafe: SmallClub, evening: datetime) -> None:
    a, b, c = people(cafe, 3)
    event, elsewhere = (event_in_the(cafe, evening, store) for store in ("ekimae", "kawabe"))
    for each in (a, b, c):
        signs_up(cafe, each, event)
    signs_up(cafe, a, elsewhere)
    cafe.clock.set(evening - timedelta(hours=6))
    assert cafe.visits(a).done
    assert not came(cafe, a, event), "they came for a coffee"
    with cafe.work() as work:
        assert [each[1].id for each in signed_up_today(work, a)] == [event, elsewhere]
    cafe.clock.set(evening - timedelta(minutes=20))
    assert cafe.visits(a).refused == "visited_today"
    assert came(cafe, a, event), "and then for this"
    assert cafe.visits(b, key="test:here").done
    assert came(cafe, b, event)
    assert not came(cafe, a, elsewhere)
    assert cafe.undoes(b, "test:here").done
    assert not came(cafe, b, event)
    assert not came(cafe, c, event)


def test_those_who_came_are_thanked_once_and_nobody_else(
    cafe: SmallClub, evening: datetime
) -> None:
    a, b = people(cafe, 2)
    event = event_in_the(cafe, evening)
    for each in (a, b):
        signs_up(cafe, each, event)
    cafe.clock.set(evening)
    cafe.visits(a)
    run_if_due(cafe.club)
    assert not queued(cafe, "event_thanks")
    cafe.passes(minutes=91)
    run_if_due(cafe.club)
    assert not queued(cafe, "event_thanks"), "a photograph of the day may still come"
    cafe.passes(days=1)
    for _ in range(2):
        run_if_due(cafe.club)
    assert [who for who, _ in queued(cafe, "event_thanks")] == [a]
