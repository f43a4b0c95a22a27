"""The clock's work: one tick that does whatever is due, and travel, which ticks its way there."""

import math
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from bot.store import outbox
from handlers.club import Club

from . import nightly, rich_menu
from .deliver import Delivery


class Clockwork:
    """Does what is due at the club's present moment. A tick may come often, late or twice.

    In one process one thing happens at a time: a tick waits while somebody travels.
    """

    def __init__(self, club: Club) -> None:
        self._club = club
        self._delivery = Delivery(club)
        self._one_at_a_time = Lock()

    def tick(self, *, seconds_max: float = math.inf) -> None:
        """The night's work if it is due, then what may go out now, for `seconds_max` of it."""
        with self._one_at_a_time:
            self._tick(seconds_max)

    def travel(self, target: datetime, set_now: Callable[[datetime], None]) -> None:
        """Moves the club's time forward to `target`, with every tick and delivery on the way at
        its own time and in its order. `set_now` moves the clock."""
        with self._one_at_a_time:
            # Seconds of wall time may become days: a version just published must be known now.
            self._club.programmes.forget()
            self._tick()
            while (moment := self._next_moment(target)) < target:
                set_now(moment)
                self._tick()
            set_now(target)
            self._tick()

    def _tick(self, seconds_max: float = math.inf) -> None:
        nightly.run_if_due(self._club)
        self._delivery.deliver_due(seconds_max=seconds_max)
        rich_menu.relink(self._club)

    def _next_moment(self, target: datetime) -> datetime:
        now = self._club.now()
        programme = self._club.timeline().at(now).programme
        with self._club.store.read() as uow:
            due = outbox.next_due(uow)
        moments = [nightly.next_run(programme, now), target]
        if due is not None and due > now:
            moments.append(due)
        return min(moments)
