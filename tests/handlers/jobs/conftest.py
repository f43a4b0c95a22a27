from collections.abc import Iterator
from typing import Any

import pytest

from bot.alarms import Alarms, Told
from handlers.jobs.delivery.line import Delivery
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import Line, line_on_loopback
from tests.handlers.jobs.messages import USER
from tests.pseudo import pushed_abroad

__all__ = ["pushed_abroad"]


@pytest.fixture
def line() -> Iterator[Line]:
    with line_on_loopback() as line:
        yield line


@pytest.fixture
def cafe(database_url: str, line: Line) -> Iterator[SmallClub]:
    """The café that ships, on each database, with a LINE that answers as told."""
    with club_on(database_url, line_url=line.url) as club:
        yield club


@pytest.fixture
def member(cafe: SmallClub) -> int:
    return cafe.joins(USER)


@pytest.fixture
def delivery(cafe: SmallClub) -> Delivery:
    return Delivery(cafe.club)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the people of NOTIFY_URLS are told."""
    said: list[str] = []

    def tell(_alarms: Any, _title: str, body: str) -> Told:
        said.append(body)
        return Told(1, 1)

    monkeypatch.setattr(Alarms, "tell", tell)
    return said
