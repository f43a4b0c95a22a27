import pytest

from rules.checking.generosity import points_of_ordinary_visit, too_generous
from tests.rules.examples import cafe, least

PER_AMOUNT = "points = 1, yen = 100 }"


def percents(*parts: str) -> list[tuple[str, int]]:
    return [(c.path, c.values["percent"]) for c in too_generous(least("[purchase]", *parts))]


def earning(award: str, *, on: str = "purchase", more: str = "") -> str:
    return f"""
[[earning]]
id = "rule"
name = {{ ja = "ルール" }}
on = "{on}"
award = {{ {award} }}
{more}
"""


def reward(value_yen: int, cost: int, more: str = "") -> str:
    return f"""
[[rewards]]
id = "r{cost}"
name = {{ ja = "値引き" }}
kind = "money_off"
cost = {cost}
value_yen = {value_yen}
{more}
"""


@pytest.mark.parametrize(
    ("award", "on", "percent"),
    [
        ('kind = "per_amount", points = 1, yen = 5', "purchase", None),
        ('kind = "per_amount", points = 21, yen = 100', "purchase", 21),
        ('kind = "per_amount", points = 3000, yen = 10000', "spend", 30),
        ('kind = "fixed", points = 200', "purchase", None),
        ('kind = "fixed", points = 201', "purchase", 21),
        ('kind = "nth", every = 10, points = 2000', "purchase", None),
        ('kind = "nth", every = 10, points = 3000', "purchase", 30),
        ('kind = "first", points = 5000', "purchase", None),
        ('kind = "fixed", points = 5000', "visit", None),
    ],
)
def test_more_than_a_fifth_of_the_price_back_is_warned_of(
    award: str, on: str, percent: int | None
) -> None:
    """Without rewards a point is worth a yen, and an ordinary purchase is one of ¥1,000."""
    found = percents(earning(award, on=on))

    assert found == ([('earning[0] "rule" .award', percent)] if percent else [])


def test_what_comes_once_may_be_large() -> None:
    large = 'kind = "fixed", points = 1000'

    assert percents(earning(large, more="limit = { ever = 1 }")) == []
    assert percents(earning(large, more="limit = { month = 1 }")) != []


@pytest.mark.parametrize(
    ("rewards", "percent"),
    [
        ([reward(1_000, 100)], 100),
        ([reward(100, 100), reward(500, 200)], 25),
        ([reward(100, 100), reward(900, 90, "per_member = 1")], None),
        ([reward(100, 100), reward(900, 90, "stock = 10")], None),
    ],
)
def test_a_point_is_worth_what_the_best_lasting_reward_makes_of_it(
    rewards: list[str], percent: int | None
) -> None:
    found = percents(earning('kind = "per_amount", points = 1, yen = 10'), *rewards)

    assert [p for _, p in found] == ([percent] if percent else [])


@pytest.mark.parametrize(
    ("effect", "percent"),
    [
        ('kind = "multiplier", times = 2', None),
        ('kind = "multiplier", times = 3', 30),
        ('kind = "bonus", points = 200', None),
        ('kind = "bonus", points = 500', 50),
    ],
)
def test_a_campaign_counts_with_what_it_multiplies(effect: str, percent: int | None) -> None:
    campaign = f"""
[[campaigns]]
id = "days"
name = {{ ja = "お得な日" }}
effect = {{ {effect} }}
"""
    found = percents(earning('kind = "per_amount", points = 1, yen = 10'), campaign)

    assert found == ([('campaigns[0] "days" .effect', percent)] if percent else [])


def test_a_rule_that_multiplies_counts_so_too() -> None:
    twice = earning('kind = "multiplier", times = 3').replace('"rule"', '"silver"')
    found = percents(earning('kind = "per_amount", points = 1, yen = 10'), twice)

    assert found == [('earning[1] "silver" .award', 30)]


def test_an_ordinary_visit_is_one_with_an_ordinary_purchase() -> None:
    assert points_of_ordinary_visit(cafe()) == 20
    assert points_of_ordinary_visit(cafe((PER_AMOUNT, "points = 3, yen = 100 }"))) == 40
