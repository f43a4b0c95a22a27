"""What LINE says, put together from pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.line.http_answers import HttpAnswer, NoAnswer, Reading

PLAIN = b"HTTP/1.1 200 OK\r\nX-Line-Request-Id: r-1\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;name=value\r\nhel\r\n2 \r\nlo\r\n0\r\nTrailer: x\r\n\r\n"
)


def _read(raw: bytes, *, ends: bool = False) -> HttpAnswer | None:
    reading = Reading()
    answer = reading.add(raw) if raw else None
    return reading.add(b"") if answer is None and ends else answer


@given(st.sampled_from([PLAIN, CHUNKED]), st.lists(st.integers(0, 200), max_size=6))
def test_it_may_come_in_any_pieces(raw: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    pieces = [raw[a:b] for a, b in pairwise(places) if a < b]
    reading = Reading()
    answers = [reading.add(piece) for piece in pieces]
    assert answers[:-1] == [None] * (len(pieces) - 1)
    assert answers[-1] is not None
    assert answers[-1].body == b"hello"
    assert answers[-1].stays_open


def test_headers_are_found_by_small_letters() -> None:
    answer = _read(PLAIN)
    assert answer is not None
    assert (answer.status, answer.is_yes) == (200, True)
    assert answer.headers["x-line-request-id"] == "r-1"


def test_an_interim_answer_is_not_the_answer() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    answer = _read(hints + PLAIN)
    assert answer is not None
    assert answer.status == 200
    assert _read(hints) is None


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.replace(b"X-Line", b"Connection: close\r\nX-Line"),
        PLAIN.replace(b"1.1", b"1.0"),
        PLAIN + b"HTTP/1.1 200 OK",
    ],
    ids=["said so", "an old one", "more than was asked for"],
)
def test_some_connections_are_not_used_again(raw: bytes) -> None:
    answer = _read(raw)
    assert answer is not None
    assert not answer.stays_open
    assert answer.body == b"hello"


def test_without_a_length_it_ends_with_the_connection() -> None:
    raw = b"HTTP/1.1 500 Oops\r\n\r\noops"
    assert _read(raw) is None
    answer = _read(raw, ends=True)
    assert answer is not None
    assert (answer.status, answer.body, answer.stays_open) == (500, b"oops", False)


def test_some_answers_have_no_body() -> None:
    answer = _read(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert answer is not None
    assert answer.body == b""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        PLAIN[:-1],
        CHUNKED[:-2],
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n",
    ],
)
def test_anything_else_is_no_answer(raw: bytes) -> None:
    with pytest.raises(NoAnswer):
        _read(raw, ends=True)


def test_nobody_fills_our_memory() -> None:
    reading = Reading()
    reading.add(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
    assert reading.add(b"x" * 900_000) is None
    with pytest.raises(NoAnswer):
        reading.add(b"x" * 100_000)
