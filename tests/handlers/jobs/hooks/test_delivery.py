"""How receivers are told, and what becomes of those that don't take it."""

from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from standardwebhooks import WebhookVerificationError

from handlers.jobs.hooks.delivery import HookDelivery
from rules.hooks.schedule import TRIES_MAX, WAITS
from tests.handlers.receivers import Receiver, Telling, answering, understood
from tests.waiting import SECONDS_MAX, until

DAY = timedelta(days=1)


def test_a_receiver_hears_of_a_visit_and_knows_by_the_published_library_that_it_is_ours(
    telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    cafe = telling.cafe
    to = telling.to(receiver.url, topics=("visit",))
    member = cafe.joins()

    cafe.visits(member)
    telling.sends()

    (told,) = receiver.told
    (secret,) = telling.secrets(to)
    said = understood(monkeypatch, told, secret, at=cafe.now)
    assert said["type"] == "visit.recorded"
    assert said["timestamp"] == "2026-01-05T12:00:00+09:00"
    assert said["data"]["member"] == {"id": member, "card_number": cafe.member(member).number}
    assert said["data"]["balance"] == cafe.balance(member)
    assert told.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        understood(monkeypatch, told, secret, at=cafe.now + timedelta(minutes=6))
    assert [each.status for each in telling.deliveries(to)] == ["taken"]


def test_what_was_taken_is_not_told_again(telling: Telling, receiver: Receiver) -> None:
    telling.to(receiver.url)
    telling.cafe.visits(telling.cafe.joins())
    telling.sends()
    heard = len(receiver.told)

    telling.cafe.passes(days=5)
    telling.sends()

    assert heard > 0
    assert len(receiver.told) == heard


def test_a_receiver_that_is_down_for_a_day_hears_it_afterwards_under_the_same_id(
    telling: Telling, receiver: Receiver
) -> None:
    cafe, to = telling.cafe, telling.of_a_visit(receiver, answering(500, "upgrading"))
    began = cafe.now
    telling.sends()
    while cafe.now < began + DAY:
        cafe.passes(minutes=30)
        telling.sends()
    failed = len(receiver.told)

    receiver.answer = answering(200)
    while cafe.now < began + 2 * DAY:
        cafe.passes(minutes=30)
        telling.sends()

    # At once, and after 5 s, 5 min, 30 min, 2, 5 and 10 hours; after 14 more it is up again.
    assert failed == 7
    assert len(receiver.told) == 8
    assert len({each.id for each in receiver.told}) == 1
    assert telling.receiver(to).is_on
    (delivery,) = telling.deliveries(to)
    assert (delivery.status, delivery.tries, delivery.answer_status) == ("taken", 8, 200)


def test_a_receiver_that_takes_nothing_for_days_is_turned_off(
    telling: Telling, receiver: Receiver
) -> None:
    cafe, to = telling.cafe, telling.of_a_visit(receiver, answering(500, "broken <b>for good</b>"))
    began = cafe.now
    telling.sends()
    while telling.receiver(to).is_on and cafe.now < began + 8 * DAY:
        cafe.passes(hours=1)
        telling.sends()

    assert len(receiver.told) == TRIES_MAX
    known = telling.receiver(to)
    assert known.off_reason == "failing"
    assert known.off_at is not None
    spread = known.off_at - began
    assert sum(WAITS, timedelta()) <= spread <= 1.2 * sum(WAITS, timedelta()) + DAY / 2
    (delivery,) = telling.deliveries(to)
    assert delivery.status == "failed"
    assert delivery.answer == "broken <b>for good</b>"
    cafe.visits(cafe.joins())
    telling.sends()
    assert len(receiver.told) == TRIES_MAX


def test_one_event_that_a_receiver_cannot_take_turns_nothing_off(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    cafe = telling.cafe
    poison = cafe.joins()

    def picky(request: BaseHTTPRequestHandler) -> None:
        is_it = receiver.told[-1].said["data"]["member"]["id"] == poison
        answering(500 if is_it else 200)(request)

    receiver.answer = picky
    cafe.visits(poison)
    telling.sends()
    others = cafe.joins()
    for _ in range(120):
        cafe.passes(hours=1)
        if cafe.now.hour == 3:
            cafe.visits(others)
        telling.sends()

    assert telling.receiver(to).is_on
    assert [each.status for each in telling.deliveries(to)].count("failed") == 1


def test_a_receiver_that_says_gone_is_turned_off_at_once(
    telling: Telling, receiver: Receiver
) -> None:
    cafe, to = telling.cafe, telling.of_a_visit(receiver, answering(410))

    telling.sends()
    cafe.passes(days=1)
    telling.sends()

    assert len(receiver.told) == 1
    assert telling.receiver(to).off_reason == "gone"


def test_a_receiver_that_is_turned_on_again_hears_what_waited(
    telling: Telling, receiver: Receiver
) -> None:
    cafe, to = telling.cafe, telling.of_a_visit(receiver, answering(410))
    telling.sends()
    receiver.answer = answering(200)

    cafe.passes(hours=1)
    telling.steps(to, "on")
    telling.sends()

    assert len({each.id for each in receiver.told}) == 1
    assert [each.status for each in telling.deliveries(to)] == ["taken"]


def test_a_process_that_dies_with_an_event_in_hand_leaves_it_to_the_next(
    telling: Telling, receiver: Receiver
) -> None:
    """It was sent, and nobody wrote that down."""
    cafe, to = telling.cafe, telling.of_a_visit(receiver)
    dies = HookDelivery(cafe.club)
    dies.step()
    until(lambda: receiver.told, "what it sends")
    dies._sender.stop()

    telling.sends()
    before = len(receiver.told)
    cafe.passes(seconds=61)
    telling.sends()

    assert before == 1
    first, again = receiver.told
    assert first.id == again.id
    assert first.body == again.body
    assert [each.status for each in telling.deliveries(to)] == ["taken"]


def test_two_processes_send_an_event_once(telling: Telling, receiver: Receiver) -> None:
    telling.to(receiver.url, topics=("visit",))
    for _ in range(6):
        telling.cafe.visits(telling.cafe.joins())
    other = HookDelivery(telling.cafe.club)

    telling.delivery.step()
    other.step()
    telling.sends()
    other.finish(seconds_max=SECONDS_MAX)
    other.stop()

    assert len(receiver.told) == len({each.id for each in receiver.told}) == 6
