"""Who drifts away: marked, written and called on the day that their row says, and on no other,
whatever the club learns in between."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.store.tables import members as table
from bot.store.tables import outbox
from handlers.actions.members.membership import change_membership
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.journeys import queue
from handlers.jobs.night import nightly
from handlers.showing.call_list import waiting_for_a_call
from tests.handlers.clubs import DAY, SmallClub, club_on
from tests.handlers.foresight import drifts_on, foretells
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import USER
from tests.rules.examples import LEAST
from tests.rules.science.foretelling import UNTOLD, drifting_after

WORDS = """
[[journeys]]
kind = "first_visit"
off = true
[[journeys]]
kind = "rhythm"
holdout = 0
[[journeys]]
kind = "lapsed"
steps = [{ days = 60 }, { days = 90 }]
holdout = 0
[[journeys]]
kind = "ask_why"
days = 40
visits_min = 10
holdout = 0
"""


@pytest.fixture
def shop(database_url: str, line: Line) -> Iterator[SmallClub]:
    with club_on(database_url, LEAST + WORDS, line_url=line.url) as club:
        yield club


def regular(shop: SmallClub, *, every: int, times: int) -> int:
    """Somebody who came so often, the last time just now."""
    member = shop.joins(USER)
    for place in range(times):
        if place:
            shop.passes(days=every)
        shop.visits(member, store="main")
    return member


def today(shop: SmallClub) -> date:
    return shop.timeline.latest.programme.shop.business_date(shop.now)


def passes_to(shop: SmallClub, day: date) -> None:
    """Goes to noon of that day; of the nights on the way only the last is done."""
    noon = shop.timeline.latest.programme.shop.opens(day) + timedelta(hours=8)
    shop.clock.set(max(shop.now, noon - DAY))
    Clockwork(shop.club).travel(noon, shop.clock.set)


def queued(shop: SmallClub) -> list[tuple[str, str, str]]:
    """Everything that was queued: the journey, the period and what became of it."""
    asked = select(outbox.c.journey, outbox.c.period, outbox.c.status)
    with shop.store.read() as uow:
        return [tuple(row) for row in uow.run(asked.order_by(outbox.c.queued_at))]


def state(shop: SmallClub, member: int) -> tuple[str | None, list[str], bool]:
    """Their mark, what was sent, and whether they are to be called."""
    with shop.store.read() as uow:
        mark = uow.run(select(table.c.at_risk).where(table.c.id == member)).scalar()
    sent = [
        f"{name.removeprefix('journey:')} {period}"
        for name, period, s in queued(shop)
        if s == "sent"
    ]
    return mark, sent, bool(waiting_for_a_call(shop.club))


def test_a_weekly_guest_is_marked_and_written_on_the_day_they_drift(
    shop: SmallClub, line: Line
) -> None:
    member = regular(shop, every=7, times=12)
    last, drifts = today(shop), drifts_on(shop.club, member)
    assert last + 7 * DAY < drifts < last + 60 * DAY
    passes_to(shop, drifts - DAY)
    assert state(shop, member)[:2] == (None, [])
    passes_to(shop, drifts)
    assert state(shop, member)[:2] == ("rhythm", [f"rhythm {last}"])
    passes_to(shop, last + 61 * DAY)
    assert state(shop, member)[:2] == ("lapsed", [f"rhythm {last}", f"lapsed {last}:60"])
    shop.visits(member, store="main")
    passes_to(shop, today(shop) + DAY)
    assert state(shop, member)[0] is None
    assert len(line.accepted) == 2


def test_who_comes_every_fifty_days_is_left_alone_until_they_drift(shop: SmallClub) -> None:
    foretells(shop.club, drifting_after(100))
    member = regular(shop, every=50, times=10)
    last = today(shop)
    for days in (41, 60, 61, 90, 99):
        passes_to(shop, last + days * DAY)
        assert state(shop, member) == (None, [], False)
    first, second = f"lapsed {last}:60", f"lapsed {last}:90"
    passes_to(shop, last + 100 * DAY)
    assert state(shop, member) == ("lapsed", [first], True)
    passes_to(shop, last + 107 * DAY)
    assert state(shop, member)[2] is False
    passes_to(shop, last + 129 * DAY)
    assert first in state(shop, member)[1]
    assert second not in state(shop, member)[1]
    passes_to(shop, last + 130 * DAY)
    assert second in state(shop, member)[1]


def test_of_whom_nothing_can_be_told_two_months_are_what_it_takes(shop: SmallClub) -> None:
    foretells(shop.club, UNTOLD)
    member = regular(shop, every=1, times=1)
    last = today(shop)
    passes_to(shop, last + 58 * DAY)
    assert state(shop, member) == (None, [], False)
    passes_to(shop, last + 60 * DAY)
    assert state(shop, member)[1] == [f"lapsed {last}:60"]
    assert drifts_on(shop.club, member) == date(2026, 3, 5)
    assert state(shop, member)[0] == "lapsed"


def test_days_off_put_it_off_for_who_is_marked_already_too(shop: SmallClub) -> None:
    foretells(shop.club, drifting_after(20))
    member = regular(shop, every=7, times=12)
    last = today(shop)
    passes_to(shop, last + 20 * DAY)
    assert state(shop, member)[0] == "rhythm"
    off = f"closed = [{{ on = {last + 5 * DAY}, until = {last + 14 * DAY} }}]"
    shop.publishes(LEAST.replace("[shop]\n", f"[shop]\n{off}\n") + WORDS)
    for days, mark in ((21, None), (29, None), (30, "rhythm")):
        passes_to(shop, last + days * DAY)
        assert drifts_on(shop.club, member) == last + 30 * DAY
        assert state(shop, member)[0] == mark


def test_who_rests_is_neither_marked_nor_written(shop: SmallClub) -> None:
    foretells(shop.club, drifting_after(20))
    member = regular(shop, every=7, times=12)
    with shop.work() as work:
        change_membership(work.acting("staff").under("k"), member, "paused", at=work.now)
    for days in (20, 60):
        passes_to(shop, today(shop) + days * DAY)
        assert state(shop, member) == (None, [], False)


def falls_due(shop: SmallClub, day: date) -> None:
    """The night of that day queues what is due; nothing has gone out."""
    opens = shop.timeline.latest.programme.shop.opens(day)
    shop.clock.set(opens + timedelta(minutes=10))
    assert nightly.run_if_due(shop.club)
    assert queue.run_if_due(shop.club)


@pytest.mark.parametrize("name", ["rhythm", "lapsed"])
def test_what_was_queued_too_early_goes_once_on_the_day_that_is_known_by_now(
    shop: SmallClub, line: Line, name: str
) -> None:
    """As when a fit, a day off or a new version of this program came between the night and ten
    o'clock."""
    before, after = (20, 33) if name == "rhythm" else (60, 83)
    foretells(shop.club, drifting_after(before))
    member = regular(shop, every=7, times=5)
    last = today(shop)
    falls_due(shop, last + before * DAY)
    period = str(last) if name == "rhythm" else f"{last}:60"
    assert queued(shop) == [(f"journey:{name}", period, "queued")]

    foretells(shop.club, drifting_after(after))
    passes_to(shop, last + before * DAY)
    passes_to(shop, last + (after - 1) * DAY)
    assert line.pushed == []
    assert queued(shop) == [(f"journey:{name}", period, "queued")]
    passes_to(shop, last + after * DAY)
    passes_to(shop, last + (after + 10) * DAY)
    assert len(line.accepted) == 1
    assert queued(shop) == [(f"journey:{name}", period, "sent")]
    assert state(shop, member)[0] is not None


