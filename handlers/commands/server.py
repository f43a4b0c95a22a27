"""The HTTP server. It reads every request whole before a thread of ours sees it, and takes answers
from our threads at once: nobody on a slow line holds one. And how a process starts anew.
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click
import structlog

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from waitress.server import BaseWSGIServer

#: Requests handled at once. An act in the simulator needs two: it posts a webhook to this server.
THREADS = 16
#: Open connections; those beyond wait. Of the usual 1,024 files the database keeps the rest.
CONNECTIONS_MAX = 500
#: A connection is closed when nothing came or left for so long: longer than the usual proxies keep
#: one that they may use again (60 s).
IDLE_SECONDS_MAX = 75
#: Above the largest that a door takes; each has a limit of its own.
BODY_BYTES_MAX = 16 * 1024 * 1024
#: How often a process looks, and how long it waits when it is asked to: the answer to who asked,
#: and the files of that page, leave first.
LOOK_SECONDS, GRACE_SECONDS = 5.0, 1.5

log = structlog.get_logger("restart")


def listen(app: "WSGIApplication", host: str, port: int) -> "BaseWSGIServer":
    """A server that listens already and answers once it runs. ClickException where it can't."""
    from waitress.server import create_server

    # It would note each request that finds all threads busy.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return create_server(
        app,
        sockets=[_socket(host, port)],
        threads=THREADS,
        connection_limit=CONNECTIONS_MAX,
        channel_timeout=IDLE_SECONDS_MAX,
        cleanup_interval=IDLE_SECONDS_MAX // 5,
        max_request_body_size=BODY_BYTES_MAX,
        # What a proxy adds is for TRUSTED_PROXIES to judge.
        clear_untrusted_proxy_headers=False,
        asyncore_use_poll=True,
        log_socket_errors=False,
        ident=None,
    )


def run_until_stopped(server: "BaseWSGIServer") -> None:
    """Answers until SIGTERM, by which everything that runs services asks them to end, or Ctrl+C;
    what is being answered then gets five seconds to end."""
    signal.signal(signal.SIGTERM, _stop)
    server.run()
    server.socket.close()


def _stop(*_: object) -> NoReturn:
    # Once is enough: what follows may take a while and should not be broken off.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _socket(host: str, port: int) -> socket.socket:
    is_v6 = ":" in host
    try:
        return socket.create_server(
            (host, port),
            family=socket.AF_INET6 if is_v6 else socket.AF_INET,
            dualstack_ipv6=is_v6 and socket.has_dualstack_ipv6(),
        )
    except OSError as problem:
        raise click.ClickException(
            f"Can't listen on {host}:{port} ({problem.strerror}). Stop what does, or set another "
            "HOST or PORT."
        ) from None


class Restart:
    """Has the process start anew by itself, as soon as another club was chosen, or another channel
    of LINE connected, than it was built from: each process of an installation looks for itself.

    Looks in a thread of its own, and then stops the process cleanly, as SIGTERM does; whoever
    served goes on by `go_on`."""

    def __init__(self, is_stale: Callable[[], bool]) -> None:
        self._is_stale = is_stale
        self._asked, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, name="restart", daemon=True)
        self._is_wanted = False

    def soon(self) -> None:
        """Has it look in a moment."""
        self._asked.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._asked.set()
        self._thread.join()

    def go_on(self) -> None:
        """Starts the same command again, in the place of this process, if that is wanted."""
        if self._is_wanted:
            start_anew()

    def _watch(self) -> None:
        while not self._ended.is_set():
            if self._asked.wait(LOOK_SECONDS):
                self._asked.clear()
                self._ended.wait(GRACE_SECONDS)
            if not self._ended.is_set() and self._is_told_so():
                self._is_wanted = True
                log.info("starting_anew")
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def _is_told_so(self) -> bool:
        try:
            return self._is_stale()
        except Exception:
            # The database is away: it says so by itself, and nobody need start anew for it.
            return False


def start_anew() -> NoReturn:
    """Becomes a new process of the same command, with the same number and environment."""
    # What is ignored here would be ignored there too.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own command
