"""What a journey knows of a member, and how it names things to them."""

import pytest

from rules.base import Lang
from tests.rules.builders import of_day
from tests.rules.journeys.people import CLUB, came, everything


@pytest.mark.parametrize(
    ("lang", "points", "reward", "words"),
    [
        ("ja", 100, None, "100ポイント"),
        ("ja", 0, "gift", "「ごほうび」"),
        ("en", 100, None, "100 points"),
        ("ja", 0, None, ""),
    ],
)
def test_a_gift_is_named_in_words(lang: Lang, points: int, reward: str | None, words: str) -> None:
    member = came(CLUB, "01-10", until="03-11").of(CLUB, lang)

    assert member.gift(points=points, reward=reward) == words


def test_ranks_badges_and_rewards_have_names_and_what_is_gone_has_none() -> None:
    member = came(CLUB, "01-10", until="03-11").of(CLUB)

    assert [member.name_of(each) for each in ("r1", "gift", "dropped", None)] == [
        "ランク1", "ごほうび", "", "",
    ]  # fmt: skip
    assert member.name_of("winter")


def test_days_on_which_the_shop_was_shut_put_an_absence_off() -> None:
    shut = everything(shop={"closed": [{"on": of_day("02-01"), "until": of_day("02-20")}]})
    member = came(shut, "01-10", until="03-11").of(shut)

    assert member.days_away == 60
    assert member.away_until(60) == of_day("03-31")
