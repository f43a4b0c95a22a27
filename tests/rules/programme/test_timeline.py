"""Which version of the programme judges what."""

from datetime import datetime, timedelta

import pytest

from rules.programme.timeline import Timeline, Version
from tests.rules.builders import DAY, at, club, of_day

FIRST = Version(1, at(of_day("01-01")), club())
SECOND = Version(2, at(of_day("03-10"), 12), club())
BOTH = Timeline((FIRST, SECOND))


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (at(of_day("01-01")) - DAY, 1),
        (SECOND.since - timedelta(seconds=1), 1),
        (SECOND.since, 2),
        (SECOND.since + DAY, 2),
    ],
)
def test_a_version_holds_from_its_moment_and_the_first_for_what_is_older(
    moment: datetime, number: int
) -> None:
    assert BOTH.at(moment).number == number


def test_what_ended_is_judged_by_the_version_in_force_at_its_end() -> None:
    assert BOTH.before(of_day("03-10")).number == 1
    assert BOTH.before(of_day("03-11")).number == 2
    assert BOTH.before(of_day("01-01") - DAY * 9).number == 1
    assert BOTH.latest is SECOND


def test_a_shop_that_moves_west_does_not_confuse_the_order() -> None:
    east = Version(2, at(of_day("03-10"), 4), club())
    west = Version(
        3, east.since + timedelta(seconds=1), club(shop={"timezone": "America/Los_Angeles"})
    )
    later = Version(4, at(of_day("03-20")), club())
    line = Timeline((FIRST, east, west, later))
    assert [line.before(of_day(d)).number for d in ("03-09", "03-10", "03-11")] == [1, 1, 3]
