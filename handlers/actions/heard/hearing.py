"""What a member wrote for people of the shop: put into the case that it goes on with, or
a new one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.heard import cases, stores
from bot.store.heard.cases import Case, CaseName
from bot.store.members import members, mergers
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText, InboxKind, Letter
from handlers.actions.recording.work import Work
from rules.heard.cases import URGENT, CaseReason, goes_on
from rules.heard.topics import CaseTopic

#: What is written so long after it belongs to why somebody left.
_MORE_OF_IT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that is to be read, and what it is about."""

    member_id: int
    written: ChatText
    kind: InboxKind
    reason: CaseReason
    #: Since when it is to be read; None: since it was written.
    since: datetime | None = None
    #: What they said that it is about, by a tap.
    topic: CaseTopic | None = None

    @property
    def at(self) -> datetime:
        return self.since or self.written.at


def hear(work: Work, heard: Heard) -> None:
    """Puts it before the staff, under the work's key once.

    A question belongs to whatever was spoken of last; anything else to a case with its own reason.
    Where the shop had answered last, the member waits again.
    """
    if inbox.under_one_of(work.uow, [work.key]) is not None:
        return
    case = _going_on(work, heard)
    if case is None:
        due = work.programme.cases.due(work.programme.shop, heard.at, heard.reason)
        name = _open(work, heard, due)
    else:
        name = case.name
        _goes_on(work, case, heard.reason, heard.at)
        if heard.topic is not None and case.topic is None:
            cases.sort(work.uow, name, heard.topic)
    inbox.add(
        work.uow, heard.written, key=work.key, kind=heard.kind, member_id=name.member_id,
        complaint=heard.reason in URGENT, case_number=name.number,
    )  # fmt: skip


def hear_closed(work: Work, heard: Heard) -> None:
    """Keeps what needs no answer, in a case that is over; more of the same joins it for a day."""
    if inbox.under_one_of(work.uow, [work.key]) is not None:
        return
    cards = _locked(work, heard.member_id)
    name = cases.latest(work.uow, cards, heard.reason, since=heard.at - _MORE_OF_IT)
    if name is None:
        name = _open(work, heard, heard.at)
    elif heard.topic is not None:
        cases.change(work.uow, name, topic=heard.topic, last_at=heard.at)
    inbox.add(
        work.uow, heard.written, key=work.key, kind=heard.kind, member_id=name.member_id,
        case_number=name.number,
    )  # fmt: skip
    cases.change(work.uow, name, state="closed")
    inbox.mark_answered(work.uow, *name, at=work.now, staff_id=None)


def _open(work: Work, heard: Heard, due: datetime) -> CaseName:
    cards = mergers.with_absorbed(work.uow, heard.member_id)
    store = stores.came_last(work.uow, cards, heard.at)
    number = cases.add(
        work.uow, heard.member_id, heard.reason, at=heard.at, due=due, topic=heard.topic,
        store=store,
    )  # fmt: skip
    return CaseName(heard.member_id, number)


def hear_edited(work: Work, letter: Letter, written: ChatText) -> None:
    """Puts the words of a letter right; its case waits again, and what came of it stays."""
    if letter.member_id is None or letter.case_number is None:
        inbox.reword(work.uow, letter.id, written)
        return
    members.lock(work.uow, letter.member_id)
    inbox.reword(work.uow, letter.id, written)
    case = cases.get(work.uow, CaseName(letter.member_id, letter.case_number))
    if case is not None:
        _goes_on(work, case, case.reason, written.at)


def _goes_on(work: Work, case: Case, reason: CaseReason, at: datetime) -> None:
    due = work.programme.cases.due(work.programme.shop, at, reason)
    reopen(work, case, at=at, due=min(due, case.due_at) if case.state == "open" else due)


def _going_on(work: Work, heard: Heard) -> Case | None:
    """On whichever of the member's cards it was opened: all of them are locked."""
    cards = _locked(work, heard.member_id)
    found = [
        case
        for case in cases.not_closed(work.uow, cards)
        if goes_on(case.state, case.last_at, heard.at)
        and (heard.reason in ("question", case.reason))
    ]
    return max(found, key=lambda case: (case.last_at, case.name), default=None)


def _locked(work: Work, member_id: int) -> list[int]:
    """All cards of that person."""
    cards = mergers.with_absorbed(work.uow, member_id)
    for card in cards:
        members.lock(work.uow, card)
    return cards


def reopen(work: Work, case: Case, *, at: datetime, due: datetime) -> None:
    """The member waits for an answer, by `due`, to what they said `at`."""
    last_at = max(case.last_at, at)
    cases.change(work.uow, case.name, state="open", due_at=due, last_at=last_at)


def take_back(work: Work, key: str) -> None:
    """Lets go of what a member unsent; a case that held nothing else is over."""
    name = inbox.remove_message(work.uow, key=key)
    if name is not None:
        cases.close_if_empty(work.uow, CaseName(*name))
