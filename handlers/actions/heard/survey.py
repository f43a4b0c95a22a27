"""Why somebody stayed away, told in the chat: for the staff to read. It earns nothing, whatever it
says."""

from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from rules.heard.cases import CaseReason

from ..recording.idempotency import once_for
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .hearing import Heard, hear


def answer_survey(
    work: Work, member_id: int, written: ChatText, *, complaint: bool
) -> Acknowledgement:
    """Puts the answer before the staff, to be answered sooner where it is a `complaint`."""

    def act() -> Acknowledgement:
        reason: CaseReason = "complaint" if complaint else "absence"
        hear(work, Heard(member_id, written, "survey", reason))
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"survey {member_id} {complaint} {written.text}", act)
