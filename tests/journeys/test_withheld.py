"""What isn't handed out is offered by nothing: a reward that is all gone, or one that waits."""

from datetime import date

from bot.store.history import programs, stock
from handlers.actions.counter.adjust import adjust
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.test_card_back import BOSS, merges, told
from tests.journeys.test_rewards import promised
from tests.journeys.town import Customer, Town
from tests.journeys.ways import regular
from tests.rules.examples import CAFE, changed

#: On it no rank comes near any more.
LAST = date(2037, 11, 30)
COOKIE, READY = "本日の焼き菓子", "と交換できるようになりました"


def publishes(shop: Town, *changes: tuple[str, str]) -> None:
    with shop.club.store.begin() as uow:
        programs.publish(uow, changed(CAFE, *changes), since=shop.club.now())
    shop.club.programmes.forget()
    shop.skips(days=0.0001)


def gives(shop: Town, who: Customer, points: int) -> None:
    with shop.club.work(BOSS, key=f"gives:{who.user_id}:{points}") as work:
        assert adjust(work, who.member.id, points, reason="おわび").done


def takes_the_last(shop: Town, reward: str) -> None:
    offered = shop.club.timeline().at(shop.club.now()).programme.reward(reward)
    assert offered is not None
    with shop.club.store.begin() as uow:
        assert stock.take(uow, offered, now=shop.club.now())


def test_a_reward_that_is_all_gone_is_named_by_nothing(shop: Town, counter: Counter) -> None:
    publishes(shop, ("cost = 150\n", "cost = 150\nstock = 1\n"))
    shop.skips_to_day(LAST)
    first, second = regular(shop), regular(shop)
    gives(shop, first, 100)
    assert f"「{COOKIE}」{READY}" in told(shop, first)
    gives(shop, second, 60)
    assert f"あと30ポイントで「{COOKIE}」" in second.writes("カード")

    # News that still waits when the last one goes is not told any more.
    gives(shop, second, 40)
    takes_the_last(shop, "cookie")
    said = told(shop, second)
    assert f"「100円引き」{READY}" in said
    assert COOKIE not in said
    for each in (first, second):
        assert COOKIE not in each.writes("カード")
    assert "「100円引き」と交換できます" in second.writes("カード")
    assert "ご用意した分は終了しました" in second.writes("特典")
    third = regular(shop)
    gives(shop, third, 145 - third.member.facts.balance)
    shop.skips(days=1)
    answer = third.opens(shop.counter_link())
    assert third.member.facts.balance >= 150
    assert COOKIE not in answer
    came = counter.scans(second.member)["member"]
    assert COOKIE not in str(came)
    assert "off_100" in [each["id"] for each in came["rewards"]]


def test_nor_is_a_gift_in_hand_of_which_none_is_left(shop: Town, counter: Counter) -> None:
    publishes(shop, ("valid_days = 14\n", "valid_days = 14\nstock = 1\n"))
    shop.skips_to_day(date(2037, 11, 29))
    sakura = regular(shop)
    # Enough for everything: no other reward comes nearer.
    gives(shop, sakura, 500)
    promised(shop, sakura)
    shop.skips(days=1)
    sakura.opens(shop.counter_link())
    gift = "おかえりなさいの焼き菓子"
    assert f"「{gift}」を" in sakura.writes("カード")
    takes_the_last(shop, "welcome_back")
    assert gift not in sakura.writes("カード")
    assert "ご用意した分は終了しました" in sakura.writes("特典")
    shop.skips(days=1)
    assert gift not in str(counter.scans(sakura.member)["member"]["rewards"])


def test_what_waits_as_the_card_was_moved_is_named_by_nothing(shop: Town, counter: Counter) -> None:
    publishes(shop, ("points_max = 5000\n", "points_max = 5000\nmoved_reward_yen_max = 90\n"))
    shop.skips_to_day(LAST)
    sakura, other = regular(shop), regular(shop)
    merges(counter, sakura.member, other.member)
    told(shop, sakura)
    gives(shop, sakura, 100)
    said = told(shop, sakura)
    card = sakura.writes("カード")
    assert "またのご来店をお待ちしています" in card
    for text in (said, card):
        assert "交換でき" not in text
        assert COOKIE not in text
    shop.skips_to_day(date(2037, 12, 31))
    assert "「100円引き」と交換できます" in sakura.writes("カード")
