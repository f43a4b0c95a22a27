"""Staff telephoned a member, wrote to them by post, or spoke with them. Who was spoken with gets no
message about their absence."""

from dataclasses import dataclass
from typing import Literal

from bot.store.heard import cases, contacts
from bot.store.heard.cases import CaseName
from bot.store.heard.contacts import NotedContact
from bot.store.members import members
from handlers.actions.recording.work import Work

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from .answering import settle
from .refusing import refuse_way

#: What is worth telling colleagues of it fits on a line.
WORDS_MAX = 120
#: What staff note by hand. `called_refused`: they want no more calls.
ByHand = Literal["called", "called_no_answer", "called_refused", "mailed", "spoken"]
#: What of these stands in the log as a call in which somebody spoke, or didn't.
_LOGGED: dict[ByHand, str] = {"called_refused": "called"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did; `words` may be empty, `case_number` is what it was about."""

    member_id: int
    kind: ByHand
    words: str = ""
    case_number: int | None = None


def note_contact(work: Work, deed: Deed) -> Acknowledgement:
    """Notes it among what was done for the member, with the words; the log, which is kept for ever,
    says nothing of those. Who was reached about a case has been answered, and who wants no more
    calls gets none.

    Refused with erased, or case_gone.
    """
    told = " ".join(deed.words.split())[:WORDS_MAX]

    def act() -> Acknowledgement:
        member = members.lock(work.uow, deed.member_id)
        if member.erased_at is not None:
            return Acknowledgement("erased")
        case = None
        if deed.case_number is not None:
            case = cases.get(work.uow, CaseName(deed.member_id, deed.case_number))
            if case is None:
                return Acknowledgement("case_gone")
        done = NotedContact(work.now, deed.kind, told, work.staff.staff_id, deed.case_number)
        contacts.add(work.uow, deed.member_id, done)
        if deed.kind == "called_refused":
            refuse_way(work, deed.member_id, "phone")
        if case is not None and case.state == "open" and deed.kind != "called_no_answer":
            settle(work, case)
        note(work, _LOGGED.get(deed.kind, deed.kind), member_id=deed.member_id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"contact {deed}", act)
