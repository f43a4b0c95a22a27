"""Why somebody stayed away, or left, told in the chat: for the staff to read. It earns nothing,
whatever it says."""

from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.heard.cases import CaseReason
from rules.heard.topics import CaseTopic

from ..recording.idempotency import once_for
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .hearing import Heard, hear, hear_closed


def answer_survey(
    work: Work,
    member_id: int,
    written: ChatText,
    *,
    complaint: bool,
    topic: CaseTopic | None = None,
) -> Acknowledgement:
    """Puts the answer before the staff, to be answered sooner where it is a `complaint`; `topic` is
    what they tapped."""

    def act() -> Acknowledgement:
        reason: CaseReason = "complaint" if complaint else "absence"
        hear(work, Heard(member_id, written, "survey", reason, topic=topic))
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"survey {member_id} {complaint} {written.text}", act)


def say_why_left(
    work: Work, member_id: int, written: ChatText, *, topic: CaseTopic | None = None
) -> Acknowledgement:
    """Keeps why they left: nobody has to answer it."""

    def act() -> Acknowledgement:
        hear_closed(work, Heard(member_id, written, "survey", "leaving", topic=topic))
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"left {member_id} {written.text}", act)
