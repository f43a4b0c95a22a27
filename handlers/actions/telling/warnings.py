"""The warnings that other parts of the programme promise, before points or a rank go: queued with
the topic, priority and channels of their journeys, whether or not the programme names them.

One of points counts as given once it has left; whom no message reaches has it shown to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.store.finding import audience
from bot.store.finding.audience import Listener
from bot.store.history import ledger
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.messages import outbox
from bot.store.messages.outbox import MessageKey
from handlers.actions.recording.work import Work
from rules.journeys.parts import Channel
from rules.journeys.programme import promised_warning
from rules.programme.points import Lot, expiry_of, goes_on, warning_due, with_warnings
from rules.programme.programme import Programme

from .channel import way_to
from .messages import SayPointsExpiring, SayRankAtRisk, dump

WarningKind = Literal["points_expiring", "rank_at_risk"]


@dataclass(frozen=True, slots=True)
class OwedWarning:
    """What is to be said, once for its period."""

    say: SayPointsExpiring | SayRankAtRisk
    period: str
    #: How long it is of use.
    useful: timedelta


def look_at_listeners(work: Work, ids: Sequence[int], kind: WarningKind) -> None:
    """Finds out at once how each of many can be written to of a warning of that kind, for whoever
    asks of one of them in this transaction."""
    journey = promised_warning(work.programme, kind).queued_as
    for each in audience.listeners(work.uow, ids, journey=journey):
        work.uow.identities.put(_listeners_of(journey), each.member.id, each)


def listener_to(work: Work, member: Member, kind: WarningKind) -> Listener:
    """How the member can be written to of a warning of that kind."""
    journey = promised_warning(work.programme, kind).queued_as
    known: Listener | None = work.uow.identities.get(_listeners_of(journey), member.id)
    if known is None:
        [known] = audience.listeners(work.uow, [member.id], journey=journey)
    return known


def _listeners_of(journey: str) -> str:
    """What they are called among the rows that a transaction has read."""
    return f"listener:{journey}"


def warn(work: Work, member: Member, warning: OwedWarning, *, sms: bool) -> bool:
    """Queues a warning for the member; False when it was queued before, or nothing reaches them.
    `sms`: this club can send some."""
    return warn_listener(work, listener_to(work, member, warning.say.kind), warning, sms=sms)


def warn_listener(work: Work, listener: Listener, warning: OwedWarning, *, sms: bool) -> bool:
    """The same for somebody of whom it is known how they can be written to."""
    member, journey = listener.member, promised_warning(work.programme, warning.say.kind)
    channel = way_to(listener, journey, sms=sms)
    if channel is None and member.line_user_id is None:
        return False
    return outbox.queue(
        work.uow,
        MessageKey(member.id, journey.queued_as, warning.period),
        dump(warning.say),
        topic=journey.topic,
        now=work.now,
        useful_until=work.now + warning.useful,
        priority=journey.priority,
        # Who has blocked us may come back while it is of use.
        channel=channel or "line",
    )


def wants(programme: Programme, member: Member, kind: WarningKind) -> bool:
    """Whether the member is written to about it at all: they are with us, and left no topic."""
    journey = promised_warning(programme, kind)
    return member.membership in journey.states and journey.topic not in member.topics_left


def way_of(work: Work, member: Member, kind: WarningKind, *, sms: bool) -> Channel | None:
    """How a warning of that kind reaches the member as things are now; None where nothing does."""
    if not wants(work.programme, member, kind):
        return None
    return way_by(work, listener_to(work, member, kind), kind, sms=sms)


def way_by(work: Work, listener: Listener, kind: WarningKind, *, sms: bool) -> Channel | None:
    """The same of somebody of whom it is known how they can be written to."""
    if not wants(work.programme, listener.member, kind):
        return None
    return way_to(listener, promised_warning(work.programme, kind), sms=sms)


def note_left(work: Work, member_id: int, due: date) -> None:
    """Notes that a warning of the points that go on `due` has left today."""
    member = members.lock(work.uow, member_id)
    policy = work.programme.points
    for lot in ledger.open_lots(work.uow, member_id):
        if expiry_of(policy, lot, member.facts) == due:
            ledger.note_warning(work.uow, member_id, with_warnings(policy, lot, due, work.day))


def note_shown(
    work: Work, member: Member, lots: Iterable[Lot], *, until: date | None = None
) -> bool:
    """Notes as given what warnings of these points are owed, since the counter or their own card
    shows to a member whom LINE does not reach when they go; gives whether there were any. `until`:
    only of those that go on that day it is shown."""
    policy, day = work.programme.points, work.day
    known = [(lot, expiry_of(policy, lot, member.facts)) for lot in lots]
    owed = [
        (lot, on)
        for lot, on in known
        if on
        and warning_due(policy, lot, on, day)
        and until in (None, goes_on(policy, lot, on, day))
    ]
    if not owed or way_of(work, member, "points_expiring", sms=False) is not None:
        return False
    for lot, on in owed:
        ledger.note_warning(work.uow, member.id, with_warnings(policy, lot, on, day))
    return True
