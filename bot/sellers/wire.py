"""How systems are asked: at fixed addresses, no redirection followed, nothing repeated here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

from .adapter import SellerError, UnreadableMessage, parsed

if TYPE_CHECKING:
    from urllib3 import PoolManager

_CONNECT_SECONDS, _READ_SECONDS = 4.0, 12.0
#: No page of a list is larger.
_BYTES_MAX = 20_000_000
_UNAUTHORIZED = (401, 402, 403, 423)
_TOO_MANY = 429
_SERVER_ERROR = 500
#: So long is waited at the most, whatever a system asks for.
_REST_MAX = 86_400.0


@dataclass(frozen=True, slots=True)
class SellerAnswer:
    """What was said: the status, the headers by small letters, and the JSON."""

    status: int
    headers: Mapping[str, str]
    said: Any = field(repr=False)


@dataclass(frozen=True)
class SellerWire:
    """Asks, and waits for so long at the most."""

    read_seconds: float = _READ_SECONDS

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        body: Mapping[str, Any] | None = None,
        missing_ok: bool = False,
    ) -> SellerAnswer:
        """What it answers; SellerError for a no. `missing_ok`: 404 is an answer, too."""
        from urllib3.exceptions import HTTPError

        sent = {"Accept": "application/json", "User-Agent": "kayoi-orders", **headers}
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            answer = self._pool.request(
                method, url, headers=sent, body=data, redirect=False, preload_content=False
            )
            raw = answer.read(_BYTES_MAX + 1, decode_content=True)
            answer.release_conn()
        except (HTTPError, OSError):
            raise SellerError("away") from None
        found = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status == 404 and missing_ok:
            return SellerAnswer(404, found, None)
        if not 200 <= answer.status < 300:
            raise SellerError(_trouble(answer.status), _seconds(found.get("retry-after")))
        if len(raw) > _BYTES_MAX:
            raise SellerError("nonsense")
        try:
            return SellerAnswer(answer.status, found, parsed(raw))
        except UnreadableMessage:
            raise SellerError("nonsense") from None

    @cached_property
    def _pool(self) -> "PoolManager":
        from urllib3 import PoolManager, Timeout

        timeout = Timeout(connect=_CONNECT_SECONDS, read=self.read_seconds)
        return PoolManager(timeout=timeout, retries=False)


def _trouble(status: int) -> Any:
    if status in _UNAUTHORIZED:
        return "unauthorized"
    if status == _TOO_MANY:
        return "too_often"
    return "away" if status >= _SERVER_ERROR else "nonsense"


def _seconds(told: str | None) -> float | None:
    """Systems say it in seconds, some with a fraction."""
    try:
        seconds = float(told or "")
    except ValueError:
        return None
    return None if isnan(seconds) else min(max(seconds, 0.0), _REST_MAX)
