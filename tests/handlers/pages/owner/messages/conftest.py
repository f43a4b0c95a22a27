"""A small club with two journeys of its own, whose clock is turned by hand, on either database; and
its owner's browser."""

from collections.abc import Iterator

import pytest

from handlers.club import Club
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.conftest import line as line
from tests.handlers.jobs.line import Line
from tests.rules.examples import LEAST

JOURNEYS = """
[[journeys]]
kind = "lapsed"
steps = [{ days = 60 }]
holdout = 0

[[journeys]]
kind = "first_visit"
off = true

[[campaigns]]
id = "spring"
name = { ja = "春の20ポイント", en = "Spring" }
starts = 2026-03-01
ends = 2026-03-31
effect = { kind = "bonus", points = 20 }

[[campaigns]]
id = "rain"
name = { ja = "雨の日" }
staff_switch = true
effect = { kind = "bonus", points = 5 }
"""


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, LEAST + JOURNEYS, line_url=line.url) as club:
        yield club


@pytest.fixture
def club(shop: SmallClub) -> Club:
    return shop.club
