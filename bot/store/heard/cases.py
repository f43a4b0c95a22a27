"""Cases: their rows, and what of the inbox and of what staff did belongs to one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, func, select, update

from rules.heard.cases import CaseReason, CaseState
from rules.heard.topics import CaseTopic

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import CASE_IS_OPEN, cases, contacts, inbox


class CaseName(NamedTuple):
    """What names a case: whose it is, and which of theirs."""

    member_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of a member with the shop."""

    name: CaseName
    reason: CaseReason
    state: CaseState
    opened_at: datetime
    #: When somebody spoke last, either side.
    last_at: datetime
    #: By when the member is to be answered, while it is open.
    due_at: datetime
    #: How often it changed.
    moved: int
    #: Who of the staff sees to it; None: whoever reads it.
    assigned_to: int | None
    #: When it was first answered.
    answered_at: datetime | None
    #: What the member said once it was closed; None while they haven't.
    helped: bool | None
    #: What it is about, and where they had come last when it was opened; None: nobody knows.
    topic: CaseTopic | None = None
    store: str | None = None

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "open" and self.due_at < now


def case_of_row(row: Row[Any]) -> Case:
    """The case that stands in a row with the columns of `cases`."""
    return Case(
        CaseName(row.member_id, row.number), row.reason, row.state, row.opened_at, row.last_at,
        row.due_at, row.moved, row.assigned_to, row.answered_at, row.helped, row.topic, row.store,
    )  # fmt: skip


def _is(name: CaseName) -> ColumnElement[bool]:
    return (cases.c.member_id == name.member_id) & (cases.c.number == name.number)


def get(uow: UnitOfWork, name: CaseName) -> Case | None:
    row = uow.run(select(cases).where(_is(name))).first()
    return case_of_row(row) if row else None


def not_closed(uow: UnitOfWork, member_ids: Collection[int]) -> list[Case]:
    """What is going on with those members."""
    theirs = select(cases).where(cases.c.member_id.in_(member_ids), cases.c.state != "closed")
    return [case_of_row(row) for row in uow.run(theirs.order_by(cases.c.member_id, cases.c.number))]


def of_members(uow: UnitOfWork, member_ids: Sequence[int]) -> list[Case]:
    """All cases of those members, the newest first."""
    mine = select(cases).where(cases.c.member_id.in_(list(member_ids)))
    return [case_of_row(row) for row in uow.run(mine.order_by(cases.c.opened_at.desc()))]


def add(
    uow: UnitOfWork,
    member_id: int,
    reason: CaseReason,
    *,
    at: datetime,
    due: datetime,
    topic: CaseTopic | None = None,
    store: str | None = None,
) -> int:
    """Opens the member's next case, whose row is locked; gives its number."""
    number = next_number(uow, cases.c.number, member_id=member_id)
    row = {
        "member_id": member_id, "number": number, "reason": reason, "state": "open",
        "opened_at": at, "last_at": at, "due_at": due, "moved": 1, "topic": topic, "store": store,
    }  # fmt: skip
    uow.insert_new(cases, [row])
    return number


def latest(
    uow: UnitOfWork, cards: Collection[int], reason: CaseReason, *, since: datetime
) -> CaseName | None:
    """The newest case of one of these cards with that reason, opened since then."""
    mine = cases.c.member_id.in_(cards) & (cases.c.reason == reason)
    found = select(cases.c.member_id, cases.c.number).where(mine, cases.c.opened_at >= since)
    row = uow.run(found.order_by(cases.c.opened_at.desc()).limit(1)).first()
    return CaseName(*row) if row else None


def change(uow: UnitOfWork, name: CaseName, **values: Any) -> None:
    """Changes a case, which counts as a move of it."""
    uow.run(update(cases).where(_is(name)).values(moved=cases.c.moved + 1, **values))


def sort(uow: UnitOfWork, name: CaseName, topic: CaseTopic | None) -> None:
    """Notes what the case is about: nobody who answers it meanwhile has to read it anew."""
    uow.run(update(cases).where(_is(name)).values(topic=topic))


def waiting(uow: UnitOfWork, *, limit: int, assigned_to: int | None = None) -> list[Case]:
    """Whoever waits for an answer, the one who is to have it first in front; only of what somebody
    of the staff sees to, where they are named."""
    found = select(cases).where(CASE_IS_OPEN)
    if assigned_to is not None:
        found = found.where(cases.c.assigned_to == assigned_to)
    ordered = found.order_by(cases.c.due_at, cases.c.member_id, cases.c.number)
    return [case_of_row(row) for row in uow.run(ordered.limit(limit))]


def spoken_of(
    uow: UnitOfWork, state: CaseState, *, limit: int, before: datetime | None = None
) -> list[Case]:
    """The cases in that state, those first that were spoken of last; below that moment."""
    found = select(cases).where(cases.c.state == state)
    if before is not None:
        found = found.where(cases.c.last_at < before)
    ordered = found.order_by(cases.c.last_at.desc(), cases.c.member_id, cases.c.number)
    return [case_of_row(row) for row in uow.run(ordered.limit(limit))]


def count_waiting(uow: UnitOfWork) -> int:
    return int(uow.run(select(func.count()).select_from(cases).where(CASE_IS_OPEN)).scalar_one())


def opened(uow: UnitOfWork, *, since: datetime, until: datetime) -> list[Case]:
    """The cases that were opened in the half-open span."""
    found = select(cases).where(cases.c.opened_at >= since, cases.c.opened_at < until)
    return [case_of_row(row) for row in uow.run(found.order_by(cases.c.opened_at))]


def close_if_empty(uow: UnitOfWork, name: CaseName) -> None:
    """Ends the case if nobody has said anything in it (its only words were unsent). Its number is
    none of another's: somebody may still have its page open."""
    said = select(inbox.c.id).where(
        inbox.c.member_id == name.member_id, inbox.c.case_number == name.number
    )
    done = select(contacts.c.number).where(
        contacts.c.member_id == name.member_id, contacts.c.case_number == name.number
    )
    empty = update(cases).where(_is(name), ~said.exists(), ~done.exists())
    uow.run(empty.values(state="closed", assigned_to=None, moved=cases.c.moved + 1))


def close_forgotten(uow: UnitOfWork, names: Sequence[CaseName]) -> None:
    """Ends the cases of whose words none are left, and takes away the words that were said to them:
    that something was done stays, as messages are known by its number."""
    for name in names:
        left = select(inbox.c.id).where(
            inbox.c.member_id == name.member_id, inbox.c.case_number == name.number
        )
        if uow.run(left.limit(1)).first() is None:
            change(uow, name, state="closed", assigned_to=None)
            done = (contacts.c.member_id == name.member_id) & (
                contacts.c.case_number == name.number
            )
            uow.run(update(contacts).where(done).values(text=""))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Ends all that is going on with somebody who is erased: that there were cases stays."""
    going_on = (cases.c.member_id.in_(member_ids)) & (cases.c.state != "closed")
    uow.run(update(cases).where(going_on).values(state="closed", assigned_to=None))
