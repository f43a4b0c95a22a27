"""What a member wrote for people of the shop: put into the case that it goes on with, or
a new one."""

from dataclasses import dataclass
from datetime import datetime

from bot.store.heard import cases
from bot.store.heard.cases import Case, CaseName
from bot.store.members import members
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText, InboxKind
from handlers.actions.recording.work import Work
from rules.heard.cases import URGENT, CaseReason, goes_on


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that is to be read, and what it is about."""

    member_id: int
    written: ChatText
    kind: InboxKind
    reason: CaseReason


def hear(work: Work, heard: Heard) -> None:
    """Puts it before the staff, under the work's key once.

    A question belongs to whatever was spoken of last; anything else to a case with its own reason.
    Where the shop had answered last, the member waits again.
    """
    if inbox.is_known(work.uow, work.key):
        return
    members.lock(work.uow, heard.member_id)
    at = heard.written.at
    due = work.programme.cases.due(work.programme.shop, at, heard.reason)
    case = _going_on(work, heard)
    if case is None:
        number = cases.add(work.uow, heard.member_id, heard.reason, at=at, due=due)
    else:
        number = case.name.number
        reopen(work, case, at=at, due=due if case.state == "answered" else min(due, case.due_at))
    inbox.add(
        work.uow, heard.written, key=work.key, kind=heard.kind, member_id=heard.member_id,
        complaint=heard.reason in URGENT, case_number=number,
    )  # fmt: skip


def _going_on(work: Work, heard: Heard) -> Case | None:
    found = [
        case
        for case in cases.latest(work.uow, heard.member_id)
        if goes_on(case.state, case.last_at, heard.written.at)
        and (heard.reason in ("question", case.reason))
    ]
    return max(found, key=lambda case: (case.last_at, case.name.number), default=None)


def reopen(work: Work, case: Case, *, at: datetime, due: datetime) -> None:
    """The member waits for an answer, by `due`, to what they said `at`."""
    last_at = max(case.last_at, at)
    cases.change(work.uow, case.name, state="open", due_at=due, last_at=last_at)


def take_back(work: Work, key: str) -> None:
    """Lets go of what a member unsent; a case that held nothing else is over."""
    name = inbox.remove_message(work.uow, key=key)
    if name is not None:
        cases.close_if_empty(work.uow, CaseName(*name))
