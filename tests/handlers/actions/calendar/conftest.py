"""Clubs whose points run out."""

from collections.abc import Iterator

import pytest

from tests.handlers.actions.calendar.expiring import BY_INACTIVITY, BY_LOT, NEVER, VISITS
from tests.handlers.clubs import SmallClub, club_on
from tests.rules.examples import LEAST, WELCOME, changed


@pytest.fixture
def by_lot(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME + VISITS, (NEVER, BY_LOT))) as club:
        yield club


@pytest.fixture
def by_inactivity(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url, changed(LEAST + WELCOME + VISITS, (NEVER, BY_INACTIVITY))) as club:
        yield club
