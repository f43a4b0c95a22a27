"""How long is waited for what a system answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from bot.sellers import wire as wires
from bot.sellers.adapter import SellerError
from bot.sellers.wire import SellerWire
from tests.loopback import Quiet, on_loopback

BODY = b'{"said": "slowly"}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(BODY), BODY)
Serving = Callable[[int], AbstractContextManager[str]]


@pytest.fixture
def dripping() -> Serving:
    """A server that says a byte every now and then from so far on; gives its address."""
    over = threading.Event()

    @contextmanager
    def serve(begin: int) -> Iterator[str]:
        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.wfile.write(WHOLE[:begin])
                for at in range(begin, len(WHOLE)):
                    if over.wait(0.1):
                        return
                    self.wfile.write(WHOLE[at : at + 1])

        with on_loopback(Handler) as url:
            try:
                yield f"{url}/"
            finally:
                over.set()

    return serve


@pytest.mark.parametrize("begin", [0, len(WHOLE) - len(BODY)])
def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(dripping: Serving, begin: int) -> None:
    with dripping(begin) as url, pytest.raises(SellerError, match="away"):
        SellerWire(0.3).ask("GET", url, {})


def test_one_that_comes_in_time_is_taken(dripping: Serving) -> None:
    with dripping(len(WHOLE) - 2) as url:
        assert SellerWire().ask("GET", url, {}).said == {"said": "slowly"}


def test_all_questions_of_a_task_together_are_waited_for_so_long(
    dripping: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "TASK_SECONDS_MAX", 0.0)
    with dripping(len(WHOLE)) as url, pytest.raises(SellerError, match="away"):
        SellerWire().of_one_task().ask("GET", url, {})
