"""The café, whose clock is turned by hand, on either database; and its owner's browser."""

from collections.abc import Iterator

import pytest

from handlers.club import Club
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def shop(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


@pytest.fixture
def club(shop: SmallClub) -> Club:
    return shop.club
