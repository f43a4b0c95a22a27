"""When something is said of an event, and how long an offer holds."""

from datetime import UTC, date, datetime, time, timedelta

from ..sending.policy import SendingPolicy, quiet_until
from ..shop import Shop
from .event import LAST_MINUTES, Sitting

#: In the dark an offer's time is looked at again in steps of these.
_STEP = timedelta(minutes=15)
#: From this hour it is reminded, the day before, and thanked for, the day after.
_MORNING = time(10, 0)
#: What is off within so long is said at once.
_URGENT = timedelta(hours=3)


def offer_ends(
    policy: SendingPolicy, shop: Shop, sitting: Sitting, *, hours: int, now: datetime
) -> datetime:
    """When an offer of a place made `now` runs out: after so many hours in which messages may go
    out, and early enough that somebody else could still come."""
    latest = last_moment(sitting)
    left, at = timedelta(hours=hours), now
    while left > timedelta(0) and at < latest:
        wakes = quiet_until(policy, shop, at)
        if wakes is not None:
            at = wakes
            continue
        step = min(_STEP, left)
        at, left = at + step, left - step
    return min(at, latest)


def last_moment(sitting: Sitting) -> datetime:
    """Until when a place of it can be taken that was offered: so long an offer waits for somebody
    whom only a person can tell, and hasn't."""
    return sitting.starts_at - LAST_MINUTES


def reminds_at(shop: Shop, sitting: Sitting) -> datetime:
    """From when on those who have a place are reminded: the day before."""
    here = shop.local(sitting.starts_at)
    return _morning(shop, here.date() - timedelta(days=1))


def thanks_at(shop: Shop, sitting: Sitting) -> datetime:
    """From when on those who came are thanked: the day after, so that a photograph of the day can
    be there."""
    return morning_after(shop, sitting.ends_at)


def morning_after(shop: Shop, at: datetime) -> datetime:
    """The morning of the business day after that moment's."""
    return _morning(shop, shop.business_date(at) + timedelta(days=1))


def _morning(shop: Shop, day: date) -> datetime:
    return datetime.combine(day, _MORNING, tzinfo=shop.zone).astimezone(UTC)


def is_urgent(policy: SendingPolicy, shop: Shop, sitting: Sitting, now: datetime) -> bool:
    """Whether that the sitting is off can't wait for the end of quiet hours: it is today, or they
    would hear of it on the way."""
    if shop.local(sitting.starts_at).date() == shop.local(now).date():
        return True
    wakes = quiet_until(policy, shop, now)
    return wakes is not None and wakes > sitting.starts_at - _URGENT
