"""The town's shop as its staff see it: a browser at the counter, and a card to hold before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from bot.passwords import hashed
from bot.store import staff
from bot.store.staff import Role
from handlers.club import Club
from tests.journeys.town import Customer, Town

PASSWORD = "a password of the tests"
PATIENCE_MS = 15_000
PHONE = (360, 740)
TABLET = (1180, 820)
LAPTOP = (1366, 768)


def hire(town: Town, login: str, name: str, role: Role = "owner", store: str | None = None) -> None:
    """Somebody who may sign in with PASSWORD."""
    club = town.club
    with club.store.begin() as uow:
        person = staff.add(
            uow, login=login, name=name, role=role, store=store, language="ja", at=club.now()
        )
        assert person is not None
        staff.change(uow, person.id, password_hash=hashed(PASSWORD))


def card_code(club: Club, customer: Customer) -> str:
    """What the QR on the customer's card says."""
    member = customer.member
    return club.codes.card_code(member.number, member.issue)


class Counter:
    """One browser window at the counter."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.context, self.base_url = context, base_url
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()

    def logs_in(self, login: str) -> None:
        self.page.goto(f"{self.base_url}/staff/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url("**/staff/")
        self.is_ready()

    def is_ready(self) -> None:
        """Waits until the page has a service worker in charge and has learned who works here."""
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.wait_for_function("document.getElementById('status').dataset.state === 'online'")

    def types(self, code: str) -> None:
        """What a hand scanner does: fast keys, and Enter, with no field selected."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def result(self) -> str:
        """What the big result says, once it is there."""
        self.page.locator("#result:visible").wait_for()
        return self.page.inner_text("#result")

    def says(self, words: str) -> None:
        """Waits until the result says so."""
        self.page.locator("#result", has_text=words).wait_for()

    def closes_result(self) -> None:
        self.page.click(".result-close")
        self.page.locator("#result").wait_for(state="hidden")

    def waiting(self) -> list[dict[str, Any]]:
        """What the device keeps for the server."""
        found: list[dict[str, Any]] = self.page.evaluate(_QUEUE)
        return found

    def waits_for_empty_queue(self) -> None:
        self.page.wait_for_function(f"({_QUEUE})().then((found) => found.length === 0)")


_QUEUE = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("kayoi-counter");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("queue").objectStore("queue").getAll();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""


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
