"""What LINE's answers say of us beside what was asked: whether it takes our token, and how our
clock stands to its."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_UNAUTHORIZED = 401
_OK, _REFUSALS = 200, 400
#: How often the clock is looked at: dates cost more than the rest of an answer.
_LOOK_SECONDS = 10.0


class Pulse:
    """Of the answers that this process heard. It may be told on any thread."""

    def __init__(self) -> None:
        self.token_refused = False
        #: How far our clock is ahead of LINE's, within a second or two; None where it was not said.
        self.ahead: timedelta | None = None
        self._look_at = 0.0

    def hear(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        """An answer's status, and its headers where they are known."""
        if status == _UNAUTHORIZED:
            self.token_refused = True
        elif _OK <= status < _REFUSALS:
            self.token_refused = False
        if headers is None or time.monotonic() < self._look_at:
            return
        self._look_at = time.monotonic() + _LOOK_SECONDS
        try:
            theirs = parsedate_to_datetime(headers.get("Date", ""))
        except (ValueError, TypeError):
            return
        if theirs.tzinfo is not None:
            self.ahead = datetime.now(UTC) - theirs
