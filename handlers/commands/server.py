"""The HTTP server. It reads every request whole before a thread of ours sees it, and takes answers
from our threads at once: nobody on a slow line holds one."""

import logging
import signal
import socket
from typing import TYPE_CHECKING, NoReturn

import click
from flask import Flask

if TYPE_CHECKING:
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


def listen(app: Flask, host: str, port: int) -> "BaseWSGIServer":
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
