"""Feedback in the chat: for the staff to read, and worth something by its rule."""

from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.activity import Occasion

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out


def give_feedback(
    work: Work, member_id: int, written: ChatText, *, complaint: bool = False
) -> Outcome:
    """Puts it before the staff, in front of the others where it is a `complaint`, and records the
    feedback; what it says changes no points."""

    def act() -> Outcome:
        inbox.add(
            work.uow, written, key=work.key, kind="feedback", member_id=member_id,
            complaint=complaint,
        )  # fmt: skip
        return carry_out(work, Request(member_id, Occasion("feedback"), written.at))

    return once(work, f"feedback {member_id} {written.text}", act)
