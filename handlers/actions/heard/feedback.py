"""Feedback in the chat: for the staff to answer, and worth something by its rule."""

from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.activity import Occasion
from rules.heard.cases import CaseReason

from ..recording.idempotency import once
from ..recording.outcome import Outcome
from ..recording.record import Request, carry_out
from .hearing import Heard, hear
from .suggesting import mark_own


def give_feedback(
    work: Work,
    member_id: int,
    written: ChatText,
    *,
    complaint: bool = False,
    suggests: bool = False,
) -> Outcome:
    """Puts it before the staff, to be answered sooner where it is a `complaint`, and among the
    suggestions where the member `suggests` something; records the feedback. What it says changes no
    points."""

    def act() -> Outcome:
        reason: CaseReason = "complaint" if complaint else "suggestion"
        hear(work, Heard(member_id, written, "feedback", reason))
        if suggests:
            mark_own(work)
        return carry_out(work, Request(member_id, Occasion("feedback"), written.at))

    return once(work, f"feedback {member_id} {written.text}", act)
