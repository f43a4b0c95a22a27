"""Pushes and multicasts at full speed: a body is built once and goes out as those bytes.

LINE's SDK serialises its models anew for every attempt, and takes twice as long as the request
itself. Here the same pool of connections (urllib3, which the SDK uses too) is handed the bytes.
Nothing is ever repeated here either.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from . import wire
from .errors import LineError
from .wire import Accepted, Messages

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

Kind = Literal["push", "multicast"]
_PATHS: dict[Kind, str] = {"push": "/v2/bot/message/push", "multicast": "/v2/bot/message/multicast"}
_OK, _REDIRECTS, _CONFLICT = 200, 300, 409
_ACCEPTED_BEFORE = "x-line-accepted-request-id"


def messages_json(messages: Messages) -> str:
    """LINE's message objects as text: the part of a body that several recipients may share."""
    return json.dumps(list(messages), ensure_ascii=False, separators=(",", ":"))


def push_body(to: str, messages: str) -> str:
    """The body of a push; `messages` as `messages_json` gives them."""
    return f'{{"to":{json.dumps(to)},"messages":{messages}}}'


def multicast_body(to: Sequence[str], messages: str) -> str:
    """The body of a multicast to at most 500 (`limits.MULTICAST_RECIPIENTS`)."""
    return f'{{"to":{json.dumps(list(to))},"messages":{messages}}}'


class _Answer(NamedTuple):
    """What `wire.error_of_answer` looks at."""

    status: int
    body: bytes


class Sender:
    """A pool of connections to LINE for one official account; share one among all threads."""

    def __init__(
        self,
        access_token: str,
        api_base: str,
        *,
        connect_seconds: float,
        read_seconds: float,
        pool_size: int,
    ) -> None:
        from urllib3 import Timeout, connection_from_url

        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "Content-Type": "application/json",
            "User-Agent": "kayoi",
        }
        self._pool: HTTPConnectionPool = connection_from_url(
            api_base,
            maxsize=pool_size,
            timeout=Timeout(connect=connect_seconds, read=read_seconds),
            retries=False,
        )
        self._base_path = urlsplit(api_base).path.rstrip("/")

    def send(self, kind: Kind, body: bytes, *, retry_key: str) -> Accepted:
        """One attempt. Raises a LineError."""
        from urllib3.exceptions import HTTPError

        try:
            answer = self._pool.urlopen(
                "POST",
                self._base_path + _PATHS[kind],
                body=body,
                headers={**self._headers, "X-Line-Retry-Key": retry_key},
                redirect=False,
            )
        except HTTPError as failure:
            raise wire.error_of_connection(failure) from None
        return _read(answer)


def _read(answer: "BaseHTTPResponse") -> Accepted:
    headers: Any = answer.headers
    if _OK <= answer.status < _REDIRECTS:
        return Accepted(headers.get("x-line-request-id"))
    if answer.status == _CONFLICT and _ACCEPTED_BEFORE in headers:
        return Accepted(headers[_ACCEPTED_BEFORE], again=True)
    error: LineError = wire.error_of_answer(_Answer(answer.status, answer.data))
    raise error
