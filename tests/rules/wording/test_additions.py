"""What is added at the till, kept away by a limit, and handed over, in words."""

from typing import Any

import pytest

from rules.programme.rewards import Reward
from rules.wording.additions import (
    AddedThing,
    addition_name,
    brought_line,
    eco_name,
    handover_line,
    handover_note,
    limit_lines,
)
from rules.wording.words import Words
from tests.rules.builders import bonus, campaign, club, fixed, rule, text
from tests.rules.examples import CAFE, programme

CAFE_JA = Words(programme(CAFE), "ja")


def test_an_eco_button_is_called_by_its_name_or_its_rules() -> None:
    assert eco_name(CAFE_JA, "own_cup") == "マイカップ"
    unnamed = programme(CAFE.replace(CAFE[CAFE.index("[counter]") : CAFE.index("[points]")], ""))
    assert eco_name(Words(unnamed, "ja"), "own_cup") == "マイバッグ・マイカップ"
    assert eco_name(Words(unnamed, "ja"), "gone") == "gone"


def test_what_was_added_is_said_with_yen_and_what_it_brought() -> None:
    bought, bag = AddedThing("purchase", count=1500), AddedThing("eco", "own_bag")
    people, review = AddedThing("visitors", count=3), AddedThing("review")
    assert brought_line(CAFE_JA, [bought, people, bag], 20) == (
        "1,500円・3名さま・マイバッグを付けました（+20ポイント）"
    )
    assert brought_line(CAFE_JA, [bought], 0) == "1,500円を付けました（ポイントはつきません）"
    assert brought_line(CAFE_JA, [people], None) == "3名さまを付けました"
    assert brought_line(CAFE_JA, [review], 20) == "トークでのご感想を付けました（+20ポイント）"
    assert brought_line(CAFE_JA, [], None) == ""


def test_the_parts_of_an_amount_that_bring_nothing_are_named_in_each_language() -> None:
    goods = [
        {"id": "tobacco", "name": {"ja": "たばこ", "en": "tobacco"}},
        {"id": "stamps", "name": {"ja": "切手", "en": "stamps"}},
    ]
    whole = club(purchase={"excluded": goods})
    bought = AddedThing("purchase", count=1500, points_used_yen=300, excluded_yen=500)
    said = addition_name(Words(whole, "ja"), bought)
    assert said == "1,500円（うちポイント払い300円・うちたばこ・切手500円）"
    assert addition_name(Words(whole, "en"), bought) == (
        "¥1,500 (of it in points: ¥300 and of it tobacco and stamps: ¥500)"
    )


def test_a_limit_that_bit_is_said_but_not_what_is_had_once() -> None:
    words = Words(
        club(
            earning=[
                rule("purchase", fixed(9), limit={"points_per_day": 30}),
                rule("visit", fixed(9), limit={"ever": 1}),
            ],
            campaigns=[campaign(bonus(5), limit={"week": 1})],
        ),
        "ja",
    )
    capped = ["purchase_rule", "visit_rule", "campaign:extra", "campaign:extra", "badge:x"]
    assert limit_lines(words, capped, {"purchase_rule"}) == (
        "「purchase」は上限までつきました（1日30ポイントまで）。",
        "「特典」は上限のため、つきませんでした（1週間に1回まで）。",
    )


@pytest.mark.parametrize(
    ("kind", "more", "line", "note"),
    [
        ("money_off", {"note": text("レジで100円お値引きします。")},
         "レジで100円お値引きします", ""),
        ("free_shipping", {"min_purchase_yen": 3000}, "送料無料にします",
         "3,000円以上のお買い物が対象です。"),
        ("gift", {"note": text("冷蔵庫の左です。")}, "「品」をお渡しください", "冷蔵庫の左です。"),
        ("charity", {}, "「品」を承りました", ""),
    ],
)  # fmt: skip
def test_a_reward_is_said_as_the_till_does_it(
    kind: str, more: dict[str, Any], line: str, note: str
) -> None:
    part = {"id": "it", "name": text("品"), "kind": kind, "cost": 100, "value_yen": 100, **more}
    reward = Reward.model_validate(part)
    assert (handover_line(CAFE_JA, reward), handover_note(CAFE_JA, reward)) == (line, note)
