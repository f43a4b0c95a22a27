"""Recording an activity: what every action does once it knows whom it is about.

In order of time it is one step of the rules. What arrives late is judged by when it happened: the
whole history is replayed with it in its place, and the ledger corrected by the difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.calendar import is_public_holiday
from bot.store.history import history, ledger, switches
from bot.store.history.ledger import Entry
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Absorbed, Activity, BroughtAlong, What
from rules.base import Refusal
from rules.facts import Facts
from rules.judging.decide import Decision, apply_settled
from rules.judging.late import gains
from rules.judging.replay import Correction, RecordedActivity, corrections, granted
from rules.judging.taken_back import lent, spent_by
from rules.orders.lines import BoughtLine
from rules.programme.points import (
    Lot,
    LotWithdrawal,
    OpenLots,
    PointsPolicy,
    lot_expiry,
    take,
)

from .idempotency import once
from .outcome import Outcome, outcome_of_decision, outcome_of_refusal
from .work import Recording


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be recorded. By whom, and under which outside key, the work says."""

    member_id: int
    what: What
    #: When it happened, aware UTC.
    at: datetime
    #: The store's id; None where it happened at none.
    store: str | None = None
    #: The number on a purchase's receipt; None where none tells it from others.
    receipt: str | None = None
    #: What a purchase was of, where somebody told.
    lines: tuple[BoughtLine, ...] = ()


def record(work: Work, request: Request) -> Outcome:
    """Records an activity and all that follows from it; a repeat of the key changes nothing.

    Raises KeyReused when the key was used for something else.
    """
    return once(work, asked_of(work, request), lambda: carry_out(work, request))


def asked_of(work: Work, request: Request) -> str:
    """All that is asked but the time, for the work's key."""
    return f"{request.member_id} {request.what!r} {request.store} {work.made_by}"


def carry_out(
    work: Work,
    request: Request,
    *,
    takes: tuple[LotWithdrawal, ...] | None = None,
    tells: bool = True,
) -> Outcome:
    """The same for a caller who has claimed the key. `takes` names the lots to take from where it
    isn't "those that expire first". Nobody is told where it doesn't tell."""
    member = members.lock(work.uow, request.member_id)
    outcome = _carried_out(work, member, request, takes)
    if outcome.done and tells:
        work.recorded.append(Recording(request.what, member, outcome))
    return outcome


def _carried_out(
    work: Work, member: Member, request: Request, takes: tuple[LotWithdrawal, ...] | None
) -> Outcome:
    if member.erased_at is not None:
        return outcome_of_refusal(member.id, Refusal("erased"))
    if member.merged_into is not None:
        return outcome_of_refusal(member.id, Refusal("merged"))
    activity = activity_of(work, member, request)
    if member.facts.is_late(activity.at, activity.day):
        return _record_late(work, member, activity, takes)
    facts, changes = work.settled_to(member, activity.day)
    decision = apply_settled(work.timeline, facts, activity, changes=changes)
    if isinstance(decision, Refusal):
        return outcome_of_refusal(member.id, decision)
    seq = member.seq + 1
    write = Writer(work, member)
    write.activity(seq, activity)
    write.grants(seq, activity, decision)
    write.spend(seq, activity, decision, takes)
    history.add_rank_changes(work.uow, member.id, decision.rank_changes)
    write.save(decision.facts, seq)
    return outcome_of_decision(member.id, seq, decision)


def activity_of(work: Work, member: Member, request: Request) -> Activity:
    """What was asked for as an activity: its business day, and what was so in the shop then."""
    # Nobody did anything in the club before joining it: an older event counts from then. And a
    # device whose clock runs ahead must not make everything after it late.
    at = max(min(request.at, work.now), member.joined_at)
    programme = work.timeline.at(at).programme
    day = programme.shop.business_date(at)
    switchable = bool(request.store) and any(c.staff_switch for c in programme.campaigns)
    return Activity(
        request.what,
        at,
        day,
        by=work.made_by,
        store=request.store,
        holiday=is_public_holiday(programme.shop.country, day),
        switches=switches.on(work.uow, request.store or "", day, at) if switchable else (),
        segments=work.segments_of(member.id),
    )


