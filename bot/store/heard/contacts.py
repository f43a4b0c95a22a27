"""What people of the shop did for a member: answers, calls, letters by post; and how members don't
want to be turned to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from rules.heard.cases import ContactKind, Way

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import contacts, refused_ways
from .cases import CaseName


@dataclass(frozen=True, slots=True)
class NotedContact:
    """One thing that was done for a member, or heard from them then."""

    at: datetime
    kind: ContactKind
    #: What was said, or what is worth telling of it; empty for nothing.
    text: str
    #: Who of the staff did it; None for the member's own word.
    staff_id: int | None
    #: The case it was about.
    case_number: int | None
    #: Which of the member's it is; the store gives it.
    number: int = 0


def add(uow: UnitOfWork, member_id: int, contact: NotedContact) -> int:
    """Writes it down for the member, whose row is locked; gives its number."""
    number = next_number(uow, contacts.c.number, member_id=member_id)
    row = {
        "member_id": member_id, "number": number, "at": contact.at, "kind": contact.kind,
        "text": contact.text, "staff_id": contact.staff_id, "case_number": contact.case_number,
    }  # fmt: skip
    uow.insert_new(contacts, [row])
    return number


def of_case(uow: UnitOfWork, name: CaseName) -> list[NotedContact]:
    """What was done about the case, in order."""
    mine = contacts.c.member_id == name.member_id
    return _read(uow, mine & (contacts.c.case_number == name.number))


def of_members(uow: UnitOfWork, member_ids: Sequence[int], *, limit: int) -> list[NotedContact]:
    """What was done for those members, the newest first."""
    found = _read(uow, contacts.c.member_id.in_(list(member_ids)))
    return sorted(found, key=lambda each: (each.at, each.number), reverse=True)[:limit]


def _read(uow: UnitOfWork, where: ColumnElement[bool]) -> list[NotedContact]:
    rows = uow.run(select(contacts).where(where).order_by(contacts.c.member_id, contacts.c.number))
    return [
        NotedContact(row.at, row.kind, row.text, row.staff_id, row.case_number, row.number)
        for row in rows
    ]


def forget(uow: UnitOfWork, member_id: int) -> None:
    """Removes what was done for somebody who is erased, and what they said no to."""
    uow.run(delete(contacts).where(contacts.c.member_id == member_id))
    uow.run(delete(refused_ways).where(refused_ways.c.member_id == member_id))


def refused(uow: UnitOfWork, way: Way, member_ids: Collection[int]) -> set[int]:
    """Those of these cards whose members don't want to be turned to in that way."""
    mine = refused_ways.c.member_id.in_(list(member_ids)) & (refused_ways.c.way == way)
    return set(uow.run(select(refused_ways.c.member_id).where(mine)).scalars())


def ways_refused(uow: UnitOfWork, member_ids: Sequence[int]) -> set[Way]:
    """How none of these cards, which are one person's, is to be turned to."""
    mine = refused_ways.c.member_id.in_(list(member_ids))
    return set(uow.run(select(refused_ways.c.way).where(mine)).scalars())


def refuse(uow: UnitOfWork, member_id: int, way: Way, *, at: datetime) -> None:
    uow.insert_new(refused_ways, [{"member_id": member_id, "way": way, "at": at}])


def allow(uow: UnitOfWork, member_ids: Sequence[int], way: Way) -> None:
    """They may be turned to in that way again."""
    mine = refused_ways.c.member_id.in_(list(member_ids)) & (refused_ways.c.way == way)
    uow.run(delete(refused_ways).where(mine))
