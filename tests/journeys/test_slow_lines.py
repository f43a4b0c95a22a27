"""Whoever never gets to the end of a request is nobody's trouble but their own."""

import socket
from contextlib import ExitStack
from pathlib import Path

from tests.journeys.served import Line, Served, environment, follow, platform
from tests.ports import held_port
from tests.waiting import until

HALF_A_HEADER = b"GET /healthz HTTP/1.1\r\nHost: club.exam"
HALF_A_BODY = b"POST /callback HTTP/1.1\r\nHost: club.example\r\nContent-Length: 1000\r\n\r\n{"
SOCKETS = 60


def test_half_requests_on_many_sockets_keep_nobody_waiting(
    sqlite_template: bytes, tmp_path: Path
) -> None:
    database = tmp_path / "club.sqlite3"
    database.write_bytes(sqlite_template)
    line = Line()
    with held_port() as port, platform(line) as address, ExitStack() as held:
        served = Served(environment(database, address, port), port)
        held.callback(served.dies)
        for half in (HALF_A_HEADER, HALF_A_BODY) * SOCKETS:
            slow = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            slow.sendall(half)

        assert served.answers()
        assert served.posts(follow()) == 200
        until(lambda: line.replies, "the reply")
        assert served.ends() == 0
