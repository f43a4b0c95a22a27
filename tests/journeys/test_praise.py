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
