"""Whose own rhythm is broken."""

import pytest

from rules.journeys.member import DueMessage, NotDue
from tests.rules.journeys.people import CLUB, ask, came, why_not


@pytest.mark.parametrize(
    ("day", "expected"),
    [("02-02", "came_lately"), ("02-03", None), ("02-07", None), ("02-08", "too_late")],
)
def test_a_rhythm_is_broken_after_twice_its_gap(day: str, expected: str | None) -> None:
    days = ["01-10", "01-14", "01-18", "01-22", "01-26"]
    answer = ask(CLUB, "rhythm", came(CLUB, *days, until=day))
    assert (answer.reason if isinstance(answer, NotDue) else None) == expected


def test_who_comes_every_day_is_left_in_peace_for_a_week() -> None:
    days = [f"01-{n}" for n in range(10, 16)]
    assert why_not(CLUB, "rhythm", came(CLUB, *days, until="01-21")) == "came_lately"
    assert isinstance(ask(CLUB, "rhythm", came(CLUB, *days, until="01-22")), DueMessage)


def test_a_slow_rhythm_is_left_to_other_words() -> None:
    days = ["01-10", "02-10", "03-10", "04-10", "05-10"]
    assert why_not(CLUB, "rhythm", came(CLUB, *days, until="07-20")) == "rhythm_too_slow"
