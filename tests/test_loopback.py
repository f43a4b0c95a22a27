"""A played server's own faults are no secret."""

from http.server import BaseHTTPRequestHandler

import pytest
import urllib3

from tests.loopback import Quiet, on_loopback


class _Wrong(Quiet, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        raise AssertionError("another body under the same key")


class _Deaf(Quiet, BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        raise BrokenPipeError


def _asks(handler: type[BaseHTTPRequestHandler]) -> None:
    with on_loopback(handler) as url, pytest.raises(urllib3.exceptions.HTTPError):
        urllib3.request("GET", url, retries=False)


def test_what_a_handler_raises_fails_the_test_in_the_end() -> None:
    with pytest.raises(AssertionError, match="the same key"):
        _asks(_Wrong)


def test_who_no_longer_listens_is_nobodys_fault() -> None:
    _asks(_Deaf)