def _record_late(
    work: Work, member: Member, activity: Activity, takes: tuple[LotWithdrawal, ...] | None
) -> Outcome:
    seq = member.seq + 1
    past = [*history.of(work.uow, member.id), RecordedActivity(seq, activity)]
    judged = work.replay(member, past)
    if judged.refused:
        # Taking it would refuse what was taken already: what was told stays true.
        return outcome_of_refusal(member.id, judged.refused[0][1])
    decision = judged.decision(seq)
    if isinstance(decision, Refusal):
        return outcome_of_refusal(member.id, decision)
    known = ledger.granted(work.uow, member.id)
    if lent(granted(judged)) > lent(known):
        # What stands although its points were taken back shall not hide what is short by this.
        return outcome_of_refusal(member.id, Refusal("points_short"))
    write = Writer(work, member)
    write.activity(seq, activity)
    write.grants(seq, activity, decision)
    # Corrections first: what they give may be needed for what is taken.
    write.correct(past, corrections(ledger.granted(work.uow, member.id), judged))
    write.spend(seq, activity, decision, takes)
    ranks_before = history.rank_history(work.uow, member.id)
    history.replace_rank_changes(work.uow, member.id, judged.rank_changes)
    write.save(judged.facts, seq)
    new = gains(work.programme.ranks, member.facts, ranks_before, judged)
    return replace(
        outcome_of_decision(member.id, seq, decision),
        balance=judged.facts.balance,
        rank_changes=new.rank_changes,
        badges=new.badges,
        vouchers=new.vouchers,
    )


class Writer:
    """Writes what one outside key brings a member, numbering the ledger entries."""

    def __init__(self, work: Work, member: Member) -> None:
        self._uow, self._timeline, self._member = work.uow, work.timeline, member
        self._key, self._now = work.key, work.now
        self._foresight = work.foresight
        self._no = member.entry_no

    def under(self, key: str) -> "Writer":
        """The same for what another outside key brings."""
        self._key = key
        return self

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
            # A grant for each lot, first and in their order: each keeps its own days.
            lots = activity.what.lots
            carried = [
                replace(entry, given_on=lot.given_on, expires_on=lot.expires_on)
                for entry, lot in zip(given, lots, strict=False)
            ]
            given = [*carried, *given[len(lots) :]]
        ledger.give(self._uow, self._member.id, [entry for entry in given if entry.points > 0])
        for entry in given:
            if entry.points < 0:
                # Made good out of what was just given.
                takes = take(_lots(given), -entry.points)
                ledger.take(self._uow, self._member.id, entry, takes)

    def spend(
        self,
        seq: int,
        activity: Activity,
        decision: Decision,
        takes: tuple[LotWithdrawal, ...] | None,
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
        spent = spent_by(activity)
        back = ledger.took(self._uow, self._member.id, seq) if spent else ()
        if not back or spent is None:
            return
        points = sum(part.points for part in back)
        entry = self._entry(seq, activity, "refund", spent.rule, points)
        ledger.put_back(self._uow, self._member.id, entry, back)

    def correct(self, past: Iterable[RecordedActivity], off: tuple[Correction, ...]) -> None:
        """Writes corrections down: those that give come first. The lots are read once, however
        many: an activity more or less may move every stamp that came after it."""
        if not off:
            return
        activities = {recorded.seq: recorded.activity for recorded in past}
        lots = OpenLots(ledger.open_lots(self._uow, self._member.id))
        own = ledger.lots_of_grants(self._uow, self._member.id)
        for wrong in off:
            activity = activities[wrong.seq]
            entry = self._entry(wrong.seq, activity, "correction", wrong.rule, wrong.points)
            if wrong.points > 0:
                ledger.give(self._uow, self._member.id, [entry])
                lots.add(_lot(entry))
                continue
            takes = lots.take_back(own.get((wrong.seq, wrong.rule)), -wrong.points)
            ledger.take(self._uow, self._member.id, entry, takes)

    def save(self, facts: Facts, seq: int) -> None:
        member = replace(self._member, facts=facts, seq=seq, entry_no=self._no)
        members.save(self._uow, member, self._foresight)

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
            expires_on=_expiry(version.programme.points, activity) if points > 0 else None,
        )


def _expiry(policy: PointsPolicy, activity: Activity) -> date | None:
    told = activity.what.expires_on if isinstance(activity.what, BroughtAlong) else None
    return told or lot_expiry(policy, activity.day)


def _lots(given: Sequence[Entry]) -> tuple[Lot, ...]:
    """The lots that entries have just given."""
    return tuple(_lot(entry) for entry in given if entry.points > 0)


def _lot(entry: Entry) -> Lot:
    given_on = entry.given_on or entry.day
    return Lot(entry.no, entry.points, entry.points, given_on, entry.expires_on)
