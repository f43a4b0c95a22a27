"""Queuing what journeys have for the day: everybody once, whatever dies, wherever the shop is."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.store.finding import candidates
from bot.store.messages import outbox
from bot.store.tables import JOURNEYS_REST, notes, ticks
from bot.store.tables import outbox as table
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from rules.journeys.journey import Journey
from rules.journeys.programme import journey_named
from tests.conftest import FreshDatabase
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.foresight import drifts_on
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import statuses, user
from tests.rules.examples import LEAST
from tests.waiting import SECONDS_MAX

COMEBACK = """
[[journeys]]
kind = "lapsed"
steps = [{ days = 60 }]
holdout = 0
"""
NO_FIRST = """
[[journeys]]
kind = "first_visit"
off = true
"""
#: Some minutes into the business day that is sixty days after the visits of Monday noon.
MORNING = datetime(2026, 3, 5, 19, 30, tzinfo=UTC)


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, LEAST + COMEBACK, line_url=line.url) as club:
        yield club


def away(shop: SmallClub, count: int) -> None:
    """So many members who came once, two months ago; the night's work is done."""
    for n in range(count):
        shop.visits(shop.joins(user(n)), store="main")
    shop.clock.set(MORNING)
    nightly.run_if_due(shop.club)


def queued(shop: SmallClub) -> Counter[int]:
    with shop.store.read() as uow:
        return Counter(uow.run(select(table.c.member_id)).scalars())


class Killed(BaseException):
    """The process ends here."""


def test_killed_in_the_middle_nobody_is_missing_and_nobody_written_twice(
    shop: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "PAGE", 3)
    away(shop, 8)
    queue_many, calls = outbox.queue_many, [0]

    def dies(*args: Any) -> int:
        """Once before, once after what it queued is in the transaction."""
        calls[0] += 1
        if calls[0] == 2:
            raise Killed
        done = queue_many(*args)
        if calls[0] == 4:
            raise Killed
        return done

    monkeypatch.setattr(outbox, "queue_many", dies)
    for _ in range(2):
        with pytest.raises(Killed):
            queue.run_if_due(shop.club)
    assert 0 < len(queued(shop)) < 8
    assert queue.run_if_due(shop.club)
    assert sorted(queued(shop).values()) == [1] * 8
    assert not queue.run_if_due(shop.club)


def test_on_two_machines_at_once_each_message_is_queued_once(shop: SmallClub) -> None:
    away(shop, 8)
    ready = Barrier(3)

    def work() -> None:
        ready.wait(SECONDS_MAX)
        queue.run_if_due(shop.club)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(SECONDS_MAX)
    assert sorted(queued(shop).values()) == [1] * 8


def test_it_waits_for_the_nights_work(shop: SmallClub) -> None:
    for n in range(2):
        shop.visits(shop.joins(user(n)), store="main")
    shop.clock.set(MORNING)
    assert not queue.run_if_due(shop.club)
    assert statuses(shop) == {}


def test_after_an_outage_what_is_too_late_is_left_out(shop: SmallClub) -> None:
    away(shop, 2)
    shop.clock.set(MORNING + timedelta(days=20))
    nightly.run_if_due(shop.club)
    queue.run_if_due(shop.club)
    assert statuses(shop) == {}


def test_what_an_outage_made_too_late_is_logged_with_its_reason(shop: SmallClub) -> None:
    for n in range(2):
        shop.visits(shop.joins(user(n)), store="main")
    shop.clock.set(MORNING - timedelta(days=1))
    nightly.run_if_due(shop.club)
    queue.run_if_due(shop.club)
    shop.clock.set(MORNING + timedelta(days=20))
    with capture_logs() as logged:
        nightly.run_if_due(shop.club)
        queue.run_if_due(shop.club)
    assert [line["days"] for line in logged if line["event"] == "nights_missed"] == [20]
    asked = {line["journey"]: line for line in logged if line["event"] == "journey_asked"}
    assert asked["lapsed"]["too_late"] == 2
    assert statuses(shop) == {}


def test_the_share_held_back_is_on_record_and_never_sent(database_url: str, line: Line) -> None:
    with club_on(
        database_url, LEAST + COMEBACK.replace("holdout = 0", "holdout = 0.5"), line_url=line.url
    ) as shop:
        away(shop, 24)
        queue.run_if_due(shop.club)
        found = statuses(shop)
        assert sum(found.values()) == 24
        assert found["held_out"] > 3
        Clockwork(shop.club).travel(MORNING + timedelta(days=2), shop.clock.set)
        assert statuses(shop)["held_out"] == found["held_out"]
        assert len(line.accepted) == found["queued"]


def rows(shop: SmallClub) -> list[Any]:
    with shop.store.read() as uow:
        lapsed = select(table).where(table.c.journey == "journey:lapsed")
        return list(uow.run(lapsed.order_by(table.c.member_id, table.c.queued_at)))


def test_each_absence_of_a_member_is_drawn_anew_and_keeps_what_was_known_then(
    database_url: str, line: Line
) -> None:
    half = COMEBACK.replace("holdout = 0", "holdout = 0.5")
    with club_on(database_url, LEAST + half, line_url=line.url) as shop:
        away(shop, 16)
        queue.run_if_due(shop.club)
        for member in queued(shop):
            shop.visits(member, store="main")
        again = max(MORNING + timedelta(days=61), _drifting(shop, member))
        shop.clock.set(again)
        nightly.run_if_due(shop.club)
        queue.run_if_due(shop.club)
        drawn = [(row.member_id, row.status == "held_out") for row in rows(shop)]
        first, second = dict(drawn[::2]), dict(drawn[1::2])
        assert first.keys() == second.keys()
        assert len(first) == 16
        assert len({(first[member], second[member]) for member in first}) == 4
        assert {row.share for row in rows(shop)} == {0.5}
        # Who came twice is likelier to come than who came once.
        assert all(0 < a.chance < b.chance < 1 for a, b in pairwise_of(rows(shop)))


