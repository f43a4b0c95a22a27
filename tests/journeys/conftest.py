"""The town that journeys take place in, once on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.jobs.line import Line, line_on_loopback
from tests.journeys.town import Town, town


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café of program.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path) as running:
        running.travels_until_open()
        yield running


@pytest.fixture
def gym(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The gym of docs/programs/gym.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path, programme="docs/programs/gym.toml") as running:
        running.travels_until_open()
        yield running


@pytest.fixture
def line() -> Iterator[Line]:
    """A LINE that answers as told, for journeys without a town around them."""
    with line_on_loopback() as line:
        yield line
