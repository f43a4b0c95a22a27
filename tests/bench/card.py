"""The member's card on a telephone: until its QR is seen, in Chromium on a throttled network.

The limit shows a page of a few words by the same connection.
"""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from handlers.showing.card_links import card_link
from tests.journeys.town import Town, town
from tests.screens.browser import browsing, chromium

from .measure import Goal, Row, Sizes, compare, in_turn

FIRST_MS_MAX, AGAIN_MS_MAX = 1_500, 1_000
#: What WebPageTest calls 3G: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back
#: (docs.webpagetest.org/test-settings, "Connection").
_3G = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 768_000 / 8,
}
_PAINTED = (
    "new Promise((told) => new PerformanceObserver((seen) => seen"
    ".getEntriesByName('first-contentful-paint').forEach((each) => told(each.startTime)))"
    ".observe({ type: 'paint', buffered: true }))"
)
_KEPT = "caches.match('/card/kept', { cacheName: 'kayoi-card-mine' }).then(Boolean)"


def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """The first visit by the chat's link, and the next ones, with and without network."""
    place = folder / "card"
    place.mkdir()
    with (
        town(f"sqlite:///{place / 'kayoi.sqlite3'}", place) as cafe,
        browsing(chromium()) as browser,
    ):
        customer = cafe.newcomer()
        customer.follows()
        link = card_link(cafe.club, customer.member)
        words = f"{cafe.club.base_url}/healthz"
        first = in_turn(
            sizes.rounds,
            {"ours": lambda: _first(browser, link), "limit": lambda: _first(browser, words)},
        )
        again = in_turn(
            sizes.rounds,
            {"ours": lambda: _again(browser, cafe, link), "limit": lambda: _first(browser, words)},
        )
        slow = in_turn(
            sizes.rounds,
            {
                "ours": lambda: _again(browser, cafe, link, has_network=True),
                "limit": lambda: _first(browser, words),
            },
        )
    return [
        compare(
            "card by a link, on 3G", "ms", first["ours"], first["limit"],
            Goal(ours_max=FIRST_MS_MAX),
        ),
        compare(
            "card again, on 3G", "ms", slow["ours"], slow["limit"],
            Goal(ours_max=AGAIN_MS_MAX),
        ),
        compare(
            "card again, without network", "ms", again["ours"], again["limit"],
            Goal(ours_max=AGAIN_MS_MAX),
        ),
    ]  # fmt: skip


def _telephone(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")


def _first(browser: Browser, address: str) -> float:
    with _telephone(browser) as phone:
        page = phone.new_page()
        _slows(phone, page)
        return _painted(page, address)


def _slows(phone: BrowserContext, page: Page) -> None:
    network = phone.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", _3G)


def _again(browser: Browser, cafe: Town, link: str, *, has_network: bool = False) -> float:
    with _telephone(browser) as phone:
        page = phone.new_page()
        page.goto(link)
        while not page.evaluate(_KEPT):
            page.wait_for_timeout(30)
        if has_network:
            _slows(phone, page)
        else:
            phone.set_offline(True)
        return _painted(page, f"{cafe.club.base_url}/card")


def _painted(page: Page, address: str) -> float:
    """Milliseconds from the start of the first request to the first paint."""
    page.goto(address)
    began: float = page.evaluate(_PAINTED)
    return began
