"""The next step in words: another goal's bar never stands under it, and what ends is said."""

from dataclasses import replace

import pytest

from rules.base import LANGS
from rules.outlook.next_step import NextStep
from rules.wording.card import CardHolder, CardView, card_view
from rules.wording.steps import rank_needs, step_text, suggestion_line
from rules.wording.words import Words
from tests.rules.builders import (
    Life,
    Part,
    badge,
    club,
    fixed,
    ladder,
    of_day,
    reward,
    rolling,
    rule,
)


def card(parts: Part, *came: str, day: str) -> CardView:
    programme, on = club(**parts), of_day(day)
    member = Life(programme)
    member.comes(*map(of_day, came))
    person = CardHolder("0000017", "さくらさん")
    return card_view(programme, member.until(on), person, (), day=on, lang="ja")


def test_a_full_bar_of_the_top_rank_stands_under_no_other_goal() -> None:
    parts = {"ranks": ladder(1), "earning": [rule("visit", fixed(10))]}
    assert card(parts, "01-10", day="01-12").progress == 1.0
    with_reward = card({**parts, "rewards": [reward(cost=10)]}, "01-10", day="01-12")
    assert with_reward.step_text == "「ごほうび」と交換できます"
    assert (with_reward.progress, with_reward.progress_caption) == (None, "")


@pytest.mark.parametrize(
    ("more", "ja", "en"),
    [
        ({}, "月に10回", "10 visits a month"),
        ({"window": rolling(30)}, "30日に10回", "10 visits in 30 days"),
        ({"measure": "spend"}, "月に10円", "¥10 a month"),
    ],
)
def test_what_a_rank_asks_is_told_with_its_time(more: Part, ja: str, en: str) -> None:
    programme = club(ranks=ladder(10, **more), purchase={})
    assert programme.ranks
    [rank] = programme.ranks.steps
    assert rank_needs(Words(programme, "ja"), programme.ranks, rank) == ja
    assert rank_needs(Words(programme, "en"), programme.ranks, rank) == en


def test_a_rank_that_cannot_be_kept_any_more_is_said_to_go_and_how_it_comes_back() -> None:
    parts = {"ranks": ladder(6, grace_periods=0)}
    came = [f"01-{day}" for day in range(10, 16)]
    view = card(parts, *came, day="02-26")
    assert view.rank_caption == (
        "「ランク1」は2月28日までとなりそうです\n"
        "変わった場合も、そのあと30日のうちに1回のご来店で「ランク1」に戻ります。"
    )
    assert "最高ランク" not in view.progress_caption
    without = card({"ranks": ladder(6, grace_periods=0, revival=None)}, *came, day="02-26")
    assert without.rank_caption == "「ランク1」は2月28日までとなりそうです"


def test_who_is_asked_for_nothing_but_a_birthday_is_suggested_to_tell_that() -> None:
    rules = [rule("profile", fixed(30))]
    step = {"id": "name", "purpose": {"ja": "お呼びするため"}}
    for profile, wish in (({}, "お誕生日をご登録"), ({"steps": [step]}, "プロフィールを")):
        programme = club(earning=rules, profile=profile)
        said = suggestion_line(Words(programme, "ja"), Life(programme).facts, "profile")
        assert said.startswith(f"よろしければ、{wish}")
        assert said.endswith("（30ポイント）")


def test_an_anniversary_is_said_with_its_day_and_what_it_brings() -> None:
    programme = club(
        earning=[rule("anniversary", fixed(200))],
        badges=[badge({"kind": "anniversary", "years": 2})],
    )
    step = NextStep("anniversary", 1, target="anniversary_rule", until=of_day("03-05"), years=2)
    shown = [step_text(programme, step, lang) for lang in LANGS]
    assert shown == [
        "3月5日でご入会2周年。「200ポイント」をお届けします！",
        "On Mar 5 you complete year 2 with us: 200 points!",
    ]
    by_badge = step_text(programme, replace(step, target="badge"), "ja")
    assert by_badge == "3月5日でご入会2周年。「バッジ」をお届けします！"
