"""Undoing an action: the state that history without it gives, or a refusal.

An action is named by its outside key. What it recorded stays written down, marked as undone; the
history is judged again without it, what it spent goes back into its lots, and the ledger is
corrected by the difference. The referrer's side of a first visit goes with it, or on to the next
visit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic import TypeAdapter

from bot.store import UnitOfWork
from bot.store.events import places, trial_parts
from bot.store.history import history, slips
from bot.store.history.history import StoredActivity
from bot.store.members import members, mergers
from bot.store.members.members import Member
from bot.store.staff import audit
from handlers.actions.recording.work import Work
from rules.activity import Absorbed, Merged
from rules.base import Refusal
from rules.judging.replay import RecordedActivity
from rules.judging.undo import REASON_LENGTH_MAX, may_undo, refuse_kinds

from ..members import referral
from ..members.merge import others_touched, take_apart
from ..recording.idempotency import once_for
from ..recording.log import note, note_reason
from ..recording.rewrite import RewrittenHistory, work_out, write_down
from ..telling.messages import tell_corrected, unsay
from ..telling.moved import tell_back
from .redeem import was_shown_to


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """What is to be undone: what was recorded of the member under the outside key `action`."""

    member_id: int
    action: str
    reason: str = ""
    #: For managers: points spent since are made up for.
    force: bool = False


@dataclass(frozen=True, slots=True)
class DependentAction:
    """What must be undone first."""

    #: Its outside key.
    key: str
    #: Whose it is.
    member_id: int
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """What an undoing came to."""

    member_id: int
    #: The refusal's code; None when it was done.
    refused: str | None = None
    #: By how much the member's balance changed.
    points: int = 0
    balance: int = 0
    #: How many points were spent since: why it was refused (undo_spent), or what a manager's force
    #: made up for.
    missing: int = 0
    #: Goes with undo_needed.
    needed: DependentAction | None = None
    rank_before: str | None = None
    rank: str | None = None
    badges_lost: tuple[str, ...] = ()
    #: Whether a message had gone out, so that a correction follows it.
    told: bool = False

    @property
    def done(self) -> bool:
        return self.refused is None


_UNDONE: TypeAdapter[UndoOutcome] = TypeAdapter(UndoOutcome)


def take_merging_apart(work: Work, member_id: int, action: str, *, by: str) -> UndoOutcome:
    """Undoes a merging that stands, done under the outside key `action`, for the LINE account `by`
    that had one of the cards: whatever was done with them since.

    Points spent since are made up for, and what can't stand without the merging goes with it.
    """
    member = members.lock(work.uow, member_id)
    gone = _standing(work, member_id, action)
    undoing = UndoRequest(member_id, action, force=True)
    while True:
        rewritten = _work_out(work, member, gone, undoing)
        needed = rewritten[0].without.needed
        if needed is None:
            return _write_down(work, rewritten, undoing, by=by)
        gone += [each for each in rewritten[0].without.history if each.seq == needed]


def undo(work: Work, undoing: UndoRequest) -> UndoOutcome:
    """Undoes an action for somebody of the staff.

    Refused with undo_unknown, undo_again, undo_never, undo_friend, undo_merged, undo_elsewhere,
    undo_managers, undo_reason, undo_needed, undo_spent or erased.
    """
    undoing = replace(undoing, reason=undoing.reason.strip()[:REASON_LENGTH_MAX])

    def act() -> UndoOutcome:
        member = members.lock(work.uow, undoing.member_id)
        known = history.under(work.uow, member.id, undoing.action)
        stands = [each for each in known if each.undone_at is None]
        refusal = _refuse_what(member, known, stands) or _refuse_whom(work, member, stands, undoing)
        if refusal is not None:
            return _refusal_outcome(member, refusal)
        rewritten = _work_out(work, member, [each.recorded for each in stands], undoing)
        stopped = _obstacle(work.uow, rewritten, force=undoing.force)
        if stopped is not None:
            return stopped
        # What came by a slip can be brought again, by whom it was meant for.
        for moment in {each.recorded_at for each in stands}:
            slips.release_claimed(work.uow, member.id, at=moment)
        return _write(work, rewritten, undoing)

    asked = f"undo {undoing.member_id} {undoing.action} {undoing.reason} {undoing.force}"
    return once_for(_UNDONE, work, asked, act)


def _refusal_outcome(member: Member, refusal: Refusal) -> UndoOutcome:
    return UndoOutcome(member.id, refused=refusal.code, balance=member.facts.balance)


def _refuse_what(
    member: Member, known: Sequence[StoredActivity], stands: Sequence[StoredActivity]
) -> Refusal | None:
    """Why this can't be undone by anybody."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("undo_merged")
    if not known:
        return Refusal("undo_unknown")
    if not stands:
        return Refusal("undo_again")
    return refuse_kinds(each.recorded.activity.what for each in stands)


