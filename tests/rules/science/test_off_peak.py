"""Which hours of a week are off-peak, and when nobody can tell."""

from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.science.off_peak import (
    DAYS_MIN,
    LENGTH_MAX,
    LENGTH_MIN,
    SHARE_MAX,
    NoOffPeak,
    OffPeak,
    Seen,
    WeekHour,
    off_peak,
)
from tests.chance import examples

Week = dict[WeekHour, Seen]
NOON_TO_NIGHT = range(10, 20)


def week(
    visits: int,
    quiet: int | None = None,
    *,
    on: tuple[int, ...] = (1, 2, 3),
    at: tuple[int, ...] = (14, 15),
    days: int = 12,
) -> Week:
    """So many visits in each hour of a week, and `quiet` ones in some."""
    return {
        (weekday, hour): Seen(
            days, visits if quiet is None or weekday not in on or hour not in at else quiet
        )
        for weekday, hour in product(range(7), NOON_TO_NIGHT)
    }


def cells(found: OffPeak) -> set[WeekHour]:
    return set(product(found.weekdays, range(found.first_hour, found.end_hour)))


def why(found: OffPeak | NoOffPeak) -> str:
    return found.why if isinstance(found, NoOffPeak) else "found"


def test_the_hours_that_stand_out_are_found_to_the_hour() -> None:
    found = off_peak(week(36, 10))

    assert isinstance(found, OffPeak)
    assert (found.weekdays, found.first_hour, found.end_hour) == ((1, 2, 3), 14, 16)
    assert found.inside == Seen(72, 60)
    assert found.others == Seen(768, 64 * 36)
    # Six hours a week, with 5/6 of a visit in each instead of 3.
    assert round(found.missing_a_week, 6) == 13


def test_a_day_that_is_quiet_by_itself_is_found_alone() -> None:
    found = off_peak(week(60, 12, on=(0,), at=(17, 18, 19)))

    assert isinstance(found, OffPeak)
    assert cells(found) == {(0, 17), (0, 18), (0, 19)}


def test_half_as_many_is_the_line() -> None:
    assert why(off_peak(week(200, 99))) == "found"
    assert why(off_peak(week(200, 101))) == "even"


def test_an_hour_alone_is_no_run() -> None:
    assert why(off_peak(week(40, 0, at=(14,)))) == "found"
    lonely = week(40)
    lonely |= {(weekday, 14): Seen(12, 25) for weekday in range(7)}
    assert why(off_peak(lonely)) == "even"


def test_few_visits_tell_nothing_and_so_many_would() -> None:
    few = off_peak(week(3, 1))

    assert isinstance(few, NoOffPeak)
    assert (few.why, few.visits) == ("few", 64 * 3 + 6)
    # With so many as are said to be needed, half as many on three days are seen.
    an_hour = few.needed // 67 + 1
    assert why(off_peak(week(2 * an_hour, an_hour))) == "found"
    assert why(off_peak(week(an_hour, an_hour // 2))) == "found"
    assert why(off_peak(week(an_hour // 2, an_hour // 4))) == "few"


def test_a_few_weeks_tell_nothing() -> None:
    assert why(off_peak(week(100, 10, days=DAYS_MIN - 1))) == "short"
    assert why(off_peak({})) == "short"
    # A day of the week that was mostly left out is not judged.
    some = week(100) | {(0, hour): Seen(DAYS_MIN - 1, 0) for hour in NOON_TO_NIGHT}
    assert why(off_peak(some)) == "even"


def test_nobody_at_all_is_not_off_peak() -> None:
    assert why(off_peak(week(0))) == "few"


def test_what_has_a_campaign_already_is_left_out() -> None:
    tuesday = frozenset({(1, 14)})
    found = off_peak(week(36, 10), tuesday)

    assert isinstance(found, OffPeak)
    assert cells(found) == set(product((2, 3), (14, 15)))


def test_chance_alone_is_hardly_ever_taken_for_off_peak() -> None:
    """At 1,700 visits that fall on all hours alike, on days of which some are good and some bad."""
    random = Random(14)
    shops = [off_peak(_by_chance(random)) for _ in range(examples(40))]

    assert sum(isinstance(found, OffPeak) for found in shops) <= 0.05 * len(shops)


def _by_chance(random: Random) -> Week:
    visits: dict[WeekHour, int] = dict.fromkeys(product(range(7), NOON_TO_NIGHT), 0)
    for weekday in range(7):
        for _ in range(12):
            for _ in range(round(20 * random.gammavariate(11, 1 / 11))):
                visits[weekday, random.choice(NOON_TO_NIGHT)] += 1
    return {hour: Seen(12, count) for hour, count in visits.items()}


@st.composite
def _weeks(draw: st.DrawFn) -> Week:
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1, max_size=4))
    hours = range(10, 10 + draw(st.integers(1, 6)))
    busy = draw(st.sampled_from((4, 40, 400)))
    counts = st.one_of(st.integers(0, busy // 3), st.just(busy))
    days = st.sampled_from((4, DAYS_MIN, 12))
    seen = {weekday: draw(days) for weekday in weekdays}
    return {
        (weekday, hour): Seen(seen[weekday], draw(counts))
        for weekday, hour in product(weekdays, hours)
    }


@given(_weeks(), st.data())
@settings(max_examples=examples(150), deadline=None)
def test_only_open_hours_of_a_fitting_length_are_found(some: Week, data: st.DataObject) -> None:
    taken = data.draw(st.frozensets(st.sampled_from(sorted(some)), max_size=3))
    found = off_peak(some, taken)

    if isinstance(found, NoOffPeak):
        assert found.why != "few" or found.visits < found.needed
        return
    assert cells(found) <= some.keys() - taken
    assert LENGTH_MIN <= found.hours <= LENGTH_MAX
    assert all(some[hour].hours >= DAYS_MIN for hour in cells(found))
    assert found.inside == sum((some[hour] for hour in cells(found)), Seen())
    assert found.inside.rate <= SHARE_MAX * found.others.rate
    assert found.missing_a_week > 0


@given(_weeks(), st.data())
@settings(max_examples=examples(150), deadline=None)
def test_fewer_visits_never_take_an_hour_out(some: Week, data: st.DataObject) -> None:
    found = off_peak(some)
    if isinstance(found, NoOffPeak):
        return
    hour = data.draw(st.sampled_from(sorted(cells(found))))
    fewer = data.draw(st.integers(0, some[hour].visits))
    again = off_peak(some | {hour: Seen(some[hour].hours, fewer)})

    assert isinstance(again, OffPeak)
    assert hour in cells(again)


@given(_weeks())
@settings(max_examples=examples(100), deadline=None)
def test_the_same_days_twice_over_say_it_no_less_surely(some: Week) -> None:
    """More of the same is more to go by, unless it makes a day known that wasn't."""
    some = {hour: seen for hour, seen in some.items() if seen.hours >= DAYS_MIN}
    twice = off_peak({hour: seen + seen for hour, seen in some.items()})

    assert isinstance(twice, OffPeak) or isinstance(off_peak(some), NoOffPeak)
