"""LINE's statistics: what is asked, how often, and what becomes of what it tells."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.store.members import members
from bot.store.messages import line_units
from bot.store.messages.line_units import UnitPeriod
from handlers.actions.broadcasts.leading import send
from handlers.actions.broadcasts.queueing import queue_part
from handlers.actions.broadcasts.trying import try_broadcast
from handlers.actions.broadcasts.writing import add_broadcast
from handlers.actions.recording.actor import Actor
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.statistics import LineStatistics
from rules.broadcasts.broadcast import Broadcast
from rules.sending.units import unit_of
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import Line

#: A day of Japan's begins at 15:00 of UTC's.
NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
UNIT = unit_of("lapsed", "a")
OWNER = Actor(staff_id=1, name="佐藤", role="owner", store="ekimae")


@pytest.fixture
def statistics(cafe: SmallClub) -> LineStatistics:
    return LineStatistics(cafe.club)


def known(cafe: SmallClub) -> list[UnitPeriod]:
    with cafe.club.store.read() as uow:
        return line_units.of_journey(uow, "lapsed", limit=9)


def goes_out(cafe: SmallClub, on: date, arm: str = "a") -> None:
    """As a delivery notes it."""
    with cafe.club.store.begin() as uow:
        line_units.note_sending(uow, {unit_of("lapsed", arm): ("lapsed", arm)}, on=on)


def on_day(cafe: SmallClub, day: date) -> None:
    cafe.clock.set(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))


def asks(cafe: SmallClub, statistics: LineStatistics) -> None:
    """As often as it may in some minutes, with ticks between."""
    for _ in range(40):
        cafe.clock.set(cafe.now + timedelta(seconds=5))
        statistics.run_if_due()


def test_it_is_asked_once_a_minute(cafe: SmallClub, line: Line, statistics: LineStatistics) -> None:
    """LINE answers 60 times an hour, and a tick comes every five seconds."""
    for number in range(70):
        goes_out(cafe, date(2026, 4, 1), f"arm{number}")
    on_day(cafe, date(2026, 4, 2))
    for _ in range(720):
        cafe.clock.set(cafe.now + timedelta(seconds=5))
        statistics.run_if_due()
    assert 50 <= len(line.units_asked) <= 60


def test_it_is_asked_once_a_day_a_day_until_line_counts_no_more(
    cafe: SmallClub, line: Line, statistics: LineStatistics
) -> None:
    first = date(2026, 4, 1)
    goes_out(cafe, first)
    on_day(cafe, first)
    statistics.run_if_due()
    assert line.units_asked == [], "nobody has opened anything yet"
    line.opened = 20
    for days in range(1, 40):
        on_day(cafe, first + timedelta(days))
        asks(cafe, statistics)
    asked = line.units_asked
    assert [each["to"] for each in asked] == [f"202604{day:02}" for day in range(2, 17)]
    assert {(each["customAggregationUnit"], each["from"]) for each in asked} == {(UNIT, "20260401")}
    [told] = known(cafe)
    assert (told.opened, told.tapped, told.asked_on) == (20, None, date(2026, 4, 16))


def test_what_goes_out_for_months_is_counted_by_31_days(
    cafe: SmallClub, line: Line, statistics: LineStatistics
) -> None:
    first = date(2026, 4, 1)
    for days in range(40):
        goes_out(cafe, first + timedelta(days))
        on_day(cafe, first + timedelta(days))
        asks(cafe, statistics)
    spans = [(each.first_on, each.last_on, each.ends_on) for each in known(cafe)]
    assert spans == [
        (date(2026, 5, 2), date(2026, 5, 10), date(2026, 6, 1)),
        (date(2026, 4, 1), date(2026, 5, 1), date(2026, 5, 1)),
    ]
    assert max(each["to"] for each in line.units_asked if each["from"] == "20260401") == "20260501"


def test_one_that_line_refuses_keeps_no_other_from_being_asked(
    cafe: SmallClub, line: Line, statistics: LineStatistics
) -> None:
    for arm in ("a", "b"):
        goes_out(cafe, date(2026, 4, 1), arm)
    on_day(cafe, date(2026, 4, 2))
    line.statistics_status = 400
    statistics.run_if_due()
    line.statistics_status, line.opened = 200, 25
    asks(cafe, statistics)
    assert len(line.units_asked) == 2
    assert sorted(each.opened or 0 for each in known(cafe)) == [0, 25]
    on_day(cafe, date(2026, 4, 3))
    asks(cafe, statistics)
    assert [each.opened for each in known(cafe)] == [25, 25]


def test_two_processes_ask_of_each_once(cafe: SmallClub, line: Line) -> None:
    for arm in ("a", "b", "c"):
        goes_out(cafe, date(2026, 4, 1), arm)
    on_day(cafe, date(2026, 4, 2))
    processes = [LineStatistics(cafe.club) for _ in range(2)]
    real, read = line_units.next_to_ask, list[UnitPeriod | None]()

    def both_have_read(*args: Any, **kwargs: Any) -> UnitPeriod | None:
        """The second looks before the first has said that it asks."""
        period = real(*args, **kwargs)
        if not read:
            read.append(period)
            processes[1].run_if_due()
        return period

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_units, "next_to_ask", both_have_read)
        processes[0].run_if_due()
    assert len(line.units_asked) == 1
    for process in processes:
        asks(cafe, process)
    asked = [each["customAggregationUnit"] for each in line.units_asked]
    assert len(asked) == len(set(asked)) == 3


@pytest.mark.parametrize("status", [429, 500])
def test_line_is_left_for_an_hour_when_it_does_not_answer(
    cafe: SmallClub, line: Line, statistics: LineStatistics, status: int
) -> None:
    goes_out(cafe, date(2026, 4, 1))
    on_day(cafe, date(2026, 4, 2))
    line.statistics_status = status
    for minutes in (0, 59, 60):
        cafe.clock.set(NOON + timedelta(days=1, minutes=minutes))
        statistics.run_if_due()
    assert len(line.units_asked) == 2
    line.statistics_status, line.opened = 200, 33
    cafe.clock.set(NOON + timedelta(days=1, hours=3))
    statistics.run_if_due()
    assert [each.opened for each in known(cafe)] == [33]


def test_a_broadcast_has_a_unit_and_its_trial_has_none(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    with cafe.work(OWNER) as work:
        words = {"name": "豆", "title": {"ja": "豆です"}, "body": {"ja": "どうぞ"}}
        made = add_broadcast(work, Broadcast.model_validate(words))
        number = members.lock(work.uow, member).number
        assert try_broadcast(work, made, number) is None
    delivery.deliver_due()
    assert [each.unit for each in line.pushed] == [None]
    with cafe.work(OWNER) as work:
        assert send(work, made, revision=1) is None
        queue_part(work, made)
    delivery.deliver_due()
    name = f"broadcast:{made}"
    assert line.pushed[-1].unit == unit_of(name, "a")
    with cafe.club.store.read() as uow:
        [period] = line_units.of_journey(uow, name, limit=9)
        assert line_units.delivered(uow, period) == 1


def test_a_tick_asks(cafe: SmallClub, line: Line) -> None:
    goes_out(cafe, date(2026, 4, 1))
    on_day(cafe, date(2026, 4, 2))
    Clockwork(cafe.club).tick()
    assert len(line.units_asked) == 1


def test_a_journeys_message_has_its_versions_unit_and_an_answer_has_none(
    cafe: SmallClub, line: Line, member: int, delivery: Delivery
) -> None:
    for _ in range(3):
        cafe.passes(days=1)
        cafe.visits(member, by="staff")
        delivery.deliver_due()
    answers = len(line.pushed)
    assert answers
    assert {each.unit for each in line.pushed} == {None}
    Clockwork(cafe.club).travel(cafe.now + timedelta(days=75), cafe.clock.set)
    units = {each.unit for each in line.pushed[answers:]}
    with cafe.club.store.read() as uow:
        [period, *_] = line_units.of_journey(uow, "journey:lapsed", limit=9)
        assert line_units.delivered(uow, period) == 1
    assert unit_of("journey:lapsed", period.arm) in units
