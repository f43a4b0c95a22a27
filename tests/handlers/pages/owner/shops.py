"""The café on either database, with a clock that is turned by hand, as the tests of a room of the
console import it; and what they ask of it alike."""

import csv
import io
from collections.abc import Iterator

import pytest

from handlers.club import Club
from handlers.jobs.night.figures import FigureKeeping
from tests.handlers.clubs import TUESDAY_NOON, SmallClub, club_on
from tests.handlers.pages.staff.conftest import Browser


@pytest.fixture
def shop(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


@pytest.fixture(name="shop")
def shop_on_tuesday(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, now=TUESDAY_NOON) as club:
        yield club


@pytest.fixture
def club(shop: SmallClub) -> Club:
    return shop.club


def kept(shop: SmallClub) -> None:
    """The figures are counted up to now."""
    FigureKeeping(shop.club).follow(seconds_max=60)


def rows_of(browser: Browser, path: str) -> list[list[str]]:
    """A table, from the file that a spreadsheet opens."""
    answer = browser.get(path)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
