"""Whose badge one visit would have brought."""

from tests.rules.journeys.people import CLUB, came, due_to, period, why_not


def test_a_badge_is_missed_by_one_and_by_no_more() -> None:
    assert why_not(CLUB, "badge_missed", came(CLUB, "02-05", until="02-11")) == "no_badge_missed"
    assert period(CLUB, "badge_missed", due_to("badge_missed", CLUB)) == "winter:2026"
