"""Which gifts are about to end."""

from rules.activity import Offered
from tests.rules.builders import Life, does, of_day, visits
from tests.rules.journeys.people import CLUB, Person, period, why_not


def test_a_promise_is_spoken_of_before_it_ends() -> None:
    life = Life(CLUB)
    life.does(does(Offered("lapsed", None, 50, of_day("03-31")), of_day("03-01"), 12))
    early, day = Person(life.until(of_day("03-24")), of_day("03-24")), of_day("03-25")
    assert why_not(CLUB, "reward_expiring", early) == "nothing_ends"
    assert period(CLUB, "reward_expiring", Person(life.until(day), day)) == (
        "promise:lapsed:2026-03-31"
    )


def test_a_promise_kept_is_not_spoken_of() -> None:
    life = Life(CLUB)
    life.does(does(Offered("lapsed", None, 50, of_day("03-31")), of_day("03-01"), 12))
    life.does(visits(of_day("03-20")))
    day = of_day("03-25")
    assert why_not(CLUB, "reward_expiring", Person(life.until(day), day)) == "nothing_ends"
