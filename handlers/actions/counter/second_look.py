"""A reward handed out on the card alone: of paper, or because the member's telephone is of no use.
Whoever is signed in has looked at who it is, and gives their PIN where it is worth much, or where a
look is not enough."""

from dataclasses import dataclass, field

from bot.codes import RewardUse
from bot.store.members import profiles
from bot.store.members.members import Member
from handlers.actions.recording.work import Work
from rules.base import Refusal

from ..recording.idempotency import once_for
from ..recording.log import note_refusal
from ..recording.outcome import outcome_of_refusal
from .redeem import hand_out
from .scan import SCANNED, ScanOutcome, holder_and_keeper


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What is handed out to whom. The work's key is the device's own for it."""

    #: The number of the card.
    number: str
    use: RewardUse
    #: Whether who is signed in has just given their PIN or password.
    proven: bool = field(default=False, repr=False)

    @property
    def asked(self) -> str:
        return f"look {self.number} {self.use!r}"


def redeem_by_look(work: Work, look: SecondLook) -> ScanOutcome:
    """Hands it out at the desk's store; a repeat of the key changes nothing. "unknown" where the
    number leads to nobody, "refused" as `redeem` refuses, and with look_unproven.

    Raises KeyReused when the key was used for something else.
    """
    return once_for(SCANNED, work, look.asked, lambda: _redeem(work, look))


def _redeem(work: Work, look: SecondLook) -> ScanOutcome:
    found = holder_and_keeper(work.uow, look.number)
    if found is None:
        return ScanOutcome(work.key, "unknown", work.now, "no_member")
    _, member = found
    if not look.proven and asks_proof(work, member, look.use.reward):
        outcome = outcome_of_refusal(member.id, Refusal("look_unproven"))
    else:
        how = "proven" if look.proven else "seen"
        outcome = hand_out(work, member, look.use, **{how: True})
    refused = outcome.refused
    if refused is not None:
        note_refusal(work, refused, member_id=member.id)
    return ScanOutcome(
        work.key,
        "refused" if refused else "redeemed",
        work.now,
        reason=refused,
        member_id=member.id,
        handed=None if refused else work.key,
        reward=look.use.reward,
        again_at=outcome.again_at,
    )


def asks_proof(work: Work, member: Member, reward_id: str) -> bool:
    """Whether a look at the member isn't enough for that reward."""
    reward = work.programme.reward(reward_id)
    who = profiles.contact(work.uow, member)
    named = bool(who.name) and not who.on_line
    return reward is not None and work.programme.limits.asks_proof(reward.value_yen, named=named)
