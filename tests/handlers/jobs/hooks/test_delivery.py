"""How receivers are told, and what becomes of those that don't take it."""

import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from standardwebhooks import WebhookVerificationError

from bot.hooks.addresses import Lookup
from bot.store.hooks import endpoints
from handlers.jobs.hooks import delivery as delivery_module
from handlers.jobs.hooks.delivery import HookDelivery
from rules.hooks.schedule import TRIES_MAX, WAITS
from tests.handlers.receivers import Receiver, Telling, answering, receiver_on_loopback, understood
from tests.waiting import SECONDS_MAX

DAY = timedelta(days=1)


def leading_to(*found: list[str]) -> Lookup:
    """A name that leads there, with each question to the next; to the last ever after."""
    told = list(found)

    def ask(_host: str, _port: int) -> list[str]:
        return told.pop(0) if len(told) > 1 else told[0]

    return ask


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
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(500, "upgrading")
    cafe = telling.cafe
    cafe.visits(cafe.joins())
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
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(500, "broken <b>for good</b>")
    cafe = telling.cafe
    cafe.visits(cafe.joins())
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
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(410)
    cafe = telling.cafe
    cafe.visits(cafe.joins())

    telling.sends()
    cafe.passes(days=1)
    telling.sends()

    assert len(receiver.told) == 1
    assert telling.receiver(to).off_reason == "gone"


