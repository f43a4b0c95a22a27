"""A word of praise, from somebody of the staff by the name that they chose for members."""

import re

from tests.handlers.pages.staff.conftest import Browser
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Customer, Town


def sends(browser: Browser, shop: Town, to: Customer, **more: str) -> str:
    """Gives what has come to the member then."""
    to.reads()
    sent = {"number": to.member.number, "text": "", "key": to.user_id, **more}
    done = browser.post("/staff/today/praise", **sent)
    assert done.headers["Location"].endswith("done=praised")
    shop.travels(days=0.01)
    return to.reads().text


def test_praise_comes_from_the_person_who_sends_it_by_the_name_they_chose(
    shop: Town, counter: Counter
) -> None:
    sakura, momo, yuki = (shop.newcomer(name) for name in ("さくら", "もも", "ゆき"))
    for each in (sakura, momo, yuki):
        each.follows()
        each.opens(shop.counter_link())
    browser = counter.desks.signed_in("kimura")
    me = counter.desks.person("kimura")
    # Before a name is chosen nobody signs, whatever the form says; no login, and no name of a list.
    assert 'name="sign"' not in browser.get("/staff/today").text
    came = sends(browser, shop, sakura, sign="own")
    assert "スタッフ一同より" in came
    assert me.login not in came
    assert me.name not in came

    browser.post("/staff/account/name", public_name="みどり")
    page = browser.get("/staff/today").text
    assert re.search(r'value="own" checked> \S+のみどりより', page)
    assert "スタッフ一同より" in page
    came = sends(browser, shop, momo, sign="own")
    assert re.search(r"\S+のみどりより", came)
    assert "一同より" not in came
    assert me.login not in came
    assert "スタッフ一同より" in sends(browser, shop, yuki, sign="store")


def test_who_brings_friends_is_thanked_from_the_list_once_a_day(
    shop: Town, counter: Counter
) -> None:
    sakura, friend = shop.newcomer("さくら"), shop.newcomer("もも")
    for each in (sakura, friend):
        each.follows()
    [code] = set(re.findall(r"^[A-Z0-9]{6,}$", sakura.taps("do=referral").text, re.MULTILINE))
    friend.writes(f"紹介 {code}")
    assert counter.scans(friend.member)["result"] == "checked_in"
    shop.travels(days=1)
    sakura.reads()

    boss = counter.desks.signed_in("tencho", "manager")
    boss.post("/staff/account/name", public_name="みどり")
    page = boss.get("/staff/referrals").text
    assert "お友だちに私たちのことを伝えてくださり" in page
    assert re.search(r'value="own" checked> \S+のみどりより', page)
    thanks = {"number": sakura.member.number, "text": "", "sign": "own", "key": "t1"}
    for _ in range(2):
        sent = boss.post("/staff/referrals/thanks", **thanks)
        assert sent.headers["Location"].endswith("done=praised")
    again = boss.post("/staff/referrals/thanks", **{**thanks, "key": "t2"})
    assert again.headers["Location"].endswith("no=praise_again")
    shop.travels(days=0.01)
    came = sakura.reads()
    assert len(came.messages) == 1
    assert "お友だちに私たちのことを伝えてくださり" in came
    assert re.search(r"\S+のみどりより", came.text)
    page = boss.get("/staff/referrals?done=praised").text
    assert "前回のひとこと" in page
    assert "ひとことを送りました" in page
    assert "/staff/referrals/thanks" not in page
    # The friend brought nobody, and who isn't told who brings friends thanks nobody for it.
    other = {**thanks, "number": friend.member.number, "key": "t3"}
    assert boss.post("/staff/referrals/thanks", **other).status_code == 404
    assert counter.browser.post("/staff/referrals/thanks", **thanks).status_code == 403
    shop.travels(days=1)
    assert "/staff/referrals/thanks" in boss.get("/staff/referrals").text
    # Whom nothing reaches is offered no message.
    sakura.blocks()
    assert "/staff/referrals/thanks" not in boss.get("/staff/referrals").text
