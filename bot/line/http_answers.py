"""LINE's answers as they come in over a connection (HTTP/1.1, RFC 9112), a piece at a time."""

import re
from dataclasses import dataclass

_OK, _REDIRECTS = 200, 300
_NO_BODY = (204, 304)
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: .*)?")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,7})[ \t]*(?:;[^\r\n]*)?\r\n")
_END = b"\r\n"
#: What LINE says is short. Whoever sends more is not LINE.
_BYTES_MAX = 1_000_000


class NoAnswer(ValueError):
    """What came over the connection is no answer in HTTP/1.1."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer. The names of `headers` are in small letters; `stays_open`: the connection can be
    used again."""

    status: int
    headers: dict[str, str]
    body: bytes
    stays_open: bool

    @property
    def is_yes(self) -> bool:
        return _OK <= self.status < _REDIRECTS


class Reading:
    """Puts together one answer from the pieces in which it arrives."""

    def __init__(self) -> None:
        self._raw = b""

    def add(self, piece: bytes) -> HttpAnswer | None:
        """The answer, once it is whole. An empty piece says that no more will come. NoAnswer when
        it can't become one."""
        self._raw += piece
        answer = self._answer(is_over=not piece)
        if answer is None and (not piece or len(self._raw) > _BYTES_MAX):
            raise NoAnswer
        return answer

    def _answer(self, *, is_over: bool) -> HttpAnswer | None:
        while True:
            head, end, rest = self._raw.partition(b"\r\n\r\n")
            if not end:
                return None
            version, status, headers = _head(head)
            if status >= _OK:
                break
            # An interim answer: the one that counts follows.
            self._raw = rest
        found = _body(status, headers, rest, is_over=is_over)
        if found is None:
            return None
        body, left_over = found
        wants_to_close = "close" in headers.get("connection", "").lower()
        stays_open = version == 1 and not (wants_to_close or left_over or is_over)
        return HttpAnswer(status, headers, body, stays_open)


def _head(head: bytes) -> tuple[int, int, dict[str, str]]:
    """HTTP's minor version, the status, the headers."""
    first, *lines = head.split(_END)
    found = _STATUS_LINE.fullmatch(first)
    if found is None:
        raise NoAnswer
    headers = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return int(found[1]), int(found[2]), headers


def _body(
    status: int, headers: dict[str, str], rest: bytes, *, is_over: bool
) -> tuple[bytes, bytes] | None:
    """The body and what came after it; None as long as it isn't whole (RFC 9112, 6.3)."""
    if status in _NO_BODY:
        return b"", rest
    if "transfer-encoding" in headers:
        return _chunks(rest)
    if "content-length" in headers:
        length = headers["content-length"]
        if not length.isdecimal():
            raise NoAnswer
        return (rest[: int(length)], rest[int(length) :]) if len(rest) >= int(length) else None
    # It ends where the connection does.
    return (rest, b"") if is_over else None


def _chunks(rest: bytes) -> tuple[bytes, bytes] | None:
    body, place = b"", 0
    while True:
        size = _CHUNK_SIZE.match(rest, place)
        if size is None:
            if _END in rest[place:]:
                raise NoAnswer
            return None
        start, length = size.end(), int(size[1], 16)
        if length == 0:
            return _after_trailers(body, rest[start:])
        place = start + length + len(_END)
        if len(rest) < place:
            return None
        body += rest[start : start + length]


def _after_trailers(body: bytes, rest: bytes) -> tuple[bytes, bytes] | None:
    if rest.startswith(_END):
        return body, rest[len(_END) :]
    _, end, left_over = rest.partition(_END + _END)
    return (body, left_over) if end else None
