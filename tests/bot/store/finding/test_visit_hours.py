"""At what time of the day visits happened, as the history tells it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.store import Store
from bot.store.finding import visit_hours
from rules.programme.visit_hours import CountedVisits
from tests.handlers.clubs import DAY, SmallClub, club_on

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def between(store: Store, start: date, end: date) -> list[CountedVisits]:
    with store.read() as uow:
        found = visit_hours.between(uow, start, end)
    return sorted(found, key=lambda each: (each.day, each.store or "", each.clock))


def at(hour: int, minute: int, *, day: int = 6) -> datetime:
    return datetime(2026, 1, day, hour, minute, 59, tzinfo=UTC)


def test_visits_are_counted_by_business_day_store_and_quarter_of_an_hour(cafe: SmallClub) -> None:
    people = [cafe.joins() for _ in range(4)]
    cafe.passes(days=2)
    for who, moment in zip(people, (at(3, 0), at(3, 14), at(3, 15), at(16, 59)), strict=True):
        cafe.visits(who, at=moment)
    cafe.visits(people[0], at=at(0, 0, day=7), store="kawabe")

    assert between(cafe.store, TUESDAY, TUESDAY + 2 * DAY) == [
        CountedVisits(TUESDAY, "ekimae", time(3, 0), 2),
        CountedVisits(TUESDAY, "ekimae", time(3, 15), 1),
        # One fifty-nine at night, in Tokyo.
        CountedVisits(TUESDAY, "ekimae", time(16, 45), 1),
        CountedVisits(TUESDAY + DAY, "kawabe", time(0, 0), 1),
    ]
    assert between(cafe.store, TUESDAY + DAY, TUESDAY + DAY) == []


def test_what_was_imported_or_undone_is_not_counted(cafe: SmallClub) -> None:
    """Of what was imported nobody knows the hour."""
    cafe.visits(cafe.joins(), at=cafe.passes(minutes=1), by="import")
    member = cafe.joins()
    cafe.passes(hours=1)
    cafe.visits(member, key="scan:1")
    assert len(between(cafe.store, MONDAY, TUESDAY)) == 1
    cafe.undoes(member, "scan:1")
    assert between(cafe.store, MONDAY, TUESDAY) == []


def test_those_who_came_lately_are_counted(cafe: SmallClub) -> None:
    gone, here, _never = cafe.joins(), cafe.joins(), cafe.joins()
    cafe.passes(hours=1)
    cafe.visits(gone)
    cafe.passes(days=10)
    cafe.visits(here)
    with cafe.store.read() as uow:
        assert visit_hours.count_here_since(uow, cafe.now - timedelta(days=5)) == 1
        assert visit_hours.count_here_since(uow, cafe.now - timedelta(days=15)) == 2
