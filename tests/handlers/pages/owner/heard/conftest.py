"""The café on either database, with a clock that is turned by hand; and its owner's browser."""

from collections.abc import Iterator

import pytest

from handlers.club import Club
from tests.handlers.clubs import TUESDAY_NOON, SmallClub, club_on


@pytest.fixture
def shop(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, now=TUESDAY_NOON) as club:
        yield club


@pytest.fixture
def club(shop: SmallClub) -> Club:
    return shop.club
