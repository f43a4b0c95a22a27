"""Why somebody stayed away, told in the chat: for the staff to read. It earns nothing, whatever it
says."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.members import members
from bot.store.messages import inbox

from ..recording.idempotency import once
from ..recording.outcome import Outcome


def answer_survey(
    uow: UnitOfWork,
    member_id: int,
    text: str,
    *,
    complaint: bool,
    user_id: str,
    key: str,
    at: datetime,
    now: datetime,
) -> Outcome:
    """Puts the answer before the staff, in front of the others where it is a `complaint`."""

    def work() -> Outcome:
        balance = members.lock(uow, member_id).facts.balance
        inbox.add(
            uow, key=key, kind="survey", text=text, member_id=member_id, user_id=user_id, at=at,
            complaint=complaint,
        )  # fmt: skip
        return Outcome(member_id, balance=balance)

    return once(uow, key, f"survey {member_id} {complaint} {text}", work, now=now)
