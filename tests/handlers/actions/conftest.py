from collections.abc import Iterator

import pytest

from tests.handlers.clubs import TestClub, club_on


@pytest.fixture
def cafe(database_url: str) -> Iterator[TestClub]:
    """The café that ships, on each database."""
    with club_on(database_url) as club:
        yield club
