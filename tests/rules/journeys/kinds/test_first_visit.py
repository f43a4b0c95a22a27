"""Who is thanked for a first visit."""

from tests.rules.journeys.people import CLUB, came, why_not


def test_who_came_again_needs_no_word_after_the_first_visit() -> None:
    person = came(CLUB, "01-10", "01-12", until="01-13")
    assert why_not(CLUB, "first_visit", person) == "came_again"
