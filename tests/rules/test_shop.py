"""The shop's calendar."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.shop import Shop, add_months, days, month_start, next_month, week_start
from tests.chance import examples
from tests.rules.builders import DAY, club, of_day

YEAR = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def shop(**parts: object) -> Shop:
    return club(shop=parts).shop


@pytest.mark.parametrize(
    ("clock", "business_day"),
    [("2026-03-10T03:59", "03-09"), ("2026-03-10T04:00", "03-10"), ("2026-03-11T01:30", "03-10")],
)
def test_the_night_belongs_to_the_day_before(clock: str, business_day: str) -> None:
    here = shop()
    at = datetime.fromisoformat(clock).replace(tzinfo=here.zone).astimezone(UTC)
    assert here.business_date(at) == of_day(business_day)


@given(st.integers(0, 2 * 365 * 24 * 60))
@settings(max_examples=examples(50))
def test_a_business_day_is_half_open_from_its_opening(minutes: int) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    here = shop(timezone="America/New_York", day_starts_at=time(5))
    day = here.business_date(at)
    assert here.opens(day) <= at < here.opens(day + DAY)


def test_weekly_days_off_are_foreseen_and_others_are_not() -> None:
    here = shop(closed_weekdays=["mon"], closed=[{"on": "2026-03-01", "until": "2026-03-03"}])
    assert [here.is_specially_closed(of_day(f"03-0{n}")) for n in (1, 2, 3, 4)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert [here.is_open(of_day(f"03-0{n}")) for n in (1, 2, 3, 4)] == [False, False, False, True]


closed = st.lists(
    st.builds(lambda on, n: {"on": on, "until": on + DAY * n}, YEAR, st.integers(0, 30)), max_size=4
)
weekly = st.sets(st.sampled_from(("mon", "wed", "sat", "sun")))


@given(closed, weekly, YEAR, st.integers(0, 60), st.integers(0, 50))
@settings(max_examples=examples(60))
def test_counting_days_is_what_looking_at_each_day_gives(
    periods: list[object], off: set[str], start: date, length: int, count: int
) -> None:
    here = shop(closed=periods, closed_weekdays=tuple(off))
    end = start + DAY * length
    assert here.open_days(start, end) == sum(here.is_open(d) for d in days(start, end))
    assert here.specially_closed_days(start, end) == sum(
        here.is_specially_closed(d) for d in days(start, end)
    )
    usual = here.usual_days(start, end)
    share = Fraction(here.open_days(start, end), usual) if usual else Fraction(0)
    assert here.lowered(count, start, end) == ceil(count * share)
    back, forth = here.back(end, count), here.forth(start, count)
    for first, last in ((back, end), (start, forth)):
        assert sum(not here.is_specially_closed(d) for d in days(first, last)) == count
    if count:
        assert not here.is_specially_closed(back)
        assert not here.is_specially_closed(forth - DAY)


def test_a_shop_shut_for_years_stretches_no_window_for_ever() -> None:
    here = shop(closed=[{"on": "2020-01-01", "until": "2040-01-01"}])
    day = of_day("03-01")
    assert day - timedelta(days=2_000) < here.back(day, 30) < day < here.forth(day, 30)
    assert here.lowered(5, day, day + DAY * 7) == 0


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-15", 2, "2027-01-15"),
        ("2026-12-31", 12, "2027-12-31"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_there_is(
    start: str, months: int, end: str
) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_who_is_asked_to_come_by_a_day_can_come_until_the_last_open_one() -> None:
    closing = shop(closed_weekdays=["tue"], closed=[{"on": "2026-12-30", "until": "2027-01-02"}])
    end = date(2026, 12, 31)
    assert closing.last_open(end, since=date(2026, 12, 1)) == date(2026, 12, 28)
    assert closing.last_open(date(2026, 12, 28), since=date(2026, 12, 1)) == date(2026, 12, 28)
    assert closing.last_open(end, since=date(2026, 12, 29)) == end


@given(YEAR)
@settings(max_examples=examples(30))
def test_weeks_begin_on_monday_and_months_on_the_first(day: date) -> None:
    assert week_start(day).weekday() == 0
    assert week_start(day) <= day < week_start(day) + DAY * 7
    assert month_start(day) <= day < next_month(day)
    assert month_start(day).day == next_month(day).day == 1


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"timezone": "Tokyo"}, "time_zone"),
        ({"day_starts_at": "13:00"}, "day_start"),
        ({"closed_weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "always_closed"),
        ({"closed": [{"on": "2026-01-02", "until": "2026-01-01"}]}, "ends_before"),
    ],
)
def test_an_impossible_shop_is_named(parts: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        shop(**parts)
