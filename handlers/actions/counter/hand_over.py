"""What members gave is handed over to the charity, and that is written down."""

from typing import Any

from bot.store.history import handovers
from bot.store.history.handovers import Donation
from handlers.actions.recording.work import Work
from rules.base import YEN_MAX

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement

RECIPIENT_MAX, RECEIPT_MAX = 100, 60


def hand_over(work: Work, handed: Donation) -> Acknowledgement:
    """Writes down that a sum was handed over: members read it from then on.

    Refused with charity_unknown (no such reward, or none for charity), charity_yen, charity_whom or
    charity_day (it isn't that day yet).
    """

    def act() -> Acknowledgement:
        if no := _refusal(work, handed):
            return Acknowledgement(no)
        handovers.add(work.uow, handed, at=work.now)
        _log(work, "handed_over", reward=handed.reward, yen=handed.yen, recipient=handed.recipient)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"hand over {handed}", act)


def take_back(work: Work, number: int) -> Acknowledgement:
    """Takes such a record back. Refused with charity_gone where there is none that stands."""

    def act() -> Acknowledgement:
        if not handovers.undo(work.uow, number, at=work.now):
            return Acknowledgement("charity_gone")
        _log(work, "handover_undone", number=number)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"take back {number}", act)


def _refusal(work: Work, handed: Donation) -> str | None:
    # Also what members gave before the programme had another cause is handed over.
    reward = work.timeline.rewards.get(handed.reward)
    if reward is None or not reward.is_for_others:
        return "charity_unknown"
    if not 0 < handed.yen <= YEN_MAX:
        return "charity_yen"
    if not 0 < len(handed.recipient) <= RECIPIENT_MAX or len(handed.receipt) > RECEIPT_MAX:
        return "charity_whom"
    return "charity_day" if handed.on > work.day else None


def _log(work: Work, action: str, **details: Any) -> None:
    if work.actor is not None:
        note(work, action, **details)
