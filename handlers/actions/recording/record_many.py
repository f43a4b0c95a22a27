"""Recording much of one member at once, as a file of the past brings it: judged together by one
replay, and told to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.store.history import history, ledger, receipts
from bot.store.history.receipts import ReceiptKey
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.activity import Activity, Purchase
from rules.base import Refusal
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay, corrections, granted
from rules.judging.taken_back import lent
from rules.programme.purchases import days_of_receipt, receipt_number

from .record import Request, Writer, activity_of, carry_out


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """What is to be recorded, and under which outside key of its own."""

    key: str
    request: Request


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as an activity, with the number that it would get."""

    keyed: KeyedRequest
    recorded: RecordedActivity
    receipt: ReceiptKey | None


def record_many(work: Work, member_id: int, wanted: Sequence[KeyedRequest]) -> list[str]:
    """Records what is taken of it; gives for each "done", or the code of a refusal. The keys are
    claimed by nobody: the caller knows what is new."""
    member = members.lock(work.uow, member_id)
    if member.erased_at is not None or member.merged_into is not None:
        return ["erased" if member.erased_at else "merged"] * len(wanted)
    asked = _asked(work, member, wanted)
    if not any(member.facts.is_late(a.at, a.day) for a in (e.recorded.activity for e in asked)):
        return _in_order(work, asked)
    at_once = _judged_together(work, member, asked)
    return _in_order(work, asked) if at_once is None else at_once


def _asked(work: Work, member: Member, wanted: Sequence[KeyedRequest]) -> list[_Asked]:
    return [
        _Asked(
            keyed,
            RecordedActivity(member.seq + n, activity_of(work, member, keyed.request)),
            receipt_of(work, keyed.request),
        )
        for n, keyed in enumerate(wanted, 1)
    ]


def receipt_of(work: Work, request: Request) -> ReceiptKey | None:
    """By what the receipt of a purchase is known; None where it has no number."""
    if request.receipt is None or not isinstance(request.what, Purchase):
        return None
    at = min(request.at, work.now)
    days = days_of_receipt(work.timeline.at(at).programme.shop, request.what, at)
    return ReceiptKey(request.store or "", receipt_number(request.receipt), days)


def _in_order(work: Work, asked: Sequence[_Asked]) -> list[str]:
    """One after the other, the oldest first."""
    found: dict[int, str] = {}
    for each in sorted(asked, key=lambda each: each.recorded.activity.at):
        found[each.recorded.seq] = _one(work.under(each.keyed.key), each)
    return [found[each.recorded.seq] for each in asked]


def _one(work: Work, asked: _Asked) -> str:
    request = asked.keyed.request
    seq = members.lock(work.uow, request.member_id).seq + 1
    if not _claims(work, request.member_id, seq, asked.receipt):
        return "receipt_again"
    outcome = carry_out(work, request, tells=False)
    if not outcome.done:
        _release(work, request.member_id, seq, asked.receipt)
    return outcome.refused or "done"


def _claims(work: Work, member_id: int, seq: int, receipt: ReceiptKey | None) -> bool:
    return receipt is None or receipts.claim(work.uow, receipt, member_id=member_id, seq=seq)


def _release(work: Work, member_id: int, seq: int, receipt: ReceiptKey | None) -> None:
    if receipt is not None:
        receipts.release_of(work.uow, member_id, seq, store=receipt.store)


def _judged_together(work: Work, member: Member, asked: Sequence[_Asked]) -> list[str] | None:
    """All that is taken, by one replay; None where together they would refuse what was taken
    before, so that each is to be asked for by itself."""
    past = history.of(work.uow, member.id)
    judged = work.replay(member, [*past, *(each.recorded for each in asked)])
    refused = dict(judged.refused)
    known = {each.seq for each in past}
    if not known.isdisjoint(refused) or any(each.receipt for each in asked):
        return None
    taken = [each for each in asked if each.recorded.seq not in refused]
    if not taken:
        return [refused[each.recorded.seq].code for each in asked]
    if len(taken) < len(asked):
        # What was refused changed nothing: the rest is what it was, by other numbers.
        taken = [
            replace(each, recorded=replace(each.recorded, seq=member.seq + n))
            for n, each in enumerate(taken, 1)
        ]
        judged = work.replay(member, [*past, *(each.recorded for each in taken)])
    if judged.refused or lent(granted(judged)) > lent(ledger.granted(work.uow, member.id)):
        return None
    _write(work, member, taken, judged)
    return [
        refused[each.recorded.seq].code if each.recorded.seq in refused else "done"
        for each in asked
    ]


def _write(work: Work, member: Member, taken: Sequence[_Asked], judged: Replay) -> None:
    write = Writer(work, member)
    past = history.of(work.uow, member.id)
    decisions: dict[int, Decision | Refusal] = {step.seq: step.outcome for step in judged.steps}
    done: list[tuple[int, Activity, Decision]] = []
    for each in taken:
        seq, activity = each.recorded.seq, each.recorded.activity
        decision = decisions[seq]
        if isinstance(decision, Refusal):
            raise ValueError("what is written must stand")
        write.under(each.keyed.key).activity(seq, activity)
        write.grants(seq, activity, decision)
        done.append((seq, activity, decision))
    write.under(work.key or taken[0].keyed.key)
    write.correct(past, corrections(ledger.granted(work.uow, member.id), judged))
    for seq, activity, decision in done:
        write.spend(seq, activity, decision, None)
    history.replace_rank_changes(work.uow, member.id, judged.rank_changes)
    write.save(judged.facts, taken[-1].recorded.seq)
