"""One connection to LINE, with one request at a time under way on it; nothing here ever waits."""

import socket
import ssl
from enum import Enum, auto
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from .http_answers import HttpAnswer, NoAnswer, Reading

#: Where to connect to: family and address, as socket.getaddrinfo gives them.
Address = tuple[socket.AddressFamily, Any]

_PIECE = 65_536


class Broken(Exception):
    """The connection broke."""


class _State(Enum):
    CONNECT = auto()
    SHAKE_HANDS = auto()
    WRITE = auto()
    READ = auto()
    REST = auto()
    CLOSED = auto()


class Connection:
    """Begins to connect, over TLS if there is a context for it, and sends `request` then.

    `advance` is called whenever what it `wants` (selectors.EVENT_READ or EVENT_WRITE) has come.
    `has_left`: something of the request may have reached the other side. OSError when it can't
    even begin.
    """

    def __init__(
        self, address: Address, request: bytes, *, host: str, tls: ssl.SSLContext | None
    ) -> None:
        family, place = address
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # TLS will put a socket of its own in this one's place, on the same descriptor.
        self.fileno = self._socket.fileno()
        self.wants = EVENT_WRITE
        self._tls, self._host = tls, host
        self._state = _State.CONNECT
        self._left = memoryview(request)
        self._reading = Reading()
        self.has_left = False
        try:
            self._socket.connect(place)
        except BlockingIOError:
            """It takes its time."""
        except OSError:
            self.close()
            raise

    @property
    def is_connecting(self) -> bool:
        return self._state in (_State.CONNECT, _State.SHAKE_HANDS)

    @property
    def is_closed(self) -> bool:
        return self._state is _State.CLOSED

    def send(self, request: bytes) -> None:
        """Takes the next request, after the answer to the last one; `advance` sends it."""
        self._left, self._reading, self.has_left = memoryview(request), Reading(), False
        self._state = _State.WRITE

    def advance(self) -> HttpAnswer | None:
        """Goes on as far as it can without waiting; gives the answer once it is there. Raises
        Broken."""
        try:
            return self._advance()
        except (BlockingIOError, ssl.SSLWantReadError):
            self.wants = EVENT_WRITE if self._state is _State.WRITE else EVENT_READ
        except ssl.SSLWantWriteError:
            self.wants = EVENT_WRITE
        except (OSError, NoAnswer):
            self.close()
            raise Broken from None
        return None

    def close(self) -> None:
        self._state = _State.CLOSED
        self._socket.close()

    def _advance(self) -> HttpAnswer | None:
        if self._state is _State.CONNECT:
            self._connected()
        if self._state is _State.SHAKE_HANDS:
            self._shake_hands()
        if self._state is _State.WRITE:
            self._write()
        if self._state is _State.READ:
            return self._read()
        if self._state is _State.REST:
            # Nobody was asked anything: the other side ends it, or breaks the rules.
            self._socket.recv(_PIECE)
            self.close()
        return None

    def _connected(self) -> None:
        problem = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            raise OSError(problem, "no connection")
        if self._tls is None:
            self._state = _State.WRITE
            return
        self._socket = self._tls.wrap_socket(
            self._socket, server_hostname=self._host, do_handshake_on_connect=False
        )
        self._state = _State.SHAKE_HANDS

    def _shake_hands(self) -> None:
        if isinstance(self._socket, ssl.SSLSocket):
            self._socket.do_handshake()
        self._state = _State.WRITE

    def _write(self) -> None:
        while self._left:
            sent = self._socket.send(self._left)
            self.has_left = True
            self._left = self._left[sent:]
        self._state, self.wants = _State.READ, EVENT_READ

    def _read(self) -> HttpAnswer | None:
        while True:
            answer = self._reading.add(self._socket.recv(_PIECE))
            if answer is None:
                continue
            self._state = _State.REST
            if not answer.stays_open:
                self.close()
            return answer
