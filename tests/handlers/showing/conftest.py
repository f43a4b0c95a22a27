from collections.abc import Iterator

import pytest

from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[SmallClub]:
    """The café that ships, on each database."""
    with club_on(database_url) as club:
        yield club
