"""Recording an activity: what every action does once it knows whom it is about.

In order of time it is one step of the rules. What arrives late is judged by when it happened: the
whole history is replayed with it in its place, and the ledger corrected by the difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.calendar import is_public_holiday
from bot.store import UnitOfWork
from bot.store.history import history, ledger, switches
from bot.store.history.ledger import Entry
from bot.store.members import members
from bot.store.members.members import Member
from rules.activity import Absorbed, Activity, By, What
from rules.base import Refusal
from rules.facts import Facts
from rules.judging.decide import Decision, apply, spent_by
from rules.judging.replay import Correction, Recorded, corrections, replay
from rules.programme.points import Take, lot_expiry, take, take_back
from rules.programme.timeline import Timeline

from .idempotency import once
from .outcome import Outcome, decided, refused


@dataclass(frozen=True, slots=True)
class Request:
    """What happened to whom: `key` is the outside key, `at` when it happened (aware UTC)."""

    key: str
    member_id: int
    what: What
    at: datetime
    by: By
    store: str | None = None


def record(uow: UnitOfWork, timeline: Timeline, request: Request, *, now: datetime) -> Outcome:
    """Records an activity and all that follows from it; a repeat of the key changes nothing.

    Raises KeyReused when the key was used for something else.
    """
    asked = f"{request.member_id} {request.what!r} {request.store} {request.by}"

    def work() -> Outcome:
        member = members.lock(uow, request.member_id)
        return carry_out(uow, timeline, member, request, now=now)

    return once(uow, request.key, asked, work, now=now)


def carry_out(
    uow: UnitOfWork,
    timeline: Timeline,
    member: Member,
    request: Request,
    *,
    now: datetime,
    takes: tuple[Take, ...] | None = None,
) -> Outcome:
    """Writes an activity of `member`, who is locked and as the row has them, and what follows.

    The caller has claimed the key. `takes` names the lots to take from where it isn't "those that
    expire first".
    """
    if member.erased_at is not None:
        return refused(member.id, Refusal("erased"), balance=0)
    if member.merged_into is not None:
        return refused(member.id, Refusal("merged"), balance=member.facts.balance)
    activity = activity_of(uow, timeline, member, request, now=now)
    if member.facts.is_late(activity.at, activity.day):
        return _record_late(uow, timeline, member, request, activity, now=now, takes=takes)
    decision = apply(timeline, member.facts, activity)
    if isinstance(decision, Refusal):
        return refused(member.id, decision, balance=member.facts.balance)
    seq = member.seq + 1
    write = Writer(uow, timeline, member, request.key, now)
    write.activity(seq, activity)
    write.grants(seq, activity, decision)
    write.spend(seq, activity, decision, takes)
    history.add_rank_changes(uow, member.id, decision.rank_changes)
    write.save(decision.facts, seq)
    return decided(member.id, seq, decision)


def activity_of(
    uow: UnitOfWork, timeline: Timeline, member: Member, request: Request, *, now: datetime
) -> Activity:
    """What was asked for as an activity: its business day, and what was so in the shop then."""
    # Nobody did anything in the club before joining it: an older event counts from then. And a
    # device whose clock runs ahead must not make everything after it late.
    at = max(min(request.at, now), member.joined_at)
    programme = timeline.at(at).programme
    day = programme.shop.business_date(at)
    switchable = any(campaign.staff_switch for campaign in programme.campaigns)
    return Activity(
        request.what,
        at,
        day,
        by=request.by,
        store=request.store,
        holiday=is_public_holiday(programme.shop.country, day),
        switches=switches.on(uow, request.store, day) if switchable and request.store else (),
    )


def _record_late(
    uow: UnitOfWork,
    timeline: Timeline,
    member: Member,
    request: Request,
    activity: Activity,
    *,
    now: datetime,
    takes: tuple[Take, ...] | None,
) -> Outcome:
    seq = member.seq + 1
    past = [*history.of(uow, member.id), Recorded(seq, activity)]
    judged = replay(timeline, past, member.facts.settled)
    if judged.refused:
        # Taking it would refuse what was taken already: what was told stays true.
        return refused(member.id, judged.refused[0][1], balance=member.facts.balance)
    decision = judged.decision(seq)
    if isinstance(decision, Refusal):
        return refused(member.id, decision, balance=member.facts.balance)
    write = Writer(uow, timeline, member, request.key, now)
    write.activity(seq, activity)
    write.grants(seq, activity, decision)
    # Corrections first: what they give may be needed for what is taken.
    write.correct(past, corrections(ledger.granted(uow, member.id), judged))
    write.spend(seq, activity, decision, takes)
    history.replace_rank_changes(uow, member.id, judged.rank_changes)
    write.save(judged.facts, seq)
    return replace(decided(member.id, seq, decision), balance=judged.facts.balance)


class Writer:
    """Writes what one outside key brings a member, numbering the ledger entries."""

    def __init__(
        self, uow: UnitOfWork, timeline: Timeline, member: Member, key: str, now: datetime
    ) -> None:
        self._uow, self._timeline, self._member = uow, timeline, member
        self._key, self._now = key, now
        self._no = member.entry_no

    def activity(self, seq: int, activity: Activity, *, key: str | None = None) -> None:
        """`key` where another outside key than the request's caused it."""
        version = self._timeline.at(activity.at).number
        history.add(
            self._uow,
            self._member.id,
            seq,
            activity,
            version=version,
            key=key or self._key,
            recorded_at=self._now,
        )

    def grants(self, seq: int, activity: Activity, decision: Decision) -> None:
        given = [
            self._entry(seq, activity, "grant", grant.rule, grant.points)
            for grant in decision.grants
        ]
        if isinstance(activity.what, Absorbed):
            # A grant for each lot, in their order: each keeps its own days.
            given = [
                replace(entry, given_on=lot.given_on, expires_on=lot.expires_on)
                for entry, lot in zip(given, activity.what.lots, strict=True)
            ]
        ledger.give(self._uow, self._member.id, given)

    def spend(
        self,
        seq: int,
        activity: Activity,
        decision: Decision,
        takes: tuple[Take, ...] | None,
    ) -> None:
        spent = decision.spent
        if spent is None:
            return
        if takes is None:
            takes = take(ledger.open_lots(self._uow, self._member.id), spent.points)
        entry = self._entry(seq, activity, "spend", spent.rule, -spent.points)
        ledger.take(self._uow, self._member.id, entry, takes)

    def refund(self, seq: int, activity: Activity) -> None:
        """Puts what activity `seq` took back into the very lots, which keep their day of expiry."""
        back = ledger.took(self._uow, self._member.id, seq)
        spent = spent_by(activity)
        if not back or spent is None:
            return
        points = sum(part.points for part in back)
        entry = self._entry(seq, activity, "refund", spent.rule, points)
        ledger.put_back(self._uow, self._member.id, entry, back)

    def correct(self, past: Iterable[Recorded], off: tuple[Correction, ...]) -> None:
        activities = {recorded.seq: recorded.activity for recorded in past}
        for wrong in off:
            activity = activities[wrong.seq]
            entry = self._entry(wrong.seq, activity, "correction", wrong.rule, wrong.points)
            if wrong.points > 0:
                ledger.give(self._uow, self._member.id, [entry])
                continue
            own = ledger.lot_of(self._uow, self._member.id, wrong.seq, wrong.rule)
            takes = take_back(ledger.open_lots(self._uow, self._member.id), own, -wrong.points)
            ledger.take(self._uow, self._member.id, entry, takes)

    def save(self, facts: Facts, seq: int) -> None:
        member = replace(self._member, facts=facts, seq=seq, entry_no=self._no)
        members.save(self._uow, member)

    def _entry(
        self, seq: int, activity: Activity, kind: ledger.EntryKind, rule: str, points: int
    ) -> Entry:
        self._no += 1
        version = self._timeline.at(activity.at)
        return Entry(
            no=self._no,
            seq=seq,
            kind=kind,
            rule=rule,
            version=version.number,
            key=self._key,
            points=points,
            at=activity.at,
            recorded_at=self._now,
            day=activity.day,
            expires_on=lot_expiry(version.programme.points, activity.day) if points > 0 else None,
        )
