"""LINE's statistics: messages are counted by units that their sender names, never by person.

LINE, "Get statistics of sent messages": a unit is one name of letters, digits and `_` for each
request; what happens to a message is counted for 14 days; of fewer than twenty people nothing is
told.
"""

import hashlib
import re
from datetime import date, datetime, time, timedelta, timezone

#: LINE's days are Japan's ("Get statistics per unit").
LINE_DAYS = timezone(timedelta(hours=9), "JST")
#: Of fewer people LINE tells nothing.
FEWEST_TOLD = 20
#: At most so many days are counted together, the first and the last among them.
DAYS_TOGETHER = 31
#: So long after it was sent LINE counts what happens to a message.
DAYS_COUNTED = 14
_READABLE, _DIGEST = 21, 4


def line_day(moment: datetime) -> date:
    """The day on which LINE counts what is sent at that moment."""
    return moment.astimezone(LINE_DAYS).date()


def day_begins(day: date) -> datetime:
    """The moment from which LINE counts that day's messages."""
    return datetime.combine(day, time(), tzinfo=LINE_DAYS)


def unit_of(journey: str, arm: str) -> str:
    """LINE's name for what the outbox calls `journey`, in the version `arm`: always the same, and
    another for each, in 30 characters at most."""
    text = f"{journey}:{arm}"
    digest = hashlib.blake2s(text.encode(), digest_size=_DIGEST).hexdigest()
    return f"{re.sub('[^A-Za-z0-9]', '_', text)[:_READABLE]}_{digest}"


def ask_next(last_sent: date, asked: date) -> date | None:
    """When LINE is asked again about messages of which the last went out on `last_sent`, after it
    was `asked`; None once it counts them no more."""
    return asked + timedelta(days=1) if asked <= last_sent + timedelta(DAYS_COUNTED) else None
