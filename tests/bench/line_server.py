"""A LINE that takes everything, some time later: python -m tests.bench.line_server SECONDS

A process of its own, which prints its port. One thread reads what comes on all connections and
answers when its time has come, so that it takes next to nothing from what is measured. It notes
when each reply reached it: `arrivals` waits for them.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import urllib3

from bot.settings import PROJECT

LATENCY_SECONDS = 0.05
GIVE_UP_SECONDS = 90
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_TOKEN = re.compile(rb'"replyToken": *"([^"]*)"')
_ARRIVALS = b"/arrivals/"
_SENT = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}'
_ANSWERS = {
    b"/v2/bot/message/quota": b'{"type":"none"}',
    b"/v2/bot/message/quota/consumption": b'{"totalUsage":0}',
    b"/v2/bot/info": b'{"userId":"U0","basicId":"@kayoi","displayName":"Kayoi","chatMode":"bot",'
    b'"markAsReadMode":"auto"}',
}


class _Line(asyncio.Protocol):
    """One connection."""

    latency: float
    #: When the reply with each token came, of time.monotonic; the same for all connections.
    arrived: ClassVar[dict[str, float]] = {}
    #: Who waits for so many.
    waiting: ClassVar["list[tuple[int, _Line]]"] = []

    def __init__(self) -> None:
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        while True:
            head, end, rest = self._read.partition(b"\r\n\r\n")
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            if not end or len(rest) < length:
                return
            self._read = rest[length:]
            self._take(head.split(b" ", 2)[1], rest[:length])

    def _take(self, path: bytes, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        if path.startswith(_ARRIVALS):
            self.waiting.append((int(path.removeprefix(_ARRIVALS)), self))
            loop.call_later(GIVE_UP_SECONDS, self._tell)
        else:
            if token := _TOKEN.search(body):
                self.arrived[token[1].decode()] = time.monotonic()
            loop.call_later(self.latency, self._answer, _ANSWERS.get(path, _SENT))
        for count, waiter in list(self.waiting):
            if len(self.arrived) >= count:
                waiter._tell()

    def _tell(self) -> None:
        """Says what has arrived to whoever waits on this connection."""
        if mine := [entry for entry in self.waiting if entry[1] is self]:
            self.waiting.remove(mine[0])
            said = json.dumps(self.arrived)
            self.arrived.clear()
            self._answer(said.encode())

    def _answer(self, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Line-Request-Id: r\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )


async def _serve(latency: float) -> None:
    _Line.latency = latency
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def line_server(latency: float = LATENCY_SECONDS) -> Iterator[str]:
    """Runs it; gives its address."""
    command = [sys.executable, "-m", "tests.bench.line_server", str(latency)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def arrivals(address: str, count: int) -> dict[str, float]:
    """When each reply since the last time it was asked came there, of time.monotonic, by its token;
    waits until there are `count`, or no more come for long."""
    answer = urllib3.request(
        "GET", f"{address}/arrivals/{count}", timeout=GIVE_UP_SECONDS + 10, retries=False
    )
    came: dict[str, float] = answer.json()
    return came


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
