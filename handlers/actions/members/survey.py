"""Why somebody stayed away, told in the chat: for the staff to read. It earns nothing, whatever it
says."""

from datetime import datetime

from bot.store.members import members
from bot.store.messages import inbox
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement


def answer_survey(
    work: Work, member_id: int, text: str, *, complaint: bool, user_id: str, at: datetime
) -> Acknowledgement:
    """Puts the answer before the staff, in front of the others where it is a `complaint`."""

    def act() -> Acknowledgement:
        members.lock(work.uow, member_id)
        inbox.add(
            work.uow,
            key=work.key,
            kind="survey",
            text=text,
            member_id=member_id,
            user_id=user_id,
            at=at,
            complaint=complaint,
        )
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"survey {member_id} {complaint} {text}", act)
