import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.sending.units import ask_next, day_begins, line_day, unit_of

NAMES = st.text("abcd_:0129あ", min_size=1, max_size=40)


@given(NAMES, NAMES)
def test_a_unit_is_named_as_line_wants_it(journey: str, arm: str) -> None:
    assert re.fullmatch("[A-Za-z0-9_]{1,30}", unit_of(journey, arm))
    assert unit_of(journey, arm) == unit_of(journey, arm)


def test_what_reads_alike_is_counted_apart() -> None:
    alike = [("a_b", "c"), ("a", "b_c"), ("a:b", "c"), ("あ", "a"), ("い", "a"), ("x" * 40, "a")]
    assert len({unit_of(*each) for each in alike}) == len(alike)


def test_lines_day_is_japans() -> None:
    assert line_day(datetime(2026, 3, 31, 14, 59, tzinfo=UTC)) == date(2026, 3, 31)
    assert line_day(datetime(2026, 3, 31, 15, tzinfo=UTC)) == date(2026, 4, 1)
    assert day_begins(date(2026, 4, 1)) == datetime(2026, 3, 31, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        (date(2026, 4, 2), date(2026, 4, 3)),
        (date(2026, 4, 15), date(2026, 4, 16)),
        # Fourteen days are over: what was told now is all there will be.
        (date(2026, 4, 16), None),
    ],
)
def test_it_is_asked_as_long_as_line_counts(asked: date, again: date | None) -> None:
    assert ask_next(date(2026, 4, 1), asked) == again
