"""The town that journeys take place in, once on each kind of database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.handlers.jobs.line import Line, line_on_loopback
from tests.handlers.jobs.processes import Nursery
from tests.handlers.pages.staff.conftest import Desks, WallClock
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Town, town

#: A Sunday at noon in Tokyo, in the middle of a month: the next day a week has ended.
SUNDAY = datetime(2037, 11, 15, 3, tzinfo=UTC)


@pytest.fixture
def cafe(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café of program.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path) as running:
        running.opens()
        yield running


@pytest.fixture
def gym(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The gym of docs/programs/gym.toml, at noon of a day on which it is open."""
    with town(database_url, tmp_path, programme="docs/programs/gym.toml") as running:
        running.opens()
        yield running


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Where processes are started, none of which outlives the test."""
    started = Nursery()
    try:
        yield started
    finally:
        started.ends()


@pytest.fixture
def line() -> Iterator[Line]:
    """A LINE that answers as told, for journeys without a town around them."""
    with line_on_loopback() as line:
        yield line


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """The café of program.toml on that Sunday."""
    with town(database_url, tmp_path) as running:
        running.simulator.set_offset(SUNDAY - datetime.now(UTC))
        yield running


@pytest.fixture
def counter(shop: Town) -> Counter:
    """A registered device of the first branch, with somebody signed in."""
    desks = Desks(shop.club, shop.http.application, WallClock())
    device = desks.device()
    desks.hires("hana")
    assert device.logs_in("hana").status_code == 303
    return Counter(desks, device)
