"""The mark of who stays away, by what the night noted: the same words in every list, on a member's
page and in the filter that finds them."""

from datetime import date, timedelta

from rules.journeys.risk import ABSENT, Risk

from ...staff.members.drifting import risk_text

#: So long it is news that somebody stays away.
_NEW, _DAY = timedelta(weeks=1), timedelta(days=1)


def absence_mark(risk: Risk | None) -> str:
    """How somebody stays away; empty for who doesn't."""
    return risk_text(risk) if risk in ABSENT else ""


def news_since(day: date) -> date:
    """From which day on it is news, on business day `day`, that somebody stays away."""
    return day - _NEW + _DAY


def is_new(risk: Risk | None, drift_on: date | None, day: date) -> bool:
    """Whether they began to within a week up to `day`."""
    return risk in ABSENT and drift_on is not None and news_since(day) <= drift_on <= day
