"""A journey and an arm for who is in a saved segment: as it is queued, and as it goes out."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from handlers.jobs.clockwork import Clockwork
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from handlers.showing.journey_audience import journey_run, pages
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.journeys.test_queue import COMEBACK, MORNING, lapsed_of, rows
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import user
from tests.handlers.segments_saved import becomes, english, kept
from tests.journeys.counting import counting
from tests.rules.examples import LEAST

#: What is pushed here stands in the files of the texts, in whichever language.
pytestmark = pytest.mark.usefixtures("pushed_abroad")

DAY_OF = date(2026, 3, 6)
MINE = COMEBACK + 'segments = ["vip"]\n'
ARMS = COMEBACK + 'arms = [{ id = "all" }, { id = "chosen", segments = ["vip"] }]\n'


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, LEAST + MINE, line_url=line.url) as club:
        yield club


def two_away(shop: SmallClub) -> tuple[int, int]:
    """One of the segment and one who isn't, who came once, two months ago."""
    vip, other = english(shop, user(1)), shop.joins(user(2))
    for each in (vip, other):
        shop.visits(each, store="main")
    shop.clock.set(MORNING)
    nightly.run_if_due(shop.club)
    return vip, other


def asks(shop: SmallClub) -> Counter[str]:
    return queue.run(shop.club, lapsed_of(shop), day=DAY_OF, now=MORNING)


def to(shop: SmallClub) -> dict[int, str]:
    return {row.member_id: row.status for row in rows(shop)}


def goes_on(shop: SmallClub) -> None:
    Clockwork(shop.club).travel(MORNING + timedelta(days=2), shop.clock.set)


def test_it_is_for_who_is_in_the_segment_alone(shop: SmallClub, line: Line) -> None:
    kept(shop)
    vip, _ = two_away(shop)
    found = asks(shop)
    assert (found["queued"], found["other_segment"]) == (1, 1)
    assert to(shop) == {vip: "queued"}
    goes_on(shop)
    assert to(shop) == {vip: "sent"}
    assert len(line.accepted) == 1


def test_who_has_fallen_out_by_the_time_it_goes_out_is_not_written(
    shop: SmallClub, line: Line
) -> None:
    saved = kept(shop)
    vip, _ = two_away(shop)
    asks(shop)
    becomes(shop, saved, languages=("ja",))
    goes_on(shop)
    [mine] = [row for row in rows(shop) if row.member_id == vip]
    assert (mine.status, mine.reason) == ("skipped", "no_longer_true")


def test_a_segment_that_is_gone_writes_nobody(shop: SmallClub, line: Line) -> None:
    two_away(shop)
    assert asks(shop)["other_segment"] == 2
    goes_on(shop)
    assert not line.accepted


def test_a_page_of_members_costs_two_statements_more_and_none_where_none_is_named(
    database_url: str, line: Line
) -> None:
    counts = []
    with club_on(database_url, LEAST + COMEBACK, line_url=line.url) as shop:
        kept(shop)
        for n in range(6):
            shop.visits(english(shop, user(n)), store="main")
        shop.clock.set(MORNING - timedelta(hours=1))
        nightly.run_if_due(shop.club)
        # Each twice: the first time they are queued, or the programme is read.
        for text in (COMEBACK, COMEBACK, MINE, MINE):
            shop.publishes(LEAST + text)
            with counting(shop.store) as counted:
                asks(shop)
            counts.append(counted.queries)
        looked = journey_run(shop.club, shop.timeline.latest.programme, lapsed_of(shop), DAY_OF)
        assert counts[3] - counts[1] == 2 * len(list(pages(looked)))


def test_who_is_drawn_to_an_arm_for_a_segment_and_is_not_in_it_gets_nothing(
    database_url: str, line: Line
) -> None:
    with club_on(database_url, LEAST + ARMS, line_url=line.url) as shop:
        kept(shop)
        inside = [english(shop, user(n)) for n in range(12)]
        for each in (*inside, *(shop.joins(user(20 + n)) for n in range(12))):
            shop.visits(each, store="main")
        shop.clock.set(MORNING)
        nightly.run_if_due(shop.club)
        found = asks(shop)
        sides = Counter(
            (row.arm, row.member_id in inside, row.status, row.reason) for row in rows(shop)
        )
        outside = sides["chosen", False, "held_out", "other_audience"]
        assert 2 < outside < 10
        assert sides["chosen", True, "queued", None] > 2
        assert set(sides) == {
            ("all", True, "queued", None),
            ("all", False, "queued", None),
            ("chosen", True, "queued", None),
            ("chosen", False, "held_out", "other_audience"),
        }
        assert (found["queued"], found["other_audience"]) == (24 - outside, outside)
