"""Whether a member is due a journey's message on a day; who is not, with the reason.

Pure, and asked twice: by the job that queues, and once more when the message is about to go out.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from ..facts import Facts
from ..programme.journeys import AskWhy, Journey
from ..programme.programme import Programme
from .arms import is_held_back
from .case import Case, Found, Known
from .triggers import TRIGGERS, call_days


@dataclass(frozen=True, slots=True)
class Due:
    """To be written: once per (member, journey, `period`), and not after `useful_until` (UTC).

    `step` is the journey's step, from 0, `target` the rank, badge or reward it is about, `values`
    what its texts may name.
    """

    period: str
    useful_until: datetime
    step: int
    target: str | None
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NotDue:
    """Not to be written; `reason` names its sentence in the texts (`journey.not_due.<reason>`)."""

    reason: str


def journeys_of(programme: Programme) -> tuple[Journey, ...]:
    """Every journey that the club sends, the one that goes first leading."""
    return programme.journeys_sent


def journey_named(programme: Programme, journey: str) -> Journey | None:
    """The journey of that id; None when the programme has dropped it."""
    return next((known for known in journeys_of(programme) if known.id == journey), None)


def promised(programme: Programme, kind: Literal["points_expiring", "rank_at_risk"]) -> Journey:
    """The warning of that kind as the programme wants it sent, or our own."""
    return next(known for known in journeys_of(programme) if known.kind == kind)


def due(
    programme: Programme, journey: Journey, facts: Facts, *, day: date, known: Known
) -> Due | NotDue:
    """Whether `journey` is due to the member on business day `day`, to which `facts` go."""
    case = Case(programme, facts, day, known)
    if reason := _not_for(journey, case):
        return NotDue(reason)
    found = TRIGGERS[journey.kind](journey, case)
    if isinstance(found, str):
        return NotDue(found)
    return _in_time(journey, case, found)


def _not_for(journey: Journey, case: Case) -> str | None:
    """Why somebody like them never gets this journey; None when they do."""
    if case.facts.membership not in journey.states:
        return case.facts.membership
    if journey.ranks and case.facts.rank.id not in journey.ranks:
        return "other_rank"
    if journey.languages and case.known.language not in journey.languages:
        return "other_language"
    return "few_visits" if case.facts.visits < journey.visits_min else None


def _in_time(journey: Journey, case: Case, found: Found) -> Due | NotDue:
    if case.day < found.since:
        return NotDue("not_yet")
    until = case.shop.opens(found.since) + timedelta(hours=journey.useful_hours)
    if found.ends is not None:
        until = min(until, case.shop.opens(found.ends))
    if case.shop.opens(case.day) >= until:
        return NotDue("too_late")
    sent_on = case.known.sent_on
    if sent_on is not None and (case.day - sent_on).days < journey.again_after_days:
        return NotDue("written_lately")
    return Due(found.period, until, found.step, found.target, found.values)


def to_call(programme: Programme, facts: Facts, *, day: date, known: Known, salt: str) -> bool:
    """Whether staff should telephone this member (`salt`: see `arms`): a journey `ask_why` is
    waiting for them to. Who is held back for its test is not called either: a call is a good part
    of what is tested."""
    case = Case(programme, facts, day, known)
    for journey in journeys_of(programme):
        if isinstance(journey, AskWhy) and not _not_for(journey, case):
            if is_held_back(journey, salt):
                continue
            first, last = call_days(journey, case)
            called = known.called_on is not None and known.called_on >= facts.away_since
            if first <= day < last and not called:
                return True
    return False
