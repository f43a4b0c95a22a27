"""The town's shop as its staff see it: a browser at the counter, and a card to hold before it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from playwright.sync_api import TimeoutError as NotInTime

from bot.passwords import hashed
from bot.store.staff import staff
from bot.store.staff.staff import Role
from handlers.club import Club
from rules.base import Lang
from tests.journeys.town import Customer, Town

PASSWORD = "a password of the tests"
PATIENCE_MS = 60_000
PHONE = (360, 740)
TABLET = (1180, 820)
LAPTOP = (1366, 768)

_QUEUE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("kayoi-counter");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("queue").objectStore("queue").getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""

_PRESS = """async ([keys, tapped]) => {
  if (tapped) document.querySelector(tapped).click();
  // All that follows from the tap alone, and no frame yet.
  for (let turn = 0; tapped && turn < 50; turn += 1) await null;
  for (const key of keys) {
    const options = { key, code: key, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", options));
  }
}"""


def hire(
    club: Club,
    login: str,
    name: str,
    role: Role = "owner",
    store: str | None = None,
    *,
    language: Lang = "ja",
) -> None:
    """Somebody who may sign in with PASSWORD."""
    with club.store.begin() as uow:
        person = staff.add(
            uow, login=login, name=name, role=role, store=store, language=language, at=club.now()
        )
        assert person is not None
        staff.change(uow, person.id, password_hash=hashed(PASSWORD))


def card_code(customer: Customer) -> str:
    """What the QR on the customer's card says."""
    member = customer.member
    return customer.town.club.codes.card_code(member.number, member.issue)


def joins(town: Town, name: str) -> Customer:
    """A customer who has added the account, and so has a card."""
    customer = town.newcomer(name)
    customer.follows()
    return customer


def visits(customer: Customer) -> int:
    return customer.member.facts.visits


def read_code(shown: Page | Locator) -> str:
    """What a scanner reads off the screen, once there is a code: while one moves on, there is
    none."""
    page = shown if isinstance(shown, Page) else shown.page
    found: list[str] = []

    def is_there() -> bool:
        picture = Image.open(BytesIO(shown.screenshot())).convert("L")
        found.extend(each.text for each in zxingcpp.read_barcodes(picture))
        return bool(found)

    waits_until(page, is_there, "no code on the screen")
    return found[0]


def waits_until(page: Page, is_so: Callable[[], bool], what: str = "") -> None:
    """Waits as long as the browser does for anything else."""
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < give_up, what
        page.wait_for_timeout(30)


def until(page: Page, condition: str) -> None:
    """Waits until an expression of the page is true. (Playwright's own way would need what the
    page's security policy forbids.)"""
    waits_until(page, lambda: bool(page.evaluate(condition)), condition)


class Counter:
    """One browser window at the counter."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context, self.base_url = context, base_url
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()

    def logs_in(self, login: str) -> None:
        self.page.goto(f"{self.base_url}/staff/login?next=/staff/")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/staff/")
        self.is_ready()

    def is_ready(self) -> None:
        """Waits until the service worker is in charge, and the page has learned who works here."""
        self.until("navigator.serviceWorker.controller !== null")
        self.until("performance.getEntriesByName(location.origin + '/staff/api/recent').length > 0")

    def reopens(self) -> None:
        """The tab was closed, or the device restarted: the page is opened anew."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(f"{self.base_url}/staff/")
        self.page.locator("#desk").wait_for()

    def types(self, code: str, *, tapped: str = "") -> None:
        """What a hand scanner does: fast keys, and Enter, with no field selected. All in the same
        moment: with a busy neighbour, real keys would come as slowly as a person's. `tapped`: what
        is tapped in that moment, too, right before."""
        self.page.evaluate(_PRESS, [[*code, "Enter"], tapped])

    def says(self, *words: str) -> None:
        """Waits until the big result says all of it."""
        found = self.page.locator("#result")
        for each in words:
            found = found.filter(has_text=each)
        try:
            found.wait_for()
        except NotInTime:
            raise AssertionError(f"{words} is not in: {self.page.inner_text('#desk')}") from None

    def scans(self, code: str, *words: str) -> None:
        """Types the code and waits for a new result that says the words."""
        if self.page.is_visible("#result"):
            self.page.click(".result-close")
        self.types(code)
        self.says(*words)

    def goes_offline(self, town: Town) -> None:
        """Airplane mode, and no server behind it either."""
        self.context.set_offline(True)
        town.web.stops()

    def comes_online(self, town: Town) -> None:
        town.web.starts()
        self.context.set_offline(False)

    def waiting(self) -> list[dict[str, Any]]:
        """What the device keeps for the server."""
        found: list[dict[str, Any]] = self.page.evaluate(_QUEUE)
        return found

    def has_sent_all(self) -> None:
        """Waits until the server has answered everything that was kept."""
        self.until(f"({_QUEUE})().then((found) => found.length === 0)")

    def until(self, condition: str) -> None:
        until(self.page, condition)

    def waits_until(self, is_so: Callable[[], bool], what: str = "") -> None:
        waits_until(self.page, is_so, what)


@contextmanager
def counter(
    browser: Browser, town: Town, size: tuple[int, int] = TABLET, **options: Any
) -> Iterator[Counter]:
    """A window of that size, with nothing in it yet."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="ja-JP", **options
    )
    try:
        yield Counter(context, town.club.base_url)
    finally:
        context.close()
