"""A clock that has jumped: the night's work waits until an owner says that the date is true.

One night at a date years ahead would judge everybody's months up to then, take points and send
messages, for good. A shop that was shut for as long only has to say so.
"""

from datetime import date, datetime

import structlog

from bot.store.finding import ticks
from bot.store.finding.ticks import ClockJump, jump_at
from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.club import Club
from rules.programme.counter import Flag

log = structlog.get_logger(__name__)


class JumpGuard:
    """Whether the clock's work waits, asked anew on every business day that comes."""

    def __init__(self, club: Club) -> None:
        self._club = club
        self._believed: date | None = None
        self._told: date | None = None

    def waits(self) -> bool:
        """Whether everything that goes by the date is to wait. The first time it is told to the
        log and to the owner's page."""
        now = self._club.now()
        day = self._club.timeline().at(now).programme.shop.business_date(now)
        if day == self._believed:
            return False
        with self._club.store.read() as uow:
            jump = jump_at(uow, day)
        if jump is None:
            self._believed = day
            with self._club.store.begin() as uow:
                flags.solved(uow, ("jump",), at=now)
            return False
        if day != self._told:
            self._tell(jump, now)
            self._told = day
        return True

    def _tell(self, jump: ClockJump, now: datetime) -> None:
        last, day = jump.last.isoformat(), jump.day.isoformat()
        log.error("clock_jumped", last=last, day=day, do=f"flask --app app ledger accept {day}")
        flag = Flag("jump", f"jump:{last}:{day}", details={"last": last, "day": day})
        with self._club.store.begin() as uow:
            flags.add(uow, [flag], Sighting(now, jump.day, None, None, None))


def accept(club: Club, day: date) -> ClockJump | None:
    """Lets the clock's work go on at business day `day`. Gives the jump that it was; None where
    nothing waits for it: it is another day, or no jump."""
    now = club.now()
    if day != club.timeline().at(now).programme.shop.business_date(now):
        return None
    with club.store.begin() as uow:
        jump = jump_at(uow, day)
        if jump is not None:
            ticks.accept_day(uow, day)
            flags.solved(uow, ("jump",), at=now)
    return jump
