"""The town that journeys take place in, once on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.shop import days, next_month
from tests.journeys.town import Town, town


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café of program.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path) as running:
        _until_open(running)
        yield running


@pytest.fixture
def gym(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The gym of docs/programs/gym.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path, programme="docs/programs/gym.toml") as running:
        _until_open(running)
        yield running


def _until_open(running: Town) -> None:
    """Travels to noon of the first open day of next month: nothing depends on today's date."""
    shop = running.club.timeline().latest.programme.shop
    first = next_month(running.today())
    day = next(day for day in days(first, next_month(first)) if shop.is_open(day))
    running.travels_to_day(day)