def _refuse_whom(
    work: Work, member: Member, stands: Sequence[StoredActivity], undoing: UndoRequest
) -> Refusal | None:
    """Why this person can't undo it; a system undoes what it did itself, at a store of its own."""
    if work.client is not None:
        own = undoing.action.startswith(work.client.key("")) or was_shown_to(work, undoing.action)
        here = any(work.client.may_act_at(each.recorded.activity.store) for each in stands)
        return None if own and here else Refusal("undo_elsewhere")
    written = min(each.recorded_at for each in stands)
    own = work.staff.device_id is not None and audit.was_on(
        work.uow, key=undoing.action, member_id=member.id, device_id=work.staff.device_id
    )
    today = work.programme.shop.business_date(written) == work.day
    return may_undo(
        here=_is_here(work, stands, undoing.action),
        manages=work.staff.manages,
        own=own,
        today=today,
        reason=undoing.reason,
        force=undoing.force,
    )


def _is_here(work: Work, stands: Sequence[StoredActivity], action: str) -> bool:
    """Whether it counts for a store of theirs, or for none, or one of theirs did it."""
    desk = work.staff
    if any(desk.may_act_at(each.recorded.activity.store) for each in stands):
        return True
    return audit.desk_of(work.uow, action).store == desk.store


def _work_out(
    work: Work, member: Member, gone: list[RecordedActivity], undoing: UndoRequest
) -> list[RewrittenHistory]:
    """What it comes to: for the member, then for who had referred them or was merged into them if
    that goes too."""
    if any(isinstance(recorded.activity.what, Absorbed) for recorded in gone):
        return [work_out(work, member, gone), *_taken_over(work, member, undoing.action)]
    mine = work_out(work, member, gone)
    rest = mine.without
    return [mine, *referral.after_rewriting(work, member, rest.history, rest.judged)]


def _taken_over(work: Work, keeper: Member, action: str) -> list[RewrittenHistory]:
    """Who was merged into the keeper by this action, as they were; and who else lost something."""
    for each in mergers.absorbed(work.uow, keeper.id):
        closed = _standing(work, each, action)
        merged = next(filter(_is_merged, closed), None)
        if merged is None:
            continue
        others = [(m, _standing(work, m, action)) for m in others_touched(merged)]
        return [
            work_out(work, members.lock(work.uow, member_id), gone)
            for member_id, gone in ((each, closed), *others)
            if gone
        ]
    return []


def _standing(work: Work, member_id: int, action: str) -> list[RecordedActivity]:
    kept = history.under(work.uow, member_id, action)
    return [each.recorded for each in kept if each.undone_at is None]


def _is_of_merging(recorded: RecordedActivity) -> bool:
    return isinstance(recorded.activity.what, Absorbed | Merged)


def _is_merged(recorded: RecordedActivity) -> bool:
    return isinstance(recorded.activity.what, Merged)


def _obstacle(
    uow: UnitOfWork, rewritten: Sequence[RewrittenHistory], *, force: bool
) -> UndoOutcome | None:
    """The refusal if something that stands needs what is undone, or its points were spent."""
    member = rewritten[0].member
    for each in rewritten:
        if each.without.needed is not None:
            needed = _dependent(uow, each, each.without.needed)
            return UndoOutcome(
                member.id, refused="undo_needed", balance=member.facts.balance, needed=needed
            )
    missing = sum(each.without.shortfall for each in rewritten)
    if missing and not force:
        return UndoOutcome(
            member.id, refused="undo_spent", balance=member.facts.balance, missing=missing
        )
    return None


def _dependent(uow: UnitOfWork, rewritten: RewrittenHistory, seq: int) -> DependentAction:
    activity = next(r.activity for r in rewritten.without.history if r.seq == seq)
    member_id = rewritten.member.id
    kind = type(activity.what).__name__.lower()
    return DependentAction(history.key_of(uow, member_id, seq), member_id, kind, activity.day)


def _write(work: Work, rewritten: Sequence[RewrittenHistory], undoing: UndoRequest) -> UndoOutcome:
    outcome = _write_down(work, rewritten, undoing)
    member_id, shortfall = outcome.member_id, outcome.missing
    note(work, "undo", member_id=member_id, of=undoing.action, shortfall=shortfall)
    note_reason(work, member_id, undoing.reason)
    return outcome


def _write_down(
    work: Work, rewritten: Sequence[RewrittenHistory], undoing: UndoRequest, *, by: str = ""
) -> UndoOutcome:
    told = False
    for each in rewritten:
        write_down(work, each)
        for merged in filter(_is_merged, each.gone):
            take_apart(work, rewritten[0].member.id, each.member, merged)
            tell_back(work, merged, other_id=each.member.id, by=by)
        places.take_back_came(work.uow, each.member.id, undoing.action)
        trial_parts.take_back(work.uow, each.member.id, undoing.action)
        heard = unsay(work.uow, each.member, each.gone, each.ranks_gone, action=undoing.action)
        # Whose cards are two again is told that.
        if heard and not any(_is_of_merging(recorded) for recorded in each.gone):
            told |= tell_corrected(
                work,
                each.member,
                each.gone,
                points=each.points,
                rank=each.member.facts.rank.id != each.without.judged.facts.rank.id,
            )
    mine = rewritten[0]
    before, after = mine.member.facts, mine.without.judged.facts
    return UndoOutcome(
        mine.member.id,
        points=mine.points,
        balance=after.balance,
        missing=sum(each.without.shortfall for each in rewritten),
        rank_before=before.rank.id,
        rank=after.rank.id,
        badges_lost=tuple(badge for badge in before.badges if badge not in after.badges),
        told=told,
    )
