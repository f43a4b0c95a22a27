"""What people of the shop did for a member: answers, calls, letters by post; and how members don't
want to be turned to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select

from rules.heard.cases import ContactKind, Way

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import contacts, refused_ways
from ..tables.heard import IS_MAILED
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
    #: The first day of the month whose letter it was; None where it was none of the programme's.
    letter: date | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One letter that was noted with several members in one go."""

    at: datetime
    #: What it was called.
    text: str
    letter: date | None
    staff_id: int | None
    #: With how many members it is noted.
    count: int


def add(uow: UnitOfWork, member_id: int, contact: NotedContact) -> int:
    """Writes it down for the member, whose row is locked; gives its number."""
    number = next_number(uow, contacts.c.number, member_id=member_id)
    row = {
        "member_id": member_id, "number": number, "at": contact.at, "kind": contact.kind,
        "text": contact.text, "staff_id": contact.staff_id, "case_number": contact.case_number,
        "letter": contact.letter,
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
        NotedContact(
            row.at, row.kind, row.text, row.staff_id, row.case_number, row.number, row.letter
        )
        for row in rows
    ]


def postings(uow: UnitOfWork, *, since: datetime, limit: int) -> list[Posting]:
    """The letters that were noted with several since then, or are the programme's, the newest
    first: not what somebody wrote to one member and noted by hand."""
    its = (contacts.c.at, contacts.c.text, contacts.c.letter, contacts.c.staff_id)
    found = select(*its, func.count()).where(IS_MAILED, contacts.c.at >= since).group_by(*its)
    many = found.having((func.count() > 1) | contacts.c.letter.is_not(None))
    newest = many.order_by(contacts.c.at.desc(), contacts.c.text).limit(limit)
    return [Posting(*row) for row in uow.run(newest)]


def of_posting(uow: UnitOfWork, at: datetime, text: str) -> list[int]:
    """The cards with which the letter of that name was noted at that moment, in order."""
    cards = select(contacts.c.member_id).where(IS_MAILED, contacts.c.at == at)
    named = cards.where(contacts.c.text == text).order_by(contacts.c.member_id)
    return list(uow.run(named).scalars())


def has_posting(uow: UnitOfWork, member_ids: Collection[int], letter: date) -> bool:
    """Whether the round's letter of that month is noted with any of these cards."""
    its = IS_MAILED & (contacts.c.letter == letter) & contacts.c.member_id.in_(list(member_ids))
    return uow.run(select(contacts.c.at).where(its).limit(1)).first() is not None


def take_back_posting(uow: UnitOfWork, at: datetime, text: str) -> None:
    """Removes the note of that letter from all of these, whose rows are locked."""
    its = IS_MAILED & (contacts.c.at == at) & (contacts.c.text == text)
    uow.run(delete(contacts).where(its))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes what was done for somebody who is erased, and what they said no to."""
    uow.run(delete(contacts).where(contacts.c.member_id.in_(member_ids)))
    uow.run(delete(refused_ways).where(refused_ways.c.member_id.in_(member_ids)))


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
