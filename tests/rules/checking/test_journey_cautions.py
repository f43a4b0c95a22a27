import pytest

from rules.base import LANGS
from rules.checking.journey_cautions import what_a_year_shows
from rules.checking.warnings import warnings
from rules.journeys.samples import ClubSize
from tests.rules.checking.test_warnings import found
from tests.rules.examples import cafe


@pytest.mark.parametrize(
    ("members", "code", "together"),
    [
        (100_000, "test_finds", "tests_finds"),
        (300, "test_nothing", "tests_finds"),
        (30, "test_nothing", "tests_nothing"),
    ],
)
def test_what_a_year_can_show_is_told_before_it_starts(
    members: int, code: str, together: str
) -> None:
    first, *others = what_a_year_shows(cafe(), ClubSize(members))

    assert (first.path, first.code) == ("journeys", together)
    assert [each.path for each in others] == [
        'journeys[1] "lapsed"', 'journeys[2] "one_short"', 'journeys[4] "first_visit"',
    ]  # fmt: skip
    assert {each.code for each in others} == {code}
    for each in (first, *others):
        for lang in LANGS:
            assert "{" not in each.message(lang)
    assert list(what_a_year_shows(cafe(), ClubSize(0))) == []


def test_the_figures_are_those_of_the_club() -> None:
    [_, lapsed, *_] = what_a_year_shows(cafe(), ClubSize(2_000))
    assert lapsed.values == {"members": 2_000, "count": 960, "lift": "8.1"}
    assert "960 times a year" in lapsed.message("en")
    assert "年に約960回です。この回数では、1年で効き目がはっきり" in lapsed.message("ja")
    assert "100通につき8.1人以上増える（または減る）ときだけです" in lapsed.message("ja")


ARMS = (
    'kind = "one_short" ',
    'arms = [{ id = "a" }, { id = "b", offer = { points = 30 } }]\nkind = "one_short" ',
)


def test_versions_of_the_shops_own_of_which_a_year_shows_nothing_are_warned_of() -> None:
    (caution,) = warnings(cafe(ARMS), size=ClubSize(300))
    assert (caution.code, caution.path) == ("test_versions", 'journeys[2] "one_short" .arms')
    assert "360回" in caution.message("ja")
    # Not in a larger club, nor one alone, nor where the size is unknown.
    assert warnings(cafe(ARMS), size=ClubSize(2_000)) == ()
    assert warnings(cafe(ARMS)) == ()
    one = (ARMS[0], 'arms = [{ id = "a" }]\nkind = "one_short" ')
    assert warnings(cafe(one), size=ClubSize(300)) == ()


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


def test_a_holdout_of_what_members_are_owed_does_nothing_and_is_said_to() -> None:
    birthday = 'kind = "birthday"    '
    (caution,) = warnings(cafe((birthday, "holdout = 0.2\n" + birthday)), size=ClubSize(2_000))
    assert (caution.code, caution.path) == ("holdout_owed", 'journeys[0] "birthday" .holdout')
