"""What a test had better settle first: whom, then what, then how."""

import pytest

from rules.checking.journey_cautions import what_a_year_shows
from rules.journeys.samples import ClubSize
from rules.programme.programme import Programme
from tests.rules.examples import cafe

SHORT = 'kind = "one_short" '
PATH = 'journeys[2] "one_short" .arms'
WORDS = 'arms = [{ id = "a" }, { id = "b", title = { ja = "あと1回です" } }]\n'
OFFER = 'arms = [{ id = "a" }, { id = "b", offer = { points = 30 } }]\n'
WHOM = 'arms = [{ id = "all" }, { id = "regulars", visits_min = 10 }]\n'
CHOSEN = 'arms = [{ id = "all" }, { id = "chosen", segments = ["vip"] }]\n'


def with_arms(arms: str) -> Programme:
    return cafe((SHORT, arms + SHORT))


def told(shop: Programme, *past: Programme, members: int = 2_000) -> list[str]:
    remarks = what_a_year_shows(shop, ClubSize(members), past)
    return [each.code for each in remarks if each.path == PATH]


@pytest.mark.parametrize(
    ("arms", "advice"),
    [
        (WORDS, ["whom_before_words"]),
        (OFFER, ["whom_before_offer"]),
        (WHOM, []),
        (CHOSEN, []),
        ("visits_min = 3\n" + WORDS, ["offer_before_words"]),
        ("visits_min = 3\noffer = { points = 10 }\n" + WORDS, []),
        ("languages = ['ja']\n" + OFFER, []),
        ("segments = ['vip']\n" + OFFER, []),
    ],
)
def test_whom_is_settled_before_what_and_what_before_how(arms: str, advice: list[str]) -> None:
    assert told(with_arms(arms)) == ["versions_find", *advice]
    # Where nothing can be told apart there is nothing to advise.
    assert told(with_arms(arms), members=100) == []
    # What the programme doesn't say is ours, and asks nobody to try anything.
    assert told(cafe()) == []


def test_what_was_tried_before_counts_as_settled() -> None:
    shop = with_arms(WORDS)
    assert told(shop, cafe(), shop) == ["versions_find", "whom_before_words"]
    assert told(shop, cafe(), with_arms(WHOM), shop) == ["versions_find", "offer_before_words"]
    assert told(shop, with_arms(WHOM), with_arms(OFFER), shop) == ["versions_find"]


def test_advice_names_what_to_try_in_both_languages() -> None:
    for arms in (WORDS, OFFER, "visits_min = 3\n" + WORDS):
        remarks = what_a_year_shows(with_arms(arms), ClubSize(2_000))
        found, advice = [each for each in remarks if each.path == PATH]
        assert "arms の1つに" in advice.message("ja")
        assert "such as one arm with" in advice.message("en")
        assert "8.9人以上の差" in found.message("ja")
