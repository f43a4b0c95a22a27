"""Sending many at once: at a pace, over connections that are used again, and without an end that
nobody hears of."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.line.client import Acceptance, LineClient, LineUnavailable
from bot.line.sender import Sender, SendOutcome, SendRequest
from tests.bot.line.loopback import Loopback
from tests.waiting import SECONDS_MAX

ANSWER = b"HTTP/1.1 200 OK\r\nX-Line-Request-Id: %b\r\nContent-Length: 2\r\n\r\n{}"


def _requests(count: int) -> list[SendRequest]:
    return [SendRequest(str(uuid4()), "push", b"{}") for _ in range(count)]


def _all(
    sender: Sender, requests: list[SendRequest], *, seconds_each: float = 0
) -> list[SendOutcome]:
    """Sends them all, and waits for all answers."""
    sender.give(requests, begin_in=0, seconds_each=seconds_each)
    answers: list[SendOutcome] = []
    while sender.on_the_way:
        some = sender.collect(seconds_max=SECONDS_MAX)
        assert some, "waited in vain for answers"
        answers += some
    return answers


@contextmanager
def _sending(client: LineClient) -> Iterator[Sender]:
    sender = client.sender()
    try:
        yield sender
    finally:
        sender.stop()


def test_each_gets_its_own_answer(line: Loopback, client: LineClient) -> None:
    requests = _requests(300)
    with _sending(client) as sender:
        answers = _all(sender, requests)
    assert {answered.request.retry_key for answered in answers} == {r.retry_key for r in requests}
    assert all(answered.said == Acceptance(None) for answered in answers)
    assert len(line.seen) == 300


def test_they_leave_at_the_pace_that_is_given(line: Loopback, client: LineClient) -> None:
    with _sending(client) as sender:
        began = time.monotonic()
        _all(sender, _requests(11), seconds_each=0.05)
        assert time.monotonic() - began >= 0.5


def test_it_may_be_stopped_and_used_again(client: LineClient) -> None:
    sender = client.sender()
    for _ in range(2):
        assert len(_all(sender, _requests(2))) == 2
        sender.stop()
    sender.stop()


def test_stopping_waits_for_what_is_on_its_way(line: Loopback, client: LineClient) -> None:
    sender = client.sender()
    sender.give(_requests(3), begin_in=0.2, seconds_each=0)
    sender.stop()
    assert len(sender.collect(seconds_max=0)) == 3


def test_one_whose_time_is_over_is_not_sent(line: Loopback, client: LineClient) -> None:
    late, early = (SendRequest(str(uuid4()), "push", b"{}", time.time() + s) for s in (-0.01, 60))
    with _sending(client) as sender:
        said = {answered.request: answered.said for answered in _all(sender, [late, early])}
    assert said[early] == Acceptance(None)
    assert isinstance(not_sent := said[late], LineUnavailable)
    assert not not_sent.maybe_done
    assert len(line.seen) == 1


def test_what_has_not_begun_can_be_had_back(line: Loopback, client: LineClient) -> None:
    with _sending(client) as sender:
        sender.give_back()
        sender.give(_requests(1), begin_in=0, seconds_each=0)
        sender.give(_requests(3), begin_in=60, seconds_each=0)
        (first,) = sender.collect(seconds_max=SECONDS_MAX)
        sender.give_back()
        others: list[SendOutcome] = []
        while sender.on_the_way:
            others += sender.collect(seconds_max=SECONDS_MAX)
    assert first.said == Acceptance(None)
    for answered in others:
        assert isinstance(answered.said, LineUnavailable)
        assert not answered.said.maybe_done
    assert (len(others), len(line.seen)) == (3, 1)


class _Server:
    """Counts its connections; says `answers`, one for each request, then closes what is idle."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, closes: bool = False) -> None:
        self.connections = 0
        self._tls, self._closes = tls, closes
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(raw,), daemon=True).start()

    def _talk(self, raw: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(raw, server_side=True) if self._tls else raw as peer:
                while asked := peer.recv(65_536):
                    for piece in (ANSWER[:20], ANSWER[20:] % b"%d" % asked.count(b"POST")):
                        peer.sendall(piece)
                    if self._closes:
                        return
        except OSError:
            """The other side has gone."""

    def closes(self) -> None:
        self._socket.close()


@pytest.fixture
def servers() -> Iterator[list[_Server]]:
    made: list[_Server] = []
    yield made
    for server in made:
        server.closes()


def test_a_connection_is_used_again(servers: list[_Server]) -> None:
    servers.append(server := _Server())
    with _sending(LineClient("token", f"http://127.0.0.1:{server.port}")) as sender:
        for _ in range(5):
            (answered,) = _all(sender, _requests(1))
            assert answered.said == Acceptance("1")
    assert server.connections == 1


def test_one_that_the_other_side_ended_is_replaced(servers: list[_Server]) -> None:
    servers.append(server := _Server(closes=True))
    with _sending(LineClient("token", f"http://127.0.0.1:{server.port}")) as sender:
        for _ in range(3):
            (answered,) = _all(sender, _requests(1))
            assert answered.said == Acceptance("1")
            time.sleep(0.1)
    assert server.connections == 3


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_it_speaks_tls(certified: ssl.SSLContext, servers: list[_Server]) -> None:
    servers.append(server := _Server(tls=certified))
    with _sending(LineClient("token", f"https://localhost:{server.port}")) as sender:
        for count in (1, 30):
            answers = _all(sender, _requests(count))
            assert [answered.said for answered in answers] == [Acceptance("1")] * count


def test_it_sends_nothing_to_whoever_is_not_line(
    certified: ssl.SSLContext, servers: list[_Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    servers.append(server := _Server(tls=certified))
    with _sending(LineClient("token", f"https://localhost:{server.port}")) as sender:
        (answered,) = _all(sender, _requests(1))
    assert isinstance(answered.said, LineUnavailable)
    assert not answered.said.maybe_done


def test_a_host_that_has_no_address_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with _sending(LineClient("token", "https://line.example")) as sender:
        (answered,) = _all(sender, _requests(1))
    assert isinstance(answered.said, LineUnavailable)
    assert not answered.said.maybe_done


def test_of_several_addresses_the_next_one_is_tried(
    servers: list[_Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.append(server := _Server())
    gone = socket.create_server(("127.0.0.1", 0))
    dead = gone.getsockname()[1]
    gone.close()
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        for port in (dead, server.port)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with _sending(LineClient("token", "http://line.example")) as sender:
        (answered,) = _all(sender, _requests(1))
    assert answered.said == Acceptance("1")
