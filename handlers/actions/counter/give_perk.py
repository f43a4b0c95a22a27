"""What a member's rank brings, given by staff: noted once in each of its periods."""

from dataclasses import dataclass

from handlers.actions.recording.work import Work
from rules.activity import PerkGiven

from ..recording.idempotency import once_for
from ..recording.log import note, note_refusal
from ..recording.record import Request, carry_out
from .scan import SCANNED, ScanOutcome, holder_and_keeper


@dataclass(frozen=True, slots=True)
class PerkHandover:
    """What is given to whom. The work's key is the device's own for it."""

    #: The number of the card.
    number: str
    #: The perk's key.
    perk: str

    @property
    def asked(self) -> str:
        return f"perk {self.number} {self.perk}"


def give_perk(work: Work, giving: PerkHandover) -> ScanOutcome:
    """Notes that it was given at the desk's store; a repeat of the key changes nothing. "unknown"
    where the number leads to nobody, "refused" with perk_none (their rank brings nothing of the
    kind), perk_given (it was, in this period) or left.

    Raises KeyReused when the key was used for something else.
    """
    return once_for(SCANNED, work, giving.asked, lambda: _give(work, giving))


def _give(work: Work, giving: PerkHandover) -> ScanOutcome:
    found = holder_and_keeper(work.uow, giving.number)
    if found is None:
        return ScanOutcome(work.key, "unknown", work.now, "no_member")
    _, member = found
    what = PerkGiven(giving.perk)
    outcome = carry_out(work, Request(member.id, what, work.now, work.staff.store))
    if outcome.refused:
        note_refusal(work, outcome.refused, member_id=member.id)
    else:
        note(work, "perk_given", member_id=member.id, perk=giving.perk)
    return ScanOutcome(
        work.key,
        "refused" if outcome.refused else "given",
        work.now,
        reason=outcome.refused,
        member_id=member.id,
        handed=None if outcome.refused else work.key,
        perk=giving.perk,
    )
