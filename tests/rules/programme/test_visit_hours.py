"""Which hours a shop's week has, and what was seen in them on ordinary days."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.programme.programme import Programme
from rules.programme.visit_hours import (
    CountedVisits,
    campaigns_by_hour,
    hours_of,
    ordinary_days,
    week_of,
    whole_hours,
)
from rules.science.off_peak import Seen
from rules.shop import days
from tests.rules.builders import DAY, bonus, campaign, club, text

#: A Monday.
FIRST = date(2026, 6, 1)


def opens(start: str, end: str, **shop: Any) -> Programme:
    return club(shop={"hours": {"start": start, "end": end}, **shop})


def counted(
    day: date, clock: str, visits: int = 1, *, store: str | None = "main", zone: str = "Asia/Tokyo"
) -> CountedVisits:
    """Visits at so many hours of the business day (from 24 it is the night after)."""
    hour, minute = map(int, clock.split(":"))
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    at = (midnight + timedelta(hours=hour, minutes=minute)).astimezone(ZoneInfo("UTC"))
    return CountedVisits(day, store, at.time(), visits)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("10:00", "18:00", range(10, 18)),
        ("07:30", "21:30", range(8, 21)),
        ("18:00", "02:00", range(18, 26)),
        ("00:00", "03:00", range(24, 27)),
        ("17:00", "00:00", range(17, 24)),
        ("05:00", "04:30", range(5, 28)),
        ("12:15", "13:10", range(13, 13)),
    ],
)
def test_only_whole_hours_are_looked_at(start: str, end: str, hours: range) -> None:
    assert list(whole_hours(opens(start, end), "main")) == list(hours)


def test_a_branch_has_hours_of_its_own_and_some_shops_tell_none() -> None:
    stores = [
        {"id": "main", "name": text("本店")},
        {"id": "east", "name": text("東店"), "hours": {"start": "11:00", "end": "14:00"}},
    ]
    assert list(whole_hours(club(stores=stores), "east")) == [11, 12, 13]
    assert not whole_hours(club(stores=stores), "main")


def test_visits_are_counted_by_the_shops_clock_of_the_business_day() -> None:
    """One at half past one at night is Monday's."""
    bar = opens("18:00", "02:00")
    at_night = [counted(FIRST, "18:00", 3), counted(FIRST, "25:30", 2), counted(FIRST, "15:00", 9)]

    week = week_of(bar, "main", at_night, [FIRST])

    assert week[0, 18] == Seen(1, 3)
    assert week[0, 25] == Seen(1, 2)
    assert sum(seen.visits for seen in week.values()) == 5


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Asia/Kolkata", "America/St_Johns", "UTC"])
def test_clocks_need_not_be_whole_hours_apart(zone: str) -> None:
    shop = opens("10:00", "12:00", timezone=zone)
    week = week_of(shop, "main", [counted(FIRST, "10:45", 4, zone=zone)], [FIRST])
    assert week[0, 10] == Seen(1, 4)


def test_the_hour_stays_the_same_when_clocks_are_put_back() -> None:
    zone, sunday = "Europe/Berlin", date(2026, 10, 25)
    shop = opens("10:00", "12:00", timezone=zone)
    both = [counted(sunday - 7 * DAY, "10:15", zone=zone), counted(sunday, "10:15", zone=zone)]
    week = week_of(shop, "main", both, [sunday - 7 * DAY, sunday])
    # Seen by the clock on the wall, an hour later by UTC.
    assert both[0].clock != both[1].clock
    assert week[6, 10] == Seen(2, 2)


def test_closed_days_holidays_and_days_without_anybody_are_left_out() -> None:
    shop = opens(
        "10:00", "12:00", closed_weekdays=["sun"], closed=[{"on": FIRST + DAY, "until": None}]
    )
    holiday = FIRST + 2 * DAY
    ordinary = ordinary_days(shop.shop, days(FIRST, FIRST + 14 * DAY), frozenset({holiday}))
    assert FIRST + DAY not in ordinary
    assert holiday not in ordinary
    assert len(ordinary) == 10

    everybody = [counted(FIRST + n * DAY, "10:00") for n in range(14) if n != 7]
    week = week_of(shop, "main", everybody, ordinary)

    # The second Monday nobody came at all, the first Tuesday and Wednesday don't count.
    assert [week[weekday, 11].hours for weekday in range(6)] == [1, 1, 1, 2, 2, 2]
    assert (6, 10) not in week
    assert week[3, 10] == Seen(2, 2)


def test_each_branch_is_looked_at_by_itself_and_the_only_one_with_all() -> None:
    visits = [counted(FIRST, "10:00", 2), counted(FIRST, "10:00", 5, store=None)]
    assert week_of(opens("10:00", "12:00"), "main", visits, [FIRST])[0, 10] == Seen(1, 2)
    alone = club(
        shop={"hours": {"start": "10:00", "end": "12:00"}},
        stores=[{"id": "main", "name": text("本店")}],
    )
    assert week_of(alone, "main", visits, [FIRST])[0, 10] == Seen(1, 7)


def test_hours_with_a_campaign_are_known_until_it_is_over() -> None:
    lunch = campaign(
        bonus(5),
        hours={"start": "11:00", "end": "13:00"},
        weekdays=["mon"],
        stores=["main"],
        ends=FIRST,
    )
    some = club(campaigns=[lunch, campaign(bonus(5), id="always")])
    week = [(weekday, hour) for weekday in (0, 1) for hour in range(10, 14)]

    [running] = campaigns_by_hour(some, "main", FIRST)
    assert hours_of(running, week) == {(0, 11), (0, 12)}
    assert campaigns_by_hour(some, "east", FIRST) == []
    assert campaigns_by_hour(some, "main", FIRST + DAY) == []
