"""What a gift may be worth: the law on prizes, as far as a programme can be warned by it."""

import pytest

from rules.checking.caution import prize_limit
from tests.rules.examples import cafe

from .test_warnings import RICHER, found


@pytest.mark.parametrize(
    ("min_purchase_yen", "limit"),
    [(0, 200), (999, 200), (1_000, 200), (1_500, 300), (9_999, 1_999)],
)
def test_a_prize_may_be_worth_200_yen_or_a_fifth_of_the_purchase_from_1000(
    min_purchase_yen: int, limit: int
) -> None:
    assert prize_limit(min_purchase_yen) == limit


def test_a_prize_just_at_the_limit_is_fine() -> None:
    assert found(cafe(("value_yen = 180", "value_yen = 200"))) == []


def test_a_purchase_large_enough_allows_a_larger_prize() -> None:
    assert found(cafe(("value_yen = 180", "value_yen = 400\nmin_purchase_yen = 2000"))) == []


def test_a_sample_is_measured_like_a_gift() -> None:
    assert found(cafe(("value_yen = 150", "value_yen = 201"))) == [
        ("prize", 'rewards[5] "trial_blend" .value_yen')
    ]


@pytest.mark.parametrize("kind", ["coupon", "money_off", "free_shipping", "charity"])
def test_what_is_no_prize_may_be_worth_more(kind: str) -> None:
    assert found(cafe(RICHER, ('kind = "gift"', f'kind = "{kind}"'))) == []
