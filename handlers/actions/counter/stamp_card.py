"""An old card of stamps (of paper, or LINE's shop card), moved onto the member's: once for each."""

from dataclasses import dataclass

from bot.store.members import members
from handlers.actions.recording.work import Work
from rules.activity import BroughtAlong
from rules.base import Refusal
from rules.programme.points import refuse_stamp_card, refuse_stamps

from ..recording.idempotency import once
from ..recording.limits import flag_points, refuse_points
from ..recording.log import note
from ..recording.outcome import Outcome, outcome_of_refusal
from ..recording.record import Request, carry_out


@dataclass(frozen=True, slots=True)
class OldCard:
    """So many stamps, which came to so many points where staff looked at it."""

    stamps: int
    points: int


def move_stamp_card(work: Work, member_id: int, card: OldCard) -> Outcome:
    """Gives the points that the stamps are worth; staff saw that the card can't be used again.

    Refused with stamps_off, stamps_over, stamps_again, stamps_none, stamps_most, stamps_changed (a
    stamp is worth something else by now), points_owner or points_day (as points by hand), left,
    merged or erased.
    """

    def act() -> Outcome:
        refusal = _refuse(work, member_id, card)
        if refusal is not None:
            return outcome_of_refusal(member_id, refusal)
        what = BroughtAlong(card.points, stamps=card.stamps)
        outcome = carry_out(work, Request(member_id, what, work.now, work.staff.store))
        if outcome.done:
            note(work, "stamps", member_id=member_id, points=card.points, stamps=card.stamps)
            flag_points(work, member_id, card.points)
        return outcome

    return once(work, f"stamps {member_id} {card.stamps} {card.points}", act)


def _refuse(work: Work, member_id: int, card: OldCard) -> Refusal | None:
    member, policy = members.lock(work.uow, member_id), work.programme.stamp_cards
    if member.erased_at is not None or member.merged_into is not None:
        return Refusal("erased" if member.erased_at else "merged")
    no = refuse_stamp_card(policy, member.facts, work.day)
    if no is not None or policy is None:
        return no
    if no := refuse_stamps(policy, card.stamps):
        return no
    if card.points != card.stamps * policy.points:
        return Refusal("stamps_changed")
    return refuse_points(work, member_id, card.points)