def test_who_came_meanwhile_is_not_written(shop: SmallClub, line: Line) -> None:
    foretells(shop.club, drifting_after(20))
    member = regular(shop, every=7, times=5)
    falls_due(shop, today(shop) + 20 * DAY)
    foretells(shop.club, drifting_after(30))
    Delivery(shop.club).deliver_due()
    shop.passes(days=2)
    shop.visits(member, store="main")
    passes_to(shop, today(shop) + 12 * DAY)
    assert line.pushed == []
    assert [status for *_, status in queued(shop)] == ["skipped"]


def test_whoever_is_in_the_middle_of_it_is_written_no_step_twice(shop: SmallClub) -> None:
    foretells(shop.club, UNTOLD)
    member = regular(shop, every=50, times=4)
    last = today(shop)
    passes_to(shop, last + 60 * DAY)
    first, second = f"lapsed {last}:60", f"lapsed {last}:90"
    assert state(shop, member)[1] == [first]
    foretells(shop.club, drifting_after(80))
    for days, sent in ((80, [first]), (90, [first]), (109, [first]), (110, [first, second])):
        passes_to(shop, last + days * DAY)
        assert state(shop, member)[1] == sent
    foretells(shop.club, drifting_after(95))
    for days in (125, 130):
        passes_to(shop, last + days * DAY)
        assert state(shop, member)[1] == [first, second]
