"""How systems are asked: at fixed addresses, no redirection followed, nothing repeated here."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isnan
from time import monotonic
from typing import Any

from yarl import URL

from .adapter import SellerError, UnreadableMessage, parsed

#: From the question to the last byte of its answer, however slowly it comes; and all questions
#: of one task together.
SECONDS_MAX, TASK_SECONDS_MAX = 20.0, 45.0
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
class _SellerQuestion:
    """A question as it goes out."""

    method: str
    #: As it is: nothing of it is written anew.
    url: URL
    headers: Mapping[str, str]
    data: bytes | None


@dataclass(frozen=True)
class SellerWire:
    """Asks, and waits for so long at the most."""

    seconds_max: float = SECONDS_MAX
    #: By the machine's clock that only goes on: nothing is waited for beyond it.
    ends: float | None = None

    def of_one_task(self) -> "SellerWire":
        """One whose questions together take no longer than a task may."""
        return replace(self, ends=monotonic() + TASK_SECONDS_MAX)

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
        # aiohttp takes a tenth of a second to load, which no command needs but those that ask.
        from aiohttp import ClientError

        sent = {"Accept": "application/json", "User-Agent": "kayoi-orders", **headers}
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        asked = _SellerQuestion(method, URL(url, encoded=True), sent, data)
        try:
            status, found, raw = asyncio.run(_answer(asked, self._seconds_left))
        except (ClientError, OSError, UnicodeError):
            raise SellerError("away") from None
        if status == 404 and missing_ok:
            return SellerAnswer(404, found, None)
        if not 200 <= status < 300:
            raise SellerError(_trouble(status), _seconds(found.get("retry-after")))
        if len(raw) > _BYTES_MAX:
            raise SellerError("nonsense")
        try:
            return SellerAnswer(status, found, parsed(raw))
        except UnreadableMessage:
            raise SellerError("nonsense") from None

    @property
    def _seconds_left(self) -> float:
        if self.ends is None:
            return self.seconds_max
        return min(self.seconds_max, self.ends - monotonic())


async def _answer(asked: _SellerQuestion, seconds_max: float) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and what it said, a little more than the most at the most;
    TimeoutError, an OSError, where that isn't all there in time."""
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

    async with (
        asyncio.timeout(seconds_max),
        ClientSession(
            timeout=ClientTimeout(total=None),
            cookie_jar=DummyCookieJar(),
            headers={"Accept-Encoding": "identity"},
        ) as session,
        session.request(
            asked.method, asked.url, headers=asked.headers, data=asked.data, allow_redirects=False
        ) as answer,
    ):
        found = {name.lower(): value for name, value in answer.headers.items()}
        raw = bytearray()
        while len(raw) <= _BYTES_MAX and (piece := await answer.content.readany()):
            raw += piece
        return answer.status, found, bytes(raw)


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
