import pytest

from rules.base import LANGS
from rules.checking.journey_cautions import lengths_of_tests
from rules.checking.warnings import warnings
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


ARMS = (
    'kind = "one_short" ',
    'arms = [{ id = "a" }, { id = "b", offer = { points = 30 } }]\nkind = "one_short" ',
)


def test_the_shops_own_test_that_takes_over_a_year_is_warned_of_and_no_longer_told_besides() -> (
    None
):
    shop, path = cafe(ARMS), 'journeys[2] "one_short"'

    (caution,) = warnings(shop, members=300)
    assert (caution.code, caution.path) == ("test_long", f"{path} .arms")
    assert "約40か月" in caution.message("ja")
    assert path not in [length.path for length in lengths_of_tests(shop, members=300)]


def test_a_test_of_a_year_is_told_and_not_warned_of() -> None:
    """Nor is one side only, nor anything in a club of unknown size."""
    assert warnings(cafe(ARMS), members=2_000) == ()
    lengths = lengths_of_tests(cafe(ARMS), members=2_000)
    assert ("test_months", 8) in [(each.code, each.values["count"]) for each in lengths]
    assert warnings(cafe(ARMS)) == ()
    one = (ARMS[0], 'arms = [{ id = "a" }]\nkind = "one_short" ')
    assert warnings(cafe(one), members=300) == ()


def test_sms_that_cant_be_sent_are_warned_of() -> None:
    found = warnings(cafe(), sms=False)

    assert [(c.code, c.path) for c in found] == [("sms_unset", 'journeys[1] "lapsed" .channels')]
    for lang in LANGS:
        assert "TWILIO_" in found[0].message(lang)
    by_line = ('channels = ["line", "sms"]', 'channels = ["line"]')
    assert warnings(cafe(by_line), sms=False) == ()
    off = ('kind = "lapsed" ', 'off = true\nkind = "lapsed" ')
    assert warnings(cafe(off), sms=False) == ()


@pytest.mark.parametrize("sms", [True, None])
def test_sms_that_can_be_sent_or_of_which_nothing_is_known_are_not(sms: bool | None) -> None:
    assert warnings(cafe(), sms=sms) == ()


def test_a_promised_gift_is_a_prize_like_any_other() -> None:
    richer = ("valid_days = 14\nvalue_yen = 180", "valid_days = 14\nvalue_yen = 201")

    assert ("prize", 'journeys[1] "lapsed" .steps[0].offer.reward') in found(cafe(richer))


@pytest.mark.parametrize("words", ["★5つ", "星5で", "食べログに", "口コミ", "a review on Yelp"])
def test_a_journey_that_asks_for_reviews_is_found_by_its_words(words: str) -> None:
    asks = ('kind = "first_visit" ', f'title = {{ ja = "{words}" }}\nkind = "first_visit" ')

    assert [code for code, _ in found(cafe(asks))] == ["review_asking"]
