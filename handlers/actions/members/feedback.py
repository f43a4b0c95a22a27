"""Feedback in the chat: for the staff to read, and worth something by its rule."""

from datetime import datetime

from bot.store.messages import inbox
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


def give_feedback(work: Work, member_id: int, text: str, *, user_id: str, at: datetime) -> Outcome:
    """Puts `text` before the staff and records the feedback; what it says changes no points."""

    def act() -> Outcome:
        inbox.add(
            work.uow,
            key=work.key,
            kind="feedback",
            text=text,
            member_id=member_id,
            user_id=user_id,
            at=at,
        )
        return carry_out(work, Request(member_id, Occasion("feedback"), at))

    return once(work, f"feedback {member_id} {text}", act)
