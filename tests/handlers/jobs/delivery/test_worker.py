"""LINE is slow, the machine sleeps, the process is told to end: nothing lost, nothing doubled."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.line import client
from bot.store.messages.attempts import Attempt
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from handlers.jobs.delivery.outcomes import Patience
from handlers.jobs.delivery.worker import DeliveryWorker
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.line import OK, Line, Reaction
from tests.handlers.jobs.messages import everybody, queue, row, statuses

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


def test_what_does_not_get_its_turn_in_time_is_decided_on_anew(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 40)
    delivery = Delivery(cafe.club, Patience(lease=timedelta(seconds=3)))
    line.react = lambda: SLOW
    delivery.deliver_due()
    sent = len(line.pushed)
    assert 1 <= sent < 40
    assert statuses(cafe) == {"sent": sent, "queued": 40 - sent}
    assert row(cafe, "39").reason == "line_unavailable"
    line.react = lambda: OK
    cafe.passes(seconds=10)
    delivery.deliver_due()
    _each_arrived_once(cafe, line, 40)


def test_what_would_begin_in_quiet_hours_waits_for_the_morning(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 40)
    programme = cafe.timeline.latest.programme
    policy, shop = programme.sending, programme.shop
    evening = datetime.combine(shop.business_date(cafe.now), policy.quiet_from, tzinfo=shop.zone)
    cafe.clock.set(evening.astimezone(UTC) - timedelta(seconds=1.5))
    line.react = lambda: SLOW
    delivery = Delivery(cafe.club)
    delivery.deliver_due()
    sent = len(line.pushed)
    assert 1 <= sent < 40
    assert statuses(cafe) == {"sent": sent, "queued": 40 - sent}
    cafe.passes(seconds=60)
    delivery.deliver_due()
    assert len(line.pushed) == sent
    assert row(cafe, "39").reason == "quiet"
    line.react = lambda: OK
    cafe.passes(hours=14)
    delivery.deliver_due()
    _each_arrived_once(cafe, line, 40)


def test_whoever_is_told_to_end_waits_for_what_line_was_asked_alone(
    cafe: SmallClub, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SENDING_AT_ONCE", 1)
    _each_is_told(cafe, 40)
    begun = threading.Event()
    line.react, line.during_push = lambda: SLOW, begun.set
    worker = DeliveryWorker(Clockwork(cafe.club), seconds=0.02)
    worker.start()
    assert begun.wait(20)
    asked_at = time.monotonic()
    worker.stop()
    took = time.monotonic() - asked_at
    assert took < 2, f"40 of them would have taken 4 seconds, it took {took}"
    sent = len(line.pushed)
    assert statuses(cafe) == {"sent": sent, "queued": 40 - sent}
    line.react = lambda: OK
    cafe.passes(seconds=10)
    Delivery(cafe.club).deliver_due()
    _each_arrived_once(cafe, line, 40)


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
