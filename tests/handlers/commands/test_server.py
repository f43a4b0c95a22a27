"""The server by itself, before an application that does next to nothing."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
import urllib3
from flask import Flask, request
from waitress import wasyncore

from bot.settings import PROJECT
from handlers.commands.server import IDLE_SECONDS_MAX, listen
from tests.waiting import SECONDS_MAX

HALF = (
    b"GET / HTTP/1.1\r\nHost: a",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
)


@contextmanager
def running(host: str) -> Iterator[tuple[Any, int]]:
    """A server on some port of `host`, and the port."""
    app = Flask("small")
    app.add_url_rule("/", view_func=lambda: request.headers.get("X-Forwarded-For", "nobody"))
    server = listen(app, host, 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server, server.socket.getsockname()[1]
    finally:
        # An earlier pull that is still being answered may close all first, the trigger with it.
        with suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(SECONDS_MAX)
        server.task_dispatcher.shutdown()


def test_a_socket_on_which_nothing_happens_is_closed() -> None:
    with running("127.0.0.1") as (server, port), ExitStack() as open_:
        slow = [
            open_.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS_MAX))
            for _ in HALF
        ]
        for each, half in zip(slow, HALF, strict=True):
            each.sendall(half)
        urllib3.request("GET", f"http://127.0.0.1:{port}/", retries=False)

        server.maintenance(time.time() + IDLE_SECONDS_MAX - 10)
        server.pull_trigger()
        for each in slow:
            each.settimeout(0.2)
            with pytest.raises(TimeoutError):
                each.recv(1)
        server.maintenance(time.time() + IDLE_SECONDS_MAX + 1)
        server.pull_trigger()
        for each in slow:
            each.settimeout(SECONDS_MAX)
            assert each.recv(1) == b""


def test_whom_a_proxy_saw_reaches_the_application_and_the_server_says_no_name() -> None:
    with running("127.0.0.1") as (_, port):
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{port}/",
            headers={"X-Forwarded-For": "203.0.113.9"},
            retries=False,
        )
    assert answer.data == b"203.0.113.9"
    assert "Server" not in answer.headers
    assert "Via" not in answer.headers


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_all_addresses_of_ipv6_are_those_of_ipv4_too() -> None:
    with running("::") as (_, port):
        for host in ("127.0.0.1", "[::1]"):
            answer = urllib3.request("GET", f"http://{host}:{port}/", retries=False)
            assert answer.status == 200


_WAITS = """
import sys
from flask import Flask
from handlers.commands.server import listen, run_until_stopped

app = Flask("waits")

@app.get("/")
def waits():
    print("begun", flush=True)
    return sys.stdin.readline()

server = listen(app, "127.0.0.1", 0)
print(server.socket.getsockname()[1], flush=True)
run_until_stopped(server)
print("ended", flush=True)
"""


def test_whoever_is_being_answered_is_answered_before_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WAITS],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), SECONDS_MAX) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGTERM)
            process.stdin.write("all of it\n")
            process.stdin.flush()
            answer = b"".join(iter(lambda: asking.recv(4096), b""))
        assert answer.endswith(b"all of it\n")
        assert process.stdout.readline() == "ended\n"
        assert process.wait(SECONDS_MAX) == 0
