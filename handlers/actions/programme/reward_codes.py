"""Codes for a web shop, brought in by the owner; whoever takes their reward gets one."""

from collections.abc import Sequence

from bot.store.history import reward_codes, stock
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


def add_codes(work: Work, reward_id: str, sealed: Sequence[str]) -> Acknowledgement:
    """Brings in the codes that are new. Refused with codes_unknown where the programme has no such
    reward of codes."""

    def act() -> Acknowledgement:
        reward = work.programme.reward(reward_id)
        if reward is None or reward.codes is None:
            return Acknowledgement("codes_unknown")
        # Whoever hands one out, or brings some in, waits here.
        stock.hold(work.uow, reward.id)
        added = reward_codes.add(work.uow, reward.id, sealed, at=work.now)
        note(work, "codes_added", reward=reward.id, count=added)
        return Acknowledgement()

    asked = f"codes {reward_id} {' '.join(sealed)}"
    return once_for(ACKNOWLEDGEMENT, work, asked, act)
