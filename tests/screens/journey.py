"""What a new customer sees: from adding the account to Bronze, and two months later."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from bot.simulator.times import JAPAN
from handlers.installation import Installation
from handlers.serving import counter_page
from rules.shop import Shop

from .phone import ANSWER_MS_MAX, Phone

NAME = "さくら"
NAME_ENGLISH = "Emma"
#: The counter's tablet, lying on its side.
TABLET = (1180, 820)
#: The menu's areas, row by row.
_CARD, _RANK, _BADGES = 0, 3, 4


class Screen(NamedTuple):
    """A picture by the name of its file; `framed` if it is a phone."""

    name: str
    picture: Image.Image
    framed: bool


def walk(browser: Browser, installation: Installation) -> Iterator[Screen]:
    """Every screen, in the order of the story."""
    counter = Counter(browser, installation)
    phone = Phone(browser, installation.settings.base_url)
    try:
        yield from _joins(phone)
        yield Screen("counter", counter.picture(), framed=False)
        yield from _becomes_bronze(phone, counter, installation)
        yield from _looks_around(phone)
        yield from _stays_away(phone)
        yield from _english(phone)
    finally:
        phone.close()
        counter.close()


def _joins(phone: Phone) -> Iterator[Screen]:
    phone.newcomer(NAME)
    phone.opens_menu(False)
    phone.shows(".day", 0)
    yield Screen("welcome", phone.picture(), framed=True)
    phone.taps_menu(_CARD)
    phone.opens_menu(False)
    yield Screen("card", phone.picture(), framed=True)


def _becomes_bronze(
    phone: Phone, counter: "Counter", installation: Installation
) -> Iterator[Screen]:
    programme = installation.club.timeline().latest.programme
    assert programme.ranks is not None
    phone.scans(counter.link())
    yield Screen("scanned", phone.picture(), framed=True)
    phone.sends()
    yield Screen("check-in", phone.picture(), framed=True)
    for _ in range(programme.ranks.steps[0].at - 1):
        phone.travels_to(_next_visit(programme.shop, installation.club.now()))
        phone.scans(counter.link())
        phone.sends()
    phone.has_menu(":bronze")
    phone.shows(".day")
    yield Screen("bronze", phone.picture(), framed=True)


def _looks_around(phone: Phone) -> Iterator[Screen]:
    for name, area in (("badges", _BADGES), ("rank", _RANK)):
        phone.taps_menu(area)
        phone.opens_menu(False)
        phone.shows(".line.user")
        yield Screen(name, phone.picture(), framed=True)
    phone.taps_menu(_CARD)
    phone.shows(".line.user")
    yield Screen("card-bronze", phone.picture(), framed=True)


def _stays_away(phone: Phone) -> Iterator[Screen]:
    phone.travels_two_months()
    phone.opens_menu(False)
    yield Screen("two-months", phone.picture(), framed=True)
    yield Screen("simulator", phone.desk(), framed=False)


def _english(phone: Phone) -> Iterator[Screen]:
    phone.newcomer(NAME_ENGLISH, "en")
    phone.taps_menu(_CARD)
    phone.shows(".line.user")
    yield Screen("english", phone.picture(), framed=True)


def _next_visit(shop: Shop, now: datetime) -> datetime:
    """Noon of the first open day after tomorrow."""
    noon = now.astimezone(JAPAN).replace(hour=12, minute=0, second=0, microsecond=0)
    noon += timedelta(days=2)
    while not shop.is_open(noon.date()):
        noon += timedelta(days=1)
    return noon


class Counter:
    """The counter's QR page on its tablet."""

    def __init__(self, browser: Browser, installation: Installation) -> None:
        self._context = browser.new_context(
            viewport={"width": TABLET[0], "height": TABLET[1]}, locale="ja-JP"
        )
        self._context.set_default_timeout(ANSWER_MS_MAX)
        self._page = self._context.new_page()
        self._address = counter_page(installation.club, None)

    def close(self) -> None:
        self._context.close()

    def link(self) -> str:
        """What its QR says now."""
        self._page.goto(self._address)
        link = self._page.get_attribute("#link", "href")
        assert link
        return link

    def picture(self) -> Image.Image:
        self._page.goto(self._address)
        self._page.wait_for_selector("#qr svg")
        return Image.open(BytesIO(self._page.screenshot())).convert("RGB")
