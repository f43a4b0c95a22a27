"""News of one visit is one message, though the receipt is brought an hour later: the counter's
page, the night between, and what LINE brings."""

import re
from uuid import uuid4

from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.town import Customer, Town

BRONZE, REACH = "ブロンズファンに昇格", "交換できるようになりました"
INVITED = "ファン認定ステップのご案内"


def nearly_bronze(shop: Town, counter: Counter) -> Customer:
    """Somebody with two visits this month, on the third day."""
    sakura = shop.newcomer()
    sakura.follows()
    for _ in range(2):
        assert counter.scans(sakura.member)["result"] == "checked_in"
        shop.skips(days=1)
    sakura.reads()
    return sakura


def brings_receipt(counter: Counter, sakura: Customer, yen: int) -> None:
    add = {"addId": str(uuid4()), "memberNumber": sakura.member.number, "amount": yen}
    assert of(counter.posts("add", add))["result"] == "added"


def news(sakura: Customer) -> list[str]:
    """What has come since, but for the invitation that a third visit brings the day after."""
    return [str(each) for each in sakura.reads().messages if INVITED not in str(each)]


def test_a_receipt_brought_before_the_news_has_left_is_told_with_it(
    shop: Town, counter: Counter
) -> None:
    sakura = nearly_bronze(shop, counter)
    shop.skips_to_day(shop.today(), hour=21)
    assert counter.scans(sakura.member)["result"] == "checked_in"
    shop.skips_to_day(shop.today(), hour=22)
    brings_receipt(counter, sakura, 8_000)
    shop.travels(days=1)
    (told,) = sakura.reads().messages
    shop.travels(days=2)
    assert news(sakura) == []
    said = str(told)
    assert (BRONZE in said, REACH in said) == (True, True)
    assert shop.adds_up()


def test_after_it_has_left_only_what_is_new_is_told_the_next_day(
    shop: Town, counter: Counter
) -> None:
    sakura = nearly_bronze(shop, counter)
    assert counter.scans(sakura.member)["result"] == "checked_in"
    shop.travels(days=0.01)
    first = str(sakura.reads().messages)
    assert (BRONZE in first, REACH in first) == (True, False)
    brings_receipt(counter, sakura, 8_000)
    shop.travels(days=0.1)
    assert sakura.reads().messages == []
    shop.travels(days=1)
    (second,) = map(str, sakura.reads().messages)
    assert (BRONZE in second, REACH in second) == (False, True)


def test_who_brought_a_friend_hears_of_it(shop: Town, counter: Counter) -> None:
    sakura, friend = shop.newcomer(), shop.newcomer("もも")
    sakura.follows()
    [code] = set(re.findall(r"^[A-Z0-9]{6,}$", sakura.taps("do=referral").text, re.MULTILINE))
    friend.follows()
    friend.writes(f"紹介 {code}")
    sakura.reads()
    assert counter.scans(friend.member)["result"] == "checked_in"
    shop.travels(days=1)
    (told,) = sakura.reads().messages
    assert "お友だちのご紹介、ありがとうございます。100ポイントをお届けしました" in str(told)
    # She has never come herself.
    assert "ご来店いただき、ありがとう" not in str(told)
    assert "はじめてのご来店をお待ちしています" in str(told)
    assert shop.adds_up()


def test_what_the_points_of_a_birthday_bring_within_reach_is_told_by_its_message(
    shop: Town,
) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    sakura.writes("誕生日")
    sakura.taps(sakura.writes("11月29日").data("do=birthday&save"))
    sakura.reads()
    shop.travels(days=1)
    (told,) = sakura.reads().messages
    said = str(told)
    assert "お祝いに100ポイントをお届けしました" in said
    assert f"「100円引き」と{REACH}" in said
    shop.travels(days=2)
    assert sakura.reads().messages == []
