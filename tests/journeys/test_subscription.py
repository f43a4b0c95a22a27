"""A subscription, from LINE's own membership to its price, its third delivery, and its end."""

from typing import Any
from uuid import uuid4

from tests.handlers.pages.staff.counters import Counter
from tests.journeys.test_card_back import told
from tests.journeys.test_charity import publishes
from tests.journeys.town import Customer, Town
from tests.rules.examples import BEANS, CAFE, THIRD


def delivers(counter: Counter, who: Customer) -> None:
    fields = {"subscription": "beans", "how": "delivered", "key": str(uuid4())}
    answer = counter.browser.post(f"/staff/members/{who.member.number}/subscription", **fields)
    assert "done=delivered" in answer.location


def at_the_till(counter: Counter, who: Customer) -> dict[str, Any]:
    shown: dict[str, Any] = counter.scans(who.member)["member"]
    return shown


def test_from_joining_line_s_membership_to_its_end(shop: Town, counter: Counter) -> None:
    publishes(shop, CAFE + BEANS + THIRD)
    sakura = shop.newcomer()
    sakura.follows()

    # Joined: thanked in the answer; the till says what to take off.
    answer = sakura.tells_membership("joined", 3189)
    assert "「豆の定期便」のお申し込み、ありがとうございます" in answer
    shown = at_the_till(counter, sakura)
    assert any("定期：豆の定期便（" in line for line in shown["today"])
    assert ("豆の定期便：定期の方の価格", "レジで10%引き") in [
        (perk["name"], perk["how"]) for perk in shown["perks"]
    ]
    assert "豆の定期便（" in sakura.writes("カード")
    assert "定期の方の価格（レジで10%引き）" in sakura.writes("ランク")

    # Three deliveries: the third brings its reward, and LINE tells of it.
    for before in range(3):
        delivers(counter, sakura)
        said = told(shop, sakura)
        assert ("3回めのお礼のドリンク" in said) == (before == 2)
        shop.skips(days=8)
        assert sakura.tells_membership("renewed", 3189).messages == []

    # Left: gone at once, from the till as from the card.
    assert "ご利用が終わりました" in sakura.tells_membership("left", 3189)
    shown = at_the_till(counter, sakura)
    assert not any("定期" in line for line in shown["today"])
    assert not any("定期" in perk["name"] for perk in shown["perks"])
    assert "豆の定期便（" not in sakura.writes("カード")
    assert "定期の方の価格" not in sakura.writes("ランク")
    assert shop.adds_up()
