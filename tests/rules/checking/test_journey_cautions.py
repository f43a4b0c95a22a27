import pytest

from rules.base import LANGS
from rules.checking.journey_cautions import lengths_of_tests
from tests.rules.checking.test_warnings import found
from tests.rules.examples import cafe


@pytest.mark.parametrize(("members", "code"), [(100_000, "test_months"), (300, "test_long")])
def test_how_long_a_test_takes_is_told_for_the_clubs_size(members: int, code: str) -> None:
    lengths = list(lengths_of_tests(cafe(), members=members))

    assert [length.path for length in lengths] == [
        'journeys[0] "birthday"', 'journeys[1] "lapsed"', 'journeys[2] "one_short"',
        'journeys[4] "first_visit"', "reward_expiring",
    ]  # fmt: skip
    assert {length.code for length in lengths} == {code}
    for lang in LANGS:
        assert "{" not in lengths[0].message(lang)


def test_a_promised_gift_is_a_prize_like_any_other() -> None:
    richer = ("valid_days = 14\nvalue_yen = 180", "valid_days = 14\nvalue_yen = 201")

    assert ("prize", 'journeys[1] "lapsed" .steps[0].offer.reward') in found(cafe(richer))


@pytest.mark.parametrize("words", ["★5つ", "星5で", "食べログに", "口コミ", "a review on Yelp"])
def test_a_journey_that_asks_for_reviews_is_found_by_its_words(words: str) -> None:
    asks = ('kind = "first_visit" ', f'title = {{ ja = "{words}" }}\nkind = "first_visit" ')

    assert [code for code, _ in found(cafe(asks))] == ["review_asking"]
