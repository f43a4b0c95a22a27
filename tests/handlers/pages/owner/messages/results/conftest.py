"""A club with a message of two versions, and those to whom it went."""

from collections.abc import Iterator

import pytest

from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.commands.messages import Messages
from tests.handlers.jobs.line import Line
from tests.handlers.pages.owner.messages.results.two_versions import TWO


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, TWO, line_url=line.url) as club:
        yield club


@pytest.fixture
def messages(shop: SmallClub) -> Messages:
    """Of two versions b brings nearly everybody, and a nobody who would not have come."""
    messages = Messages(shop)
    messages.people(120)
    arms = (None, "a", "b")
    messages.fall_due(
        [
            (arm, 0.3, n % 8 > 0 if arm == "b" else n % 4 == 0)
            for n in range(120)
            for arm in (arms[n % 3],)
        ]
    )
    return messages
