"""That a till or web shop doesn't answer reaches people, once."""

from typing import Any

import pytest

from bot.alarms import Alarms
from bot.sellers.adapter import SellerError
from handlers.jobs.orders.watch import ConnectionWatch
from tests.handlers.sellers import PlayedSystem, Selling


@pytest.mark.parametrize("trouble", ["unauthorized", "away", "too_often", "nonsense"])
def test_people_hear_once_of_one_that_fails_for_a_day(
    selling: Selling, system: PlayedSystem, heard: list[str], trouble: Any
) -> None:
    selling.connects("kissaten")
    watch = ConnectionWatch(selling.cafe.club, Alarms())
    system.trouble = SellerError(trouble)
    selling.ticks()
    selling.cafe.passes(hours=23)
    selling.ticks()
    watch.follow()
    assert heard == []

    for _ in range(3):
        selling.cafe.passes(hours=1)
        selling.ticks()
        watch.follow()

    (said,) = heard
    assert "kissaten" in said
