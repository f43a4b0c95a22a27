"""Calls to whoever answers, in whatever way."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

import pytest

from bot.line import network
from bot.line.calls import Call, Departure, Endpoint, HttpAnswer
from bot.line.errors import LineUnavailable
from bot.line.network import Network
from tests.bot.line.loopback import Answer, Loopback
from tests.waiting import SECONDS_MAX

PLAIN = b"HTTP/1.1 200 OK\r\nX-Line-Request-Id: r-1\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;name=value\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n"
)
NO_LENGTH = b"HTTP/1.1 500 Oops\r\n\r\nhello"
PUSH = Call("/v2/bot/message/push", b"{}")


class Raw:
    """Says `pieces` to whatever it is asked, then closes the connection."""

    def __init__(self) -> None:
        self.pieces: Sequence[bytes] = ()
        self.pause_seconds = 0.0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            while True:
                peer, _ = self._socket.accept()
                with peer:
                    self._talk(peer)
        except OSError:
            """It is closed."""

    def _talk(self, peer: socket.socket) -> None:
        try:
            peer.recv(65_536)
            for piece in self.pieces:
                peer.sendall(piece)
                time.sleep(self.pause_seconds)
        except OSError:
            """The other side waits no longer."""

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def raw() -> Iterator[Raw]:
    server = Raw()
    yield server
    server.close()


def said(url: str, *calls: Call, read_seconds: float = 10.0) -> list[HttpAnswer | LineUnavailable]:
    """What is said to the calls, one after another."""
    answers: SimpleQueue[HttpAnswer | LineUnavailable] = SimpleQueue()
    found = []
    made = Network(Endpoint(url, "token", 1.0, read_seconds, connections_max=2))
    for call in calls:
        made.take([Departure(call, time.monotonic(), answers.put)])
        found.append(answers.get(timeout=SECONDS_MAX))
    made.stop()
    return found


def test_a_call_leaves_as_it_is(line: Loopback) -> None:
    line.answers = [Answer(202, {"ok": True}, headers={"X-Line-Request-Id": "r-1"})]
    call = Call("/v2/bot/x", b'{"a": "\xe3\x81\x82"}', {"X-Line-Retry-Key": "k"}, method="DELETE")
    [answer] = said(line.url, call)
    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.body) == (202, b'{"ok": true}')
    assert answer.headers["x-line-request-id"] == "r-1"
    [seen] = line.seen
    assert (seen.method, seen.path, seen.body) == ("DELETE", "/simulator/api/v2/bot/x", call.body)
    assert seen.headers["X-Line-Retry-Key"] == "k"
    assert seen.headers["Authorization"] == "Bearer token"
    assert seen.headers["Content-Type"] == "application/json"
    assert seen.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(("whole", "status"), [(PLAIN, 200), (CHUNKED, 429), (NO_LENGTH, 500)])
@pytest.mark.parametrize("size", [7, 1_000])
def test_an_answer_may_come_in_pieces(raw: Raw, whole: bytes, status: int, size: int) -> None:
    raw.pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    raw.pause_seconds = 0.002
    [answer] = said(raw.url, PUSH)
    assert isinstance(answer, HttpAnswer)
    assert (answer.status, answer.body) == (status, b"hello")


def test_an_interim_answer_is_not_the_answer(raw: Raw) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    raw.pieces = [hints + PLAIN]
    [answer] = said(raw.url, PUSH)
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 200
    raw.pieces = [hints]
    assert isinstance(said(raw.url, PUSH)[0], LineUnavailable)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        PLAIN[:-1],
        CHUNKED[:40],
        CHUNKED[:-16],
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * 1_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * 1_100_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_100_000,
    ],
    ids=[
        *("none", "half a body", "half a head", "half its chunks", "another protocol"),
        *("no length", "a negative length", "no size of a chunk"),
        *("a long header", "many headers", "more than is read", "more, without saying so"),
    ],
)
def test_what_is_no_answer_leaves_open_what_was_done(raw: Raw, wrong: bytes) -> None:
    raw.pieces = [wrong]
    [none] = said(raw.url, PUSH)
    assert isinstance(none, LineUnavailable)
    assert none.maybe_done
    assert none.status is None


def test_an_answer_that_drips_is_not_waited_for_for_ever(raw: Raw) -> None:
    raw.pieces = [PLAIN[at : at + 1] for at in range(len(PLAIN))]
    raw.pause_seconds = 0.25
    began = time.monotonic()
    [late] = said(raw.url, PUSH, read_seconds=0.5)
    assert time.monotonic() - began < 10
    assert isinstance(late, LineUnavailable)
    assert late.maybe_done


def test_nothing_is_unpacked(raw: Raw) -> None:
    packed = gzip.compress(b"x" * 10_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    raw.pieces = [head + packed]
    [answer] = said(raw.url, PUSH)
    assert isinstance(answer, HttpAnswer)
    assert answer.body == packed


def test_no_cookie_is_kept(line: Loopback) -> None:
    line.answers = [Answer(headers={"Set-Cookie": "who=me; Path=/"})]
    said(line.url.replace("127.0.0.1", "localhost"), PUSH, PUSH)
    assert [seen.headers["Cookie"] for seen in line.seen] == [None, None]


def test_no_proxy_of_the_environment_is_asked(
    line: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert isinstance(said(line.url, PUSH)[0], HttpAnswer)


def test_whoever_waits_hears_of_a_failure_of_our_own(
    line: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(network, "ClientSession", broken)
    for failed in said(line.url, PUSH, PUSH):
        assert isinstance(failed, LineUnavailable)
        assert failed.maybe_done


def test_one_that_can_not_be_made_keeps_nobody_else_from_theirs(line: Loopback) -> None:
    failed, answer = said(line.url, Call("/", b"", {"X": "two\r\nlines"}), PUSH)
    assert isinstance(failed, LineUnavailable)
    assert isinstance(answer, HttpAnswer)
