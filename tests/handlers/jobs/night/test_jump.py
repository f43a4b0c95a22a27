"""A clock years ahead waits for somebody's word; so does a shop that was shut, which gives it."""

from datetime import date, timedelta

import pytest

from bot.store.staff import flags
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.night import jump, nightly
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import queue, row

USER = "U" + "1" * 32


def night_done(cafe: SmallClub) -> date:
    """The day of the last night."""
    assert nightly.run_if_due(cafe.club)
    return cafe.timeline.latest.programme.shop.business_date(cafe.now)


def alarms(cafe: SmallClub) -> list[str]:
    with cafe.store.read() as uow:
        return [flag.kind for flag in flags.of_the_club(uow, limit=9)]


def test_a_clock_ten_years_ahead_does_nothing_to_anybody(cafe: SmallClub, line: Line) -> None:
    member = cafe.joins(USER)
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member)
    night_done(cafe)
    before, clockwork = cafe.member(member), Clockwork(cafe.club)
    clockwork.deliver()
    queue(cafe, member, useful=timedelta(days=30))
    pushed = len(line.pushed)
    right = cafe.now
    cafe.passes(days=3652)
    for _ in range(2):
        clockwork.tick()
        assert clockwork.deliver() == 0
    assert cafe.member(member) == before
    assert len(line.pushed) == pushed
    assert alarms(cafe) == ["jump"]
    # Put right, it goes on as if nothing had been.
    cafe.clock.set(right + timedelta(days=1))
    clockwork.tick()
    assert not jump.JumpGuard(cafe.club).waits()
    clockwork.deliver()
    assert row(cafe).status == "sent"
    assert cafe.differences(member) == []


@pytest.mark.parametrize(("days", "waits"), [(1, False), (35, False), (36, True)])
def test_a_month_shut_is_believed(cafe: SmallClub, line: Line, days: int, waits: bool) -> None:
    night_done(cafe)
    cafe.passes(days=days)
    assert jump.JumpGuard(cafe.club).waits() == waits


def test_a_shop_that_was_shut_for_a_season_says_so(cafe: SmallClub, line: Line) -> None:
    member = cafe.joins(USER)
    last = night_done(cafe)
    cafe.passes(days=90)
    clockwork, day = Clockwork(cafe.club), last + timedelta(days=90)
    clockwork.tick()
    assert not nightly_done(cafe, day)
    assert alarms(cafe) == ["jump"]
    assert jump.accept(cafe.club, day + timedelta(days=1)) is None
    accepted = jump.accept(cafe.club, day)
    assert accepted is not None
    assert accepted.days == 90
    assert alarms(cafe) == []
    clockwork.tick()
    assert nightly_done(cafe, day)
    assert jump.accept(cafe.club, day) is None
    assert cafe.differences(member) == []


def nightly_done(cafe: SmallClub, day: date) -> bool:
    from bot.store.finding import ticks

    with cafe.store.read() as uow:
        return ticks.tick_done(uow, f"tick:nightly:{day.isoformat()}")


def test_travel_goes_as_far_as_it_likes(cafe: SmallClub, line: Line) -> None:
    night_done(cafe)
    clockwork = Clockwork(cafe.club)
    clockwork.travel(cafe.now + timedelta(days=40), cafe.clock.set)
    assert not jump.JumpGuard(cafe.club).waits()


def test_a_new_club_has_nothing_to_be_ahead_of(cafe: SmallClub, line: Line) -> None:
    assert not jump.JumpGuard(cafe.club).waits()