def _drifting(shop: SmallClub, member: int) -> datetime:
    """The night of the day on which they drift."""
    opens = shop.timeline.latest.programme.shop.opens(drifts_on(shop.club, member))
    return opens + timedelta(minutes=30)


def test_who_is_drawn_to_an_arm_for_others_gets_nothing_and_is_on_its_side(
    database_url: str, line: Line
) -> None:
    arms = 'arms = [{ id = "all" }, { id = "regulars", visits_min = 2 }]\n'
    with club_on(database_url, LEAST + COMEBACK + arms, line_url=line.url) as shop:
        away(shop, 12)
        found = queue.run(shop.club, lapsed_of(shop), day=date(2026, 3, 6), now=MORNING)
        sides = Counter((row.arm, row.status, row.reason) for row in rows(shop))
        outside = sides["regulars", "held_out", "other_audience"]
        assert sides == {
            ("all", "queued", None): 12 - outside,
            ("regulars", "held_out", "other_audience"): outside,
        }
        assert 2 < outside < 10
        assert (found["queued"], found["other_audience"]) == (12 - outside, outside)
        Clockwork(shop.club).travel(MORNING + timedelta(days=2), shop.clock.set)
        assert len(line.accepted) == 12 - outside


def lapsed_of(shop: SmallClub) -> Journey:
    found = journey_named(shop.club.timeline().latest.programme, "lapsed")
    assert found is not None
    return found


def pairwise_of(found: list[Any]) -> list[tuple[Any, Any]]:
    """The two rows of each member."""
    return list(zip(found[::2], found[1::2], strict=True))


#: Shops abroad, and days on which the clock is put forward or back there.
ABROAD = (
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
)


@pytest.mark.parametrize(("zone", "change"), ABROAD)
def test_where_the_clock_changes_each_day_comes_once_and_nights_stay_quiet(
    fresh_sqlite: FreshDatabase, line: Line, zone: str, change: date
) -> None:
    here = ZoneInfo(zone)
    text = LEAST.replace("[shop]\n", f'[shop]\ntimezone = "{zone}"\n') + COMEBACK + NO_FIRST
    noon = datetime.combine(change, time(12), here)
    start = noon.astimezone(UTC) - timedelta(days=62)
    with fresh_sqlite() as url, club_on(url, text, now=start, line_url=line.url) as shop:
        for n in range(4):
            shop.visits(shop.joins(user(n)), store="main")
            shop.passes(days=1)
        moments: list[datetime] = []
        line.during_push = lambda: moments.append(shop.now.astimezone(here))
        # The nights until then have nothing to do.
        shop.clock.set(start + timedelta(days=57))
        Clockwork(shop.club).travel(start + timedelta(days=66), shop.clock.set)
        with shop.store.read() as uow:
            keys = uow.run(select(ticks.c.key).where(ticks.c.key.like("tick:journey-lapsed:%")))
            days = sorted(key.rsplit(":", 1)[1] for key in keys.scalars())
    assert [moment.hour for moment in moments] == [10] * 4
    first = date.fromisoformat(days[0])
    assert days == [(first + timedelta(days=n)).isoformat() for n in range(len(days))]


SEASONS = """
[[journeys]]
kind = "campaign"
holdout = 0

[[campaigns]]
id = "tea"
name = { ja = "新茶の季節" }
starts = 2026-01-10
effect = { kind = "bonus", points = 5 }

[[campaigns]]
id = "book"
name = { ja = "読書の季節" }
starts = 2026-01-11
effect = { kind = "bonus", points = 5 }
"""


def test_what_waits_goes_out_though_another_campaign_has_begun(
    database_url: str, line: Line
) -> None:
    with club_on(database_url, LEAST + SEASONS, line_url=line.url) as shop:
        shop.visits(shop.joins(user(0)), store="main")
        for night in (9, 10):
            # 04:30 in the morning of the next day: nobody is written to before ten.
            shop.clock.set(datetime(2026, 1, night, 19, 30, tzinfo=UTC))
            nightly.run_if_due(shop.club)
            queue.run_if_due(shop.club)
        shop.passes(hours=9)
        Delivery(shop.club).deliver_due()
    [[told]] = [pushed.messages for pushed in line.accepted]
    assert "新茶の季節" in str(told)


def test_a_club_that_was_brought_in_puts_by_what_it_has_by_its_first_day(shop: SmallClub) -> None:
    """The club of before may have said it since the export was made."""
    with shop.store.begin() as uow:
        uow.insert_new(notes, [{"name": JOURNEYS_REST, "value": ""}])
    for n in range(2):
        shop.visits(shop.joins(user(n)), store="main")
        shop.passes(days=1)
    for day, known in ((0, ["skipped"]), (1, ["skipped", "queued"])):
        shop.clock.set(MORNING + timedelta(days=day))
        nightly.run_if_due(shop.club)
        queue.run_if_due(shop.club)
        with shop.store.read() as uow:
            rows = uow.run(select(table.c.status, table.c.reason).order_by(table.c.member_id))
            assert [row.status for row in rows] == known
