"""SMS while Twilio or we are in trouble: none twice, and none lost that surely did not leave."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot import metrics
from bot.sms import (
    SmsRejected,
    SmsUnavailable,
    SmsUnknown,
)
from handlers.jobs.delivery.sms import SmsDelivery
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.delivery.sms.conftest import TEN, Door, promised, somebody_else
from tests.handlers.jobs.messages import statuses, travels
from tests.waiting import SECONDS_MAX


def test_an_account_that_twilio_refuses_costs_no_message(
    shop: SmallClub, door: Door, member: int
) -> None:
    somebody_else(shop, 2, "+819000000001")
    door.answers.extend([SmsUnavailable(20003)] * 20)
    travels(shop, TEN + timedelta(minutes=19, seconds=30), past=TEN)
    # One asks for both, once a minute.
    assert len(door.sent) == 20
    assert statuses(shop) == {"queued": 2}
    travels(shop, TEN + timedelta(minutes=30), past=TEN)
    assert statuses(shop) == {"sent": 2}


def test_while_twilio_does_not_answer_few_are_lost(
    shop: SmallClub, door: Door, member: int
) -> None:
    for number in range(2, 7):
        somebody_else(shop, number, f"+81900000000{number}")
    door.answers.append(SmsUnknown())
    travels(shop, TEN + timedelta(seconds=59), past=TEN)
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain": 1, "queued": 5}
    travels(shop, TEN + timedelta(minutes=2), past=TEN)
    assert statuses(shop) == {"uncertain": 1, "sent": 5}


def test_a_message_that_twilio_never_takes_is_given_up(
    shop: SmallClub, door: Door, member: int
) -> None:
    door.answers.extend([SmsRejected(21617)] * 20)
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert len(door.sent) == 5
    assert statuses(shop) == {"failed": 1}
    assert promised(shop, member) == 0


def test_they_keep_nobody_waiting_who_wants_to_stop(
    shop: SmallClub, door: Door, member: int
) -> None:
    somebody_else(shop, 2, "+819000000001")
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    delivery = SmsDelivery(shop.club)
    assert delivery.deliver_due(seconds_max=0) == 0
    assert delivery.deliver_due(stopping=lambda: len(door.sent) == 1) == 1
    assert statuses(shop) == {"sent": 1, "queued": 1}


def test_what_was_decided_on_before_the_machine_slept_is_decided_on_anew(
    shop: SmallClub, door: Door, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    count = metrics.count_messages

    def sleep(outcomes: Counter[str]) -> None:
        count(outcomes)
        shop.clock.set(TEN + timedelta(hours=12))  # 22:00

    # Between what is noted and Twilio: the lid is shut for half a day.
    monkeypatch.setattr(metrics, "count_messages", sleep)
    SmsDelivery(shop.club).deliver_due()
    monkeypatch.undo()
    shop.passes(minutes=2)
    SmsDelivery(shop.club).deliver_due()
    assert door.sent == []
    assert statuses(shop) == {"queued": 1}


class Killed(BaseException):
    """The process ends here."""


def test_what_a_dead_process_had_in_hand_is_uncertain_and_stays_so(
    shop: SmallClub, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)

    def die() -> None:
        raise Killed

    door.during.append(die)
    with pytest.raises(Killed):
        SmsDelivery(shop.club).deliver_due()
    door.during.clear()
    SmsDelivery(shop.club).deliver_due()
    assert statuses(shop) == {"sending": 1}
    shop.passes(minutes=6)
    SmsDelivery(shop.club).deliver_due()
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain": 1}
    assert promised(shop, member) == 1


def test_workers_at_once_send_it_once(shop: SmallClub, door: Door, member: int) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    ready = Barrier(3)

    def work() -> None:
        ready.wait(SECONDS_MAX)
        SmsDelivery(shop.club).deliver_due()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(SECONDS_MAX)
    assert len(door.sent) == 1
