"""A server on a real port of this machine, for as long as a test wants it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Quiet:
    """A handler that writes no log."""

    def log_message(self, *_: Any) -> None:
        """Says nothing: the test tells what went wrong."""


class _Server(ThreadingHTTPServer):
    #: Whoever is kept waiting by a handler is not waited for in the end.
    daemon_threads = True
    #: Many come at once.
    request_queue_size = 256

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.problems: list[BaseException] = []

    def handle_error(self, *_: Any) -> None:
        """Whoever was killed, or waits no longer, doesn't hear the answer; anything else is the
        handler's fault."""
        problem = sys.exception()
        if problem is not None and not isinstance(problem, ConnectionError):
            self.problems.append(problem)


@contextmanager
def on_loopback(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answers by it on a free port; gives where. Raises at the end what the handler raised."""
    with _Server(handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
    if server.problems:
        raise server.problems[0]
