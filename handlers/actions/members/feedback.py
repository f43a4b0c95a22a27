"""Feedback in the chat: for the staff to read, and worth something by its rule."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.messages import inbox
from rules.activity import Occasion
from rules.programme.timeline import Timeline

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


def give_feedback(
    uow: UnitOfWork,
    timeline: Timeline,
    member_id: int,
    text: str,
    *,
    user_id: str,
    key: str,
    at: datetime,
    now: datetime,
) -> Outcome:
    """Puts `text` before the staff and records the feedback; what it says changes no points."""

    def work() -> Outcome:
        inbox.add(
            uow, key=key, kind="feedback", text=text, member_id=member_id, user_id=user_id, at=at
        )
        member = members.lock(uow, member_id)
        request = Request(key, member_id, Occasion("feedback"), at, by="member")
        return carry_out(uow, timeline, member, request, now=now)

    return once(uow, key, f"feedback {member_id} {text}", work, now=now)
