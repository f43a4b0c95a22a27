"""Marking as read, in LINE's own chat, what we have answered; what a person is to answer stays
unread there.

A token marks its message and all before it ("Mark messages as read" in LINE's documentation). So
nothing is marked while something the same person wrote still waits for somebody.
"""

import time
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.line.errors import LineError, LineRejected
from bot.line.events import Event
from bot.store.messages import inbox
from handlers.club import Club

log = structlog.get_logger(__name__)

#: LINE refuses where its chat is switched off, as everything is read there by itself: it is asked
#: again after so long.
_PAUSE_SECONDS = 3_600.0


class Marker(Protocol):
    """What has a message marked as read."""

    def mark_as_read(self, token: str, then: Callable[[LineError | None], None]) -> None:
        """Has it and those before it marked; `then` is told what went wrong, if something did."""


class ReadMarks:
    """Gathers what was answered, and has it marked. One thread does both; nobody waits for it, and
    what fails is only a mark."""

    def __init__(
        self, club: Club, marker: Marker, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._club, self._marker, self._clock = club, marker, clock
        #: Each person's last token.
        self._tokens: dict[str, str] = {}
        self._paused_until = 0.0

    def gather(self, event: Event) -> None:
        """Takes up a message that was answered."""
        if event.user_id is not None and event.mark_as_read_token is not None:
            self._tokens[event.user_id] = event.mark_as_read_token

    def send(self) -> None:
        """Has what was gathered marked, but for those who wait for a person."""
        tokens, self._tokens = self._tokens, {}
        if not tokens or self._clock() < self._paused_until:
            return
        with self._club.store.glance() as uow:
            waiting = inbox.waiting(uow, tokens)
        for user_id, token in tokens.items():
            if user_id not in waiting:
                self._marker.mark_as_read(token, self._told)

    def _told(self, trouble: LineError | None) -> None:
        if isinstance(trouble, LineRejected):
            self._paused_until = self._clock() + _PAUSE_SECONDS
        if trouble is not None:
            log.info("not_marked_as_read", kind=type(trouble).__name__, status=trouble.status)
