"""The café, its owner, and a browser. Run by `make e2e` only: it needs Chromium."""

import logging
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from bot.logs import configure_logs
from handlers.pages.staff.frame.tries import limiter
from tests.e2e.shop import Counter, counter, hire
from tests.journeys.town import Town, town
from tests.screens.browser import chromium, launched


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """A request that went well is not worth a line."""
    configure_logs(level=logging.WARNING)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, chromium()) as running:
        yield running


@pytest.fixture(scope="module")
def cafe(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The café of program.toml at noon of an open day, with its owner, whose login is "owner".

    One for all the tests of a file: each brings customers of its own.
    """
    folder = tmp_path_factory.mktemp("cafe")
    path = folder / "kayoi.sqlite3"
    path.write_bytes(sqlite_template)
    with town(f"sqlite:///{path}", folder) as running:
        running.opens()
        hire(running.club, "owner", "山田はな")
        yield running


@pytest.fixture
def desk(browser: Browser, cafe: Town) -> Iterator[Counter]:
    """The owner, signed in at the counter's tablet."""
    with counter(browser, cafe) as opened:
        opened.logs_in("owner")
        try:
            yield opened
        finally:
            cafe.web.starts()


@pytest.fixture(autouse=True)
def nobody_tried_before(cafe: Town) -> None:
    """All sign in from one address here, far more often in a minute than a shop does."""
    del cafe  # Which makes the limits' memory.
    limiter.reset()
