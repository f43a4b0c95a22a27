"""Whether a branch is open at a moment, and until or from when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..programme.programme import Programme
from ..shop import SPAN_DAYS_MAX, days


@dataclass(frozen=True, slots=True)
class Opening:
    """How a branch stands at a moment, on the shop's clock."""

    is_open: bool
    #: When it closes, or where it is closed when it opens next; None where that is years away.
    until: datetime | None
    #: Closed now, it opens yet on this business day.
    is_early: bool = False
    #: It is open on this business day at all.
    is_open_day: bool = True


def opening(programme: Programme, store: str | None, at: datetime) -> Opening | None:
    """How the branch stands at `at`; None where its hours aren't told."""
    hours, shop = programme.hours_of(store), programme.shop
    if hours is None:
        return None
    here, today = shop.local(at), shop.business_date(at)
    is_open_day = programme.is_open(store, today)
    if is_open_day and hours.cover(here.time()):
        return Opening(True, here.replace(second=0, microsecond=0) + hours.left(here.time()))
    for day in days(today, today + timedelta(days=SPAN_DAYS_MAX)):
        # What begins before the business day does, begins on the next date of the calendar.
        date = day if hours.start >= shop.day_starts_at else day + timedelta(days=1)
        opens = datetime.combine(date, hours.start, tzinfo=shop.zone)
        if programme.is_open(store, day) and opens > here:
            return Opening(False, opens, is_early=day == today, is_open_day=is_open_day)
    return Opening(False, None, is_open_day=is_open_day)
