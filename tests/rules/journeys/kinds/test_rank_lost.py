"""How long a lost rank is spoken of."""

from tests.rules.journeys.people import CLUB, came, why_not


def test_a_lost_rank_is_spoken_of_while_it_can_come_back() -> None:
    days = ["01-10", "01-11", "01-12"]
    assert why_not(CLUB, "rank_lost", came(CLUB, *days, until="03-07")) == "not_yet"
    assert why_not(CLUB, "rank_lost", came(CLUB, *days, until="03-31")) == "no_revival"
    back = came(CLUB, *days, "03-05", until="03-08")
    assert why_not(CLUB, "rank_lost", back) == "no_rank_lost"
