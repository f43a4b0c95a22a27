"""What stands on the console's first page, and how it comes to stand there."""

import html
import re
from datetime import timedelta

from rules.wording.words import Words
from tests.handlers.clubs import SmallClub
from tests.handlers.pages.staff.conftest import Browser
from tests.rules.examples import CAFE, programme

WORDS = Words(programme(CAFE), "ja")


def text(key: str, **values: object) -> str:
    return WORDS.say(f"owner.monday.{key}", **values)


def told(browser: Browser) -> str:
    answer = browser.get("/owner/")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def matters(page: str) -> list[str]:
    """The sentences of what matters."""
    return re.findall(r'<p id="matter-\d">([^<]*)</p>', page)


def regular(shop: SmallClub, *, every: int = 3, times: int = 10, store: str = "ekimae") -> int:
    """Somebody who came so often, so many days apart, the last time now."""
    member, began = shop.joins(), shop.now
    for n in range(times):
        shop.clock.set(began + timedelta(days=n * every))
        shop.visits(member, store=store)
    return member


def say_reward(name: str, cost: int) -> str:
    return f"""
[[rewards]]
id = "{name}"
name = {{ ja = "贈りもの", en = "A gift" }}
kind = "coupon"
cost = {cost}
value_yen = 200
"""
