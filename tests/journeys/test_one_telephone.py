"""Two cards that one telephone opens, where one of them brought the other."""

import re

from handlers.showing.card_links import card_link
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Town

HINT = "紹介した方と同じスマートフォンで会員証を開いた方がいます。"


def test_who_opens_a_friends_card_on_their_own_telephone_is_worth_a_look(
    shop: Town, counter: Counter
) -> None:
    sakura, momo = shop.newcomer("さくら"), shop.newcomer("もも")
    for each in (sakura, momo):
        each.follows()
    [code] = set(re.findall(r"^[A-Z0-9]{6,}$", sakura.taps("do=referral").text, re.MULTILINE))
    momo.writes(f"紹介 {code}")
    assert counter.scans(momo.member)["result"] == "checked_in"
    boss = counter.desks.signed_in("tencho", "manager")

    telephones = [shop.http.application.test_client() for _ in range(2)]
    for telephone, who in zip(telephones, (sakura, momo), strict=True):
        telephone.get(card_link(shop.club, who.member))
    assert HINT not in boss.get("/staff/referrals").text, "each on their own"
    telephones[0].get(card_link(shop.club, momo.member))
    assert HINT in boss.get("/staff/referrals").text
    telephones[1].get(card_link(shop.club, momo.member))
    assert HINT not in boss.get("/staff/referrals").text, "what was opened last counts"
