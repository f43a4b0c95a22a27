"""On which day a year of membership is full."""

from rules.facts import Facts
from rules.journeys.member import DueMessage
from tests.rules.builders import DAY, of_day
from tests.rules.journeys.people import CLUB, Person, ask, why_not


def test_who_joined_on_the_29th_of_february_has_the_anniversary_on_1_march() -> None:
    leap = of_day("02-28").replace(year=2028) + DAY
    facts = Facts(joined_on=leap, settled=leap, last_at=CLUB.shop.opens(leap))
    assert why_not(CLUB, "anniversary", Person(facts, leap.replace(year=2029, day=28))) == (
        "first_year"
    )
    answer = ask(CLUB, "anniversary", Person(facts, leap.replace(year=2029, month=3, day=1)))
    assert isinstance(answer, DueMessage)
    assert answer.period == "1"
