"""The ways to earn, as short rows: whom each is still open to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from rules.explaining.explain import ways_to_earn
from rules.facts import Facts, Tally, newcomer
from rules.programme.programme import Programme
from tests.rules.examples import GYM, cafe, programme

DAY = date(2026, 11, 23)


def test_ways_to_earn_are_short_rows() -> None:
    rows = [(way.name, way.points_label) for way in ways_to_earn(cafe(), "ja")]

    assert rows[:3] == [
        ("ご入会", "50ポイント"), ("ご来店", "10ポイント"), ("お買い物", "100円で1ポイント"),
    ]  # fmt: skip
    assert rows[-2:] == [("雨の日ポイント", "＋10ポイント"), ("お誕生月は2倍", "2倍")]
    assert ways_to_earn(cafe(), "en")[2].points_label == "1 point per ¥100"


def member(**known: Any) -> Facts:
    return replace(newcomer(DAY, datetime(2026, 11, 23, 3, tzinfo=UTC)), **known)


def names(shop: Programme, facts: Facts | None, day: date | None = None) -> set[str]:
    return {way.name for way in ways_to_earn(shop, "ja", facts, day=day)}


def test_a_member_is_not_told_of_joining_again() -> None:
    gone = names(cafe(), None) - names(cafe(), member())

    assert gone == {"ご入会", "ご紹介でのご入会"}


def test_what_happens_once_is_told_until_it_has_happened() -> None:
    assert "お誕生日のご登録" in names(cafe(), member())
    assert "お誕生日のご登録" not in names(cafe(), member(counts={"profile": 1}))


def test_a_limit_for_ever_ends_a_way_to_earn() -> None:
    debut = "プール館デビュー"
    once = member(tallies={"campaign:pool_first": Tally(DAY, ever=1)})

    assert debut in names(programme(GYM), member())
    assert debut not in names(programme(GYM), once)


def test_a_rules_limit_for_ever_ends_it_too() -> None:
    shop = cafe(("limit = { month = 3 }", "limit = { ever = 3 }"))

    assert "お友だちのご紹介" in names(shop, member(tallies={"referral": Tally(DAY, ever=2)}))
    assert "お友だちのご紹介" not in names(shop, member(tallies={"referral": Tally(DAY, ever=3)}))


def test_a_campaign_that_is_over_is_no_way_to_earn() -> None:
    shop = cafe(("birth_month = true", "birth_month = true\nends = 2026-11-22"))

    assert "お誕生月は2倍" in names(shop, None)
    assert "お誕生月は2倍" not in names(shop, None, DAY)
