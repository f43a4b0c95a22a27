"""A message of two versions, and a page of what it brought."""

import html

from handlers.jobs.journeys.counting import JourneyCounting
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import FIRST_VISIT
from tests.rules.examples import LEAST

JOURNEY = "first_visit"
_ARMS = '[{ id = "a" }, { id = "b", title = { ja = "またどうぞ" } }]'
TWO = LEAST + FIRST_VISIT.replace('[{ id = "a" }]', _ARMS)


def counts_all(shop: SmallClub) -> int:
    """What the ticks of some minutes do."""
    count, counting_now = 0, JourneyCounting(shop.club)
    while counting_now.count_next():
        count += 1
        assert count < 50
    return count


def read(answer: str) -> str:
    return html.unescape(answer)
