"""Rain: switched on at the counter at one tap, told there and in the chat, and counted by when
somebody came, whenever that is heard of."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.store.history import history
from tests.handlers.pages.staff.counters import Counter, Json, of
from tests.journeys.town import Customer, Town
from tests.journeys.ways import regular

RAIN = "雨の日ポイント +10"


def ago(**time: float) -> str:
    """What a device's clock said then."""
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


def switching(on: bool, **more: Any) -> Json:
    return {"switchId": str(uuid4()), "campaign": "rain", "on": on, "at": ago()} | more


def rain(counter: Counter) -> list[bool]:
    """Whether it rains, as the page is told."""
    told = of(counter.browser.client.get("/staff/api/session"))["campaigns"]
    return [each["on"] for each in told if each["id"] == "rain"]


def kept(counter: Counter, customer: Customer, **made: float) -> list[str]:
    """What a scan brought that was made then and is sent now."""
    scan = counter.scan_of(customer.member, at=ago(**made))
    [answer] = of(counter.posts("sync", {"sentAt": ago(), "scans": [scan]}))["answers"]
    today: list[str] = answer["member"]["today"]
    return today


def newcomers(shop: Town, count: int) -> list[Customer]:
    people = [shop.newcomer() for _ in range(count)]
    for person in people:
        person.follows()
    return people


def test_rain_counts_from_the_tap_on_whenever_a_scan_arrives(shop: Town, counter: Counter) -> None:
    dry, wet, early, late, after = newcomers(shop, 5)
    assert rain(counter) == [False]
    assert RAIN not in counter.scans(dry.member)["member"]["today"]
    shop.skips(days=1 / 12)
    # Tapped twice, tapped again on a page that still shows it off: on all the same.
    tap = switching(True)
    for again in (tap, tap, switching(True)):
        answer = of(counter.posts("switch", again))
        assert answer["result"] == "switched"
    assert rain(counter) == [True]
    wet_scan = counter.scans(wet.member)
    assert RAIN in wet_scan["member"]["today"]
    shop.skips(days=1 / 24)
    # Made before the tap, and while it was on, and sent when it is off again.
    of(counter.posts("switch", switching(False)))
    assert RAIN not in kept(counter, early, hours=2)
    assert RAIN in kept(counter, late, minutes=30)
    assert RAIN not in counter.scans(after.member)["member"]["today"]
    # Taken back, it goes with the visit; another visit is another moment.
    points = wet.member.facts.balance
    undo = {"action": wet_scan["action"], "undoId": str(uuid4()), "memberNumber": wet.member.number}
    assert of(counter.posts("undo", undo))["result"] == "undone"
    assert RAIN not in counter.scans(wet.member)["member"]["today"]
    assert wet.member.facts.balance == points - 10
    assert shop.adds_up()
    with shop.club.store.read() as uow:
        past = history.of(uow, late.member.id)
    assert [each.activity.switches for each in past][-1] == ("rain",)


def test_a_tap_without_network_counts_from_then_and_no_newer_one_is_lost(
    shop: Town, counter: Counter
) -> None:
    first, second, third = newcomers(shop, 3)
    shop.skips(days=1 / 12)
    assert of(counter.posts("switch", switching(False)))["result"] == "switched"
    made = switching(True, at=ago(hours=1), sentAt=ago())
    assert of(counter.posts("switch", made))["result"] == "switched"
    assert rain(counter) == [False]
    assert RAIN in kept(counter, first, minutes=30)
    assert RAIN not in kept(counter, second, minutes=90)
    # A request that was long on its way was tapped before a scan that was not.
    slow = switching(True, at=ago(seconds=20), sentAt=ago(seconds=20))
    assert of(counter.posts("switch", slow))["result"] == "switched"
    assert RAIN in kept(counter, third, seconds=10)
    logged = [entry for entry in counter.desks.logged() if entry.action.startswith("campaign")]
    assert [entry.action for entry in logged] == ["campaign_off", "campaign_on", "campaign_on"]
    assert {entry.details["campaign"] for entry in logged} == {"rain"}
    # The next day begins without, and what can't be switched is said so.
    of(counter.posts("switch", switching(True)))
    shop.skips(days=1)
    assert rain(counter) == [False]
    gone = of(counter.posts("switch", switching(True, campaign="days_of_5")))
    assert (gone["result"], gone["line"]) == (
        "refused", "このキャンペーンは、きょうこの店舗では行っていません",
    )  # fmt: skip


def test_the_chat_says_what_is_on_today_and_where(shop: Town, counter: Counter) -> None:
    regulars = [regular(shop) for _ in range(2)]
    shop.skips(days=1)
    assert "本日は、とくべつなキャンペーンはありません" in regulars[0].writes("今日")
    assert "本日開催中" not in regulars[0].writes("カード")
    of(counter.posts("switch", switching(True)))
    assert "本日開催中：雨の日ポイント（駅前店）" in regulars[0].writes("カード")
    told = regulars[0].writes("今日")
    assert "雨の日ポイント（駅前店）" in told
    assert "＋10ポイント" in told
    checked_in = regulars[0].opens(shop.counter_link())
    assert "雨の日ポイント" in checked_in
    assert "本日開催中" not in checked_in
    # On a day of 5 what is bought counts double, which nothing has said yet.
    shop.skips(days=9)
    assert "本日開催中：5のつく日は2倍" in regulars[1].writes("カード")
    assert shop.adds_up()
