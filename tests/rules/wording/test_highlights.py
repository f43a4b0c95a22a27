"""What a visit brought that deserves a word."""

from dataclasses import replace
from datetime import date

from rules.facts import Voucher, changed, newcomer
from rules.outlook.next_step import NextStep
from rules.programme.ranks import RankChange
from rules.wording.highlights import (
    Highlights,
    Thanks,
    badge_lines,
    between,
    closing,
    newly_ready,
    rank_line,
    rule_name,
    thanks_line,
)
from rules.wording.words import Words
from tests.rules.examples import cafe
from tests.rules.programme.test_counter import NOON

DAY = date(2026, 11, 23)
UP = RankChange("bronze", "silver", DAY, "reached")
DOWN = RankChange("silver", "bronze", date(2026, 11, 1), "short")
CAFE = cafe()
JA = Words(CAFE, "ja")
POOR = newcomer(DAY, NOON)


def test_a_step_down_at_a_months_end_is_nothing_to_celebrate() -> None:
    told = between(CAFE, POOR, POOR, changes=[UP, DOWN], badges=[], day=DAY)
    assert told == Highlights(UP)
    assert not between(CAFE, POOR, POOR, changes=[DOWN], badges=[], day=DAY).anything


def test_a_reward_comes_into_reach_once_but_none_that_is_given_away() -> None:
    rich = changed(POOR, balance=120)
    assert newly_ready(CAFE, POOR, rich, day=DAY) == ("off_100",)
    assert newly_ready(CAFE, rich, changed(POOR, balance=140), day=DAY) == ()


def test_it_is_said_in_the_shops_words() -> None:
    assert rank_line(JA, UP) == "🎉 シルバーファンに昇格！"
    assert badge_lines(JA, ["first_visit"]) == ("☕ バッジ「はじめの一杯」を獲得！",)
    assert rule_name(JA, "visit") == "ご来店"
    assert rule_name(JA, "campaign:rain") == "雨の日ポイント"


def test_a_message_closes_with_no_gift_that_it_has_just_named() -> None:
    earlier = NextStep("voucher", 5, target="tenth_coffee", until=date(2026, 12, 14))
    assert closing(JA, earlier, Highlights(UP)).startswith("「10回めのお礼の珈琲」を12月14日まで")
    another = Voucher(2, "tenth_coffee", "nth_purchase", DAY, date(2027, 1, 22))
    assert closing(JA, earlier, Highlights(vouchers=(another,))) == ""
    ready = NextStep("reward_ready", 5, target="off_100")
    assert closing(JA, ready, Highlights(UP)) == "「100円引き」と交換できます"
    assert closing(JA, ready, Highlights(rewards=("off_100",))) == ""


def test_what_the_programme_has_no_more_is_not_spoken_of() -> None:
    assert rank_line(JA, RankChange(None, "platinum", DAY, "reached")) == ""
    assert badge_lines(JA, ["gone"]) == ()
    assert rule_name(JA, "gone") == "そのほか"


def test_an_old_card_is_thanked_for_with_its_stamps_and_what_they_brought() -> None:
    thanks = Thanks("stamps", 70, stamps=7)
    assert thanks_line(JA, thanks) == (
        "📇 前のスタンプカードの7個を、70ポイントとしてお引きつぎしました。"
    )
    assert thanks_line(Words(CAFE, "en"), replace(thanks, points=10, stamps=1)) == (
        "📇 We have moved your old stamp card: its stamp is now 10 points."
    )
    assert rule_name(JA, "stamps") == "前のスタンプカード"
