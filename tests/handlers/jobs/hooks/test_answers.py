"""What a receiver may answer, and what is made of it."""

import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from handlers.jobs.hooks import delivery as delivery_module
from tests.handlers.receivers import Receiver, Telling, answering, receiver_on_loopback
from tests.waiting import SECONDS_MAX, until


def test_a_redirection_is_not_followed(telling: Telling, receiver: Receiver) -> None:
    to = telling.of_a_visit(receiver, answering(302, Location=f"{receiver.url}/elsewhere"))

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
    to = telling.of_a_visit(receiver, answering(503, Retry_After="99999999"))

    telling.sends()

    assert telling.receiver(to).rests_until == telling.cafe.now + timedelta(hours=6)


def test_retry_after_may_be_a_date_of_the_receivers_own_clock(
    telling: Telling, receiver: Receiver
) -> None:
    def later(request: BaseHTTPRequestHandler) -> None:
        request.send_response_only(503)
        request.send_header("Date", "Wed, 21 Oct 2015 07:00:00 GMT")
        request.send_header("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")
        request.send_header("Content-Length", "0")
        request.end_headers()

    to = telling.of_a_visit(receiver, later)

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

        def all_came() -> bool:
            telling.delivery.step(seconds_max=1)
            return len(receiver.told) == 12

        try:
            until(all_came, "all that the other is to hear")
            held = len(slow.told)
        finally:
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
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"x" * 65536)
        except OSError:
            pass

    to = telling.of_a_visit(receiver, endless)

    telling.sends()

    (delivery,) = telling.deliveries(to)
    assert (delivery.status, delivery.answer) == ("taken", "x" * 400)
