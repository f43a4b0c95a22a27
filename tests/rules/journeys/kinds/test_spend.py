"""Purchases that pass a round amount, once."""

from tests.rules.builders import Life, buys, of_day
from tests.rules.journeys.people import Person, only, period, why_not


def test_a_milestone_is_passed_once_however_it_is_passed_again() -> None:
    club = only("spend", every_yen=10_000)
    life = Life(club)
    life.does(buys(of_day("01-20"), 9_000), buys(of_day("01-21"), 12_000))
    assert period(club, "spend", Person(life.until(of_day("01-22")), of_day("01-22"))) == "20000"
    assert why_not(club, "spend", Person(life.until(of_day("01-28")), of_day("01-28"))) == (
        "too_late"
    )
