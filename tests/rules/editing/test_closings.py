"""Closed days of a programme's file: some more, some less, and nothing else changed."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.editing.closings import covers, meets, with_days, without_days

DAY = timedelta(days=1)
START = date(2026, 11, 1)
spans = st.tuples(st.integers(0, 30), st.integers(0, 5)).map(
    lambda each: (START + DAY * each[0], START + DAY * (each[0] + each[1]))
)


def days_of(periods: list[dict[str, date]]) -> set[date]:
    return {
        each["on"] + DAY * n
        for each in periods
        for n in range((each.get("until", each["on"]) - each["on"]).days + 1)
    }


def periods_of(listed: list[tuple[date, date]]) -> list[dict[str, date]]:
    return [{"on": start, "until": end} for start, end in listed]


@given(st.lists(spans, max_size=4), spans)
def test_exactly_those_days_come_and_go(
    listed: list[tuple[date, date]], span: tuple[date, date]
) -> None:
    before, wanted = periods_of(listed), days_of(periods_of([span]))
    assert days_of(with_days(before, *span)) == days_of(before) | wanted
    assert days_of(without_days(before, *span)) == days_of(before) - wanted
    assert meets(before, *span) == bool(days_of(before) & wanted)


def test_a_single_day_is_written_short() -> None:
    assert with_days([], START, START) == [{"on": START}]
    assert covers([{"on": START}], START, START)
    assert not covers([{"on": START}], START, START + DAY)
    holiday = [{"on": START, "until": START + 2 * DAY}]
    assert without_days(holiday, START + DAY, START + DAY) == [
        {"on": START}, {"on": START + 2 * DAY}
    ]  # fmt: skip
