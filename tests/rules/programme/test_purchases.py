"""Which yen of a receipt count."""

from datetime import timedelta

import pytest

from rules.activity import Purchase
from rules.base import YEN_MAX
from rules.programme.purchases import PurchasePolicy, check_purchase, counting_yen
from tests.rules.builders import DAY, Life, buys, club, given, of_day, rule

TODAY = of_day("03-10")
RECEIPT = Purchase(1_100, tax_yen=100, excluded_yen=200, points_used_yen=300)


@pytest.mark.parametrize(
    ("amount", "points_used", "yen"),
    [
        ("tax_included", "deducted", 600),
        ("tax_included", "counted", 900),
        ("tax_excluded", "deducted", 500),
        ("tax_excluded", "counted", 800),
    ],
)
def test_the_programme_says_what_counts(amount: str, points_used: str, yen: int) -> None:
    policy = PurchasePolicy.model_validate({"amount": amount, "points_used": points_used})
    assert counting_yen(policy, RECEIPT) == yen


def test_nothing_counts_less_than_zero() -> None:
    cigarettes = Purchase(600, tax_yen=54, excluded_yen=600, points_used_yen=600)
    assert counting_yen(PurchasePolicy(amount="tax_excluded"), cigarettes) == 0
    assert check_purchase(PurchasePolicy(), cigarettes, TODAY, clock=TODAY) is None


@pytest.mark.parametrize(
    "wrong",
    [
        Purchase(0),
        Purchase(-100),
        Purchase(YEN_MAX + 1),
        Purchase(100, tax_yen=-1),
        Purchase(100, tax_yen=101),
        Purchase(100, excluded_yen=101),
        Purchase(100, points_used_yen=101),
    ],
)
def test_an_impossible_amount_is_refused(wrong: Purchase) -> None:
    refusal = check_purchase(PurchasePolicy(), wrong, TODAY, clock=TODAY)
    assert refusal is not None
    assert refusal.code == "purchase_amount"


@pytest.mark.parametrize(
    ("days_ago", "days_allowed", "code"),
    [
        (0, 0, None),
        (1, 0, "receipt_not_later"),
        (7, 7, None),
        (8, 7, "receipt_too_old"),
        (-1, 7, "receipt_from_future"),
    ],
)
def test_a_receipt_may_be_brought_for_some_days(
    days_ago: int, days_allowed: int, code: str | None
) -> None:
    policy = PurchasePolicy(late_receipt_days=days_allowed)
    receipt = Purchase(500, receipt_on=TODAY - timedelta(days=days_ago))
    refusal = check_purchase(policy, receipt, TODAY, clock=TODAY)
    assert (refusal.code if refusal else None) == code


def test_after_midnight_a_receipt_of_the_day_prints_tomorrows_date() -> None:
    never, tomorrow = PurchasePolicy(late_receipt_days=0), TODAY + timedelta(days=1)
    for printed in (TODAY, tomorrow):
        receipt = Purchase(500, receipt_on=printed)
        assert check_purchase(never, receipt, TODAY, clock=tomorrow) is None
    refusal = check_purchase(
        never, Purchase(500, receipt_on=tomorrow + timedelta(days=1)), TODAY, clock=tomorrow
    )
    assert refusal is not None
    assert refusal.code == "receipt_from_future"


def test_points_are_rounded_down_once_per_receipt() -> None:
    per_100 = rule("purchase", {"kind": "per_amount", "points": 1, "yen": 100})
    life = Life(club(purchase={}, earning=[per_100]))
    assert given(life.does(buys(TODAY, 199))) == {"purchase_rule": 1}
    assert given(life.does(buys(TODAY, 99))) == {}
    assert life.facts.spend == 298


def test_a_club_without_purchases_takes_none() -> None:
    assert Life(club()).refused(buys(TODAY + DAY, 500)) == "no_purchases"
