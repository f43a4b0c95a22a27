"""LINE is slow, the machine sleeps, the process is told to end: nothing lost, nothing doubled."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.line import client, network
from bot.line.sender import Sender
from bot.store.messages.attempts import Attempt
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import PATIENCE, Delivery
from handlers.jobs.delivery_worker import DeliveryWorker
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import Line, Reaction
from tests.handlers.jobs.messages import everybody, queue, row, statuses
from tests.waiting import SECONDS_MAX

#: An answer that takes a while, though not too long.
SLOW = Reaction(200, takes=True, seconds=0.1)


def _each_is_told(cafe: SmallClub, count: int) -> None:
    for n, member in enumerate(everybody(cafe, count)):
        queue(cafe, member, f"{n}", period=f"{n}")


def _each_arrived_once(cafe: SmallClub, line: Line, count: int) -> None:
    assert statuses(cafe) == {"sent": count}
    assert len(line.arrived) == count
    assert set(line.arrived.values()) == {1}


def test_what_is_under_way_is_not_sent_a_second_time_when_its_lease_ends(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    _each_is_told(cafe, 5)
    delivery = Delivery(cafe.club)
    send = delivery._send

    def sleep(made: Sequence[Attempt], begin_by: float) -> None:
        send(made, begin_by)
        # The machine slept: its clock went on, what is under way did not.
        monkeypatch.undo()
        cafe.passes(seconds=61)

    monkeypatch.setattr(delivery, "_send", sleep)
    line.react = lambda: SLOW
    delivery.deliver_due()
    assert len(line.pushed) == 5
    _each_arrived_once(cafe, line, 5)


class _Wall:
    """The clock on the wall, which jumps while LINE has the third message in hand."""

    def __init__(self, line: Line, jumps: timedelta) -> None:
        self._line, self._seconds = line, jumps.total_seconds()

    def time(self) -> float:
        return time.time() + (self._seconds if len(self._line.pushed) >= 3 else 0)

    def monotonic(self) -> float:
        return time.monotonic()


def test_what_does_not_get_its_turn_in_time_is_decided_on_anew(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 8)
    delivery = Delivery(cafe.club)
    with monkeypatch.context() as slow:
        slow.setattr(network, "time", _Wall(line, PATIENCE.lease))
        delivery.deliver_due()
    assert len(line.pushed) == 3
    assert statuses(cafe) == {"sent": 3, "queued": 5}
    assert row(cafe, "7").reason == "line_unavailable"
    cafe.passes(seconds=10)
    delivery.deliver_due()
    _each_arrived_once(cafe, line, 8)


def test_what_would_begin_in_quiet_hours_waits_for_the_morning(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 8)
    programme = cafe.timeline.latest.programme
    policy, shop = programme.sending, programme.shop
    evening = datetime.combine(shop.business_date(cafe.now), policy.quiet_from, tzinfo=shop.zone)
    cafe.clock.set(evening.astimezone(UTC) - PATIENCE.lease / 4)
    delivery = Delivery(cafe.club)
    with monkeypatch.context() as slow:
        slow.setattr(network, "time", _Wall(line, PATIENCE.lease / 3))
        delivery.deliver_due()
    assert statuses(cafe) == {"sent": 3, "queued": 5}
    cafe.passes(seconds=60)
    delivery.deliver_due()
    assert len(line.pushed) == 3
    assert row(cafe, "7").reason == "quiet"
    cafe.passes(hours=14)
    delivery.deliver_due()
    _each_arrived_once(cafe, line, 8)


def test_whoever_is_told_to_end_waits_for_what_line_was_asked_alone(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 8)
    begun, given_back = threading.Event(), threading.Event()
    give_back = Sender.give_back

    def gives_back(sender: Sender) -> None:
        give_back(sender)
        given_back.set()

    def answers_late() -> None:
        begun.set()
        assert given_back.wait(SECONDS_MAX)

    monkeypatch.setattr(Sender, "give_back", gives_back)
    line.during_push = answers_late
    worker = DeliveryWorker(Clockwork(cafe.club), seconds=0.02)
    worker.start()
    assert begun.wait(SECONDS_MAX)
    worker.stop()
    assert statuses(cafe) == {"sent": 1, "queued": 7}
    cafe.passes(seconds=10)
    Delivery(cafe.club).deliver_due()
    _each_arrived_once(cafe, line, 8)


def test_a_day_of_deliveries_leaves_no_threads_and_no_connections(
    cafe: SmallClub, line: Line
) -> None:
    members = everybody(cafe, 8)
    delivery = Delivery(cafe.club)
    ours = [thread for thread in threading.enumerate() if thread.name == "line"]
    for n, member in enumerate(members):
        queue(cafe, member, f"{n}", period=f"{n}")
        delivery.deliver_due()
    assert [thread for thread in threading.enumerate() if thread.name == "line"] == ours
    assert delivery._sent == {}
    _each_arrived_once(cafe, line, 8)
