"""A LINE that takes every push, 50 ms later: python -m tests.bench.line_server

A process of its own, which prints its port. One thread reads what comes on all connections and
answers when its time has come, so that it takes next to nothing from what is measured.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import PROJECT

LATENCY_SECONDS = 0.05
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_SENT = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"q"}]}'
_ANSWERS = {
    b"/v2/bot/message/quota": b'{"type":"none"}',
    b"/v2/bot/message/quota/consumption": b'{"totalUsage":0}',
}


class _Line(asyncio.Protocol):
    """One connection."""

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
            path = head.split(b" ", 2)[1]
            loop = asyncio.get_running_loop()
            loop.call_later(LATENCY_SECONDS, self._answer, _ANSWERS.get(path, _SENT))

    def _answer(self, body: bytes) -> None:
        assert self._transport is not None
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Line-Request-Id: r\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def line_server() -> Iterator[str]:
    """Runs it; gives its address."""
    command = [sys.executable, "-m", "tests.bench.line_server"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(_serve())
