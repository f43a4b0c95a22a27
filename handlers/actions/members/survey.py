"""Why somebody stayed away, told in the chat: for the staff to read. It earns nothing, whatever it
says."""

from bot.store.members import members
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


def answer_survey(
    work: Work, member_id: int, written: ChatText, *, complaint: bool
) -> Acknowledgement:
    """Puts the answer before the staff, in front of the others where it is a `complaint`."""

    def act() -> Acknowledgement:
        members.lock(work.uow, member_id)
        inbox.add(
            work.uow,
            written,
            key=work.key,
            kind="survey",
            member_id=member_id,
            complaint=complaint,
        )
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"survey {member_id} {complaint} {written.text}", act)