def test_a_receiver_that_is_turned_on_again_hears_what_waited(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(410)
    cafe = telling.cafe
    cafe.visits(cafe.joins())
    telling.sends()
    receiver.answer = answering(200)

    cafe.passes(hours=1)
    telling.steps(to, "on")
    telling.sends()

    assert len({each.id for each in receiver.told}) == 1
    assert [each.status for each in telling.deliveries(to)] == ["taken"]


def test_a_redirection_is_not_followed(telling: Telling, receiver: Receiver) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(302, Location=f"{receiver.url}/elsewhere")
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    assert [each.path for each in receiver.told] == ["/hooks"]
    (delivery,) = telling.deliveries(to)
    assert (delivery.status, delivery.answer_status) == ("queued", 302)


def test_a_receiver_that_asks_for_an_hour_of_peace_has_it(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(429, Retry_After="3600")
    cafe = telling.cafe
    member = cafe.joins()
    cafe.visits(member)
    telling.sends()
    receiver.answer = answering(200)

    cafe.passes(minutes=59)
    cafe.visits(cafe.joins())
    telling.sends()
    assert len(receiver.told) == 1
    cafe.passes(minutes=2)
    telling.sends()

    assert len(receiver.told) == 3
    assert telling.receiver(to).rests_until is None


def test_nobody_is_left_alone_for_longer_than_six_hours(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    receiver.answer = answering(503, Retry_After="99999999")
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    assert telling.receiver(to).rests_until == telling.cafe.now + timedelta(hours=6)


def test_retry_after_may_be_a_date_of_the_receivers_own_clock(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))

    def later(request: BaseHTTPRequestHandler) -> None:
        request.send_response_only(503)
        request.send_header("Date", "Wed, 21 Oct 2015 07:00:00 GMT")
        request.send_header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")
        request.send_header("Content-Length", "0")
        request.end_headers()

    receiver.answer = later
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    assert telling.receiver(to).rests_until == telling.cafe.now + timedelta(minutes=28)


def test_a_receiver_that_does_not_answer_holds_up_no_other(
    telling: Telling, receiver: Receiver
) -> None:
    """While one says nothing at all, another hears of everything."""
    answers = threading.Event()
    with receiver_on_loopback() as slow:

        def waits(request: BaseHTTPRequestHandler) -> None:
            assert answers.wait(SECONDS_MAX)
            answering(200)(request)

        slow.answer = waits
        telling.to(slow.url, topics=("visit",))
        telling.to(receiver.url, topics=("visit",))
        cafe = telling.cafe
        for _ in range(12):
            cafe.visits(cafe.joins())
        give_up = time.monotonic() + SECONDS_MAX
        while len(receiver.told) < 12 and time.monotonic() < give_up:
            telling.delivery.step(seconds_max=1)
        held = len(slow.told)
        answers.set()
        telling.sends()

        assert len(receiver.told) == 12
        assert held <= delivery_module.AT_ONCE
        assert len(slow.told) == 12


def test_a_receiver_whose_answer_trickles_is_given_up_after_its_seconds(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter of a header now and then is no answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def trickles() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        threading.Thread(target=trickles, daemon=True).start()
        telling.delivery._sender._seconds_max = 0.5
        to = telling.to(f"http://127.0.0.1:{server.getsockname()[1]}/", topics=("visit",))
        telling.cafe.visits(telling.cafe.joins())
        telling.sends()
        over.set()

    (delivery,) = telling.deliveries(to)
    assert (delivery.status, delivery.problem) == ("queued", "timeout")


def test_an_answer_without_end_is_taken_by_its_status_and_read_for_its_first_letters(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"x" * 65536)
        except OSError:
            pass

    receiver.answer = endless
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    (delivery,) = telling.deliveries(to)
    assert (delivery.status, delivery.answer) == ("taken", "x" * 400)


def test_while_a_secret_changes_both_are_good(
    telling: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    (old,) = telling.secrets(to)
    cafe = telling.cafe
    telling.steps(to, "rotate")
    new, same_old = telling.secrets(to)
    assert same_old == old != new

    cafe.visits(cafe.joins())
    telling.sends()
    cafe.passes(days=7, seconds=1)
    cafe.visits(cafe.joins())
    telling.sends()

    both, late = receiver.told
    assert len(both.headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert understood(monkeypatch, both, secret, at=cafe.now - timedelta(days=7))
    assert understood(monkeypatch, late, new, at=cafe.now)
    with pytest.raises(WebhookVerificationError):
        understood(monkeypatch, late, old, at=cafe.now)


def test_the_old_secret_can_be_ended_before(telling: Telling, receiver: Receiver) -> None:
    to = telling.to(receiver.url)
    telling.steps(to, "rotate")

    telling.steps(to, "end_old")

    assert len(telling.secrets(to)) == 1


def test_a_process_that_dies_with_an_event_in_hand_leaves_it_to_the_next(
    telling: Telling, receiver: Receiver
) -> None:
    """It was sent, and nobody wrote that down."""
    to = telling.to(receiver.url, topics=("visit",))
    cafe = telling.cafe
    cafe.visits(cafe.joins())
    dies = HookDelivery(cafe.club)
    dies.step()
    while not receiver.told:
        time.sleep(0.01)
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


def test_an_inside_address_is_never_called(telling: Telling, receiver: Receiver) -> None:
    """A name that led outside when it was typed leads to our own network now."""
    inside = receiver.url.replace("127.0.0.1", "hooks.example")
    to = telling.to(inside.replace("http:", "https:"), topics=("visit",))
    asked: list[str] = []

    def rebound(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.7"]

    delivery = HookDelivery(telling.cafe.club, ask=rebound)
    telling.cafe.visits(telling.cafe.joins())
    delivery.finish(seconds_max=SECONDS_MAX)
    delivery.stop()

    assert asked == ["hooks.example"]
    assert receiver.told == []
    (seen,) = telling.deliveries(to)
    assert (seen.status, seen.problem, seen.answer_status) == ("queued", "inside", None)


def test_an_inside_address_is_turned_off_in_the_end(telling: Telling) -> None:
    to = telling.to("https://hooks.example/", topics=("visit",))
    delivery = HookDelivery(telling.cafe.club, ask=leading_to(["169.254.169.254"]))
    cafe = telling.cafe
    cafe.visits(cafe.joins())
    for _ in range(24 * 5):
        delivery.finish(seconds_max=SECONDS_MAX)
        cafe.passes(hours=1)
    delivery.stop()

    assert telling.receiver(to).off_reason == "failing"


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    telling: Telling, receiver: Receiver
) -> None:
    """The name is asked for once: what a second question would bring is nobody's concern."""
    port = receiver.url.split(":")[2].split("/")[0]
    ask = leading_to(["127.0.0.1"], ["10.0.0.7"])
    delivery = HookDelivery(telling.cafe.club, ask=ask)
    telling.to(f"http://localhost:{port}/hooks", topics=("visit",))
    telling.cafe.visits(telling.cafe.joins())
    delivery.finish(seconds_max=SECONDS_MAX)
    delivery.stop()

    (heard,) = receiver.told
    assert heard.headers["host"] == f"localhost:{port}"


def test_a_secret_that_cannot_be_read_any_more_turns_its_receiver_off(
    telling: Telling, receiver: Receiver
) -> None:
    to = telling.to(receiver.url, topics=("visit",))
    with telling.cafe.store.begin() as uow:
        endpoints.change(uow, to, secret="sealed under a key of before")
    telling.cafe.visits(telling.cafe.joins())

    telling.sends()

    assert receiver.told == []
    assert telling.receiver(to).off_reason == "secret"
