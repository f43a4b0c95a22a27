"""A clock that stands."""

from datetime import datetime

from bot.clock import Clock


class Still(Clock):
    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now
