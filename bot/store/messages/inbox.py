"""The staff's inbox: what members wrote that no conversation understood, their feedback, why
they stayed away, and reviews with few stars."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, func, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import of_many
from ..tables import inbox

InboxKind = Literal["message", "feedback", "survey", "review"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing a member wrote."""

    id: int
    #: None for a friend who isn't a member.
    member_id: int | None
    user_id: str | None
    kind: InboxKind
    text: str
    at: datetime
    answered_at: datetime | None
    #: Something was not as it should be, so it is read first.
    complaint: bool
    #: The member of staff who dealt with it; None while nobody has, or where it isn't known.
    answered_by: int | None = None
    #: None while nothing came of it.
    adoption: "Adoption | None" = None
    #: The member's case that it belongs to.
    case_number: int | None = None


@dataclass(frozen=True, slots=True)
class Adoption:
    """What came of a letter."""

    #: Whose activity says so, and its number in their history.
    member_id: int
    seq: int
    #: What it changed, in the shop's words.
    text: str


@dataclass(frozen=True, slots=True)
class ChatText:
    """What somebody wrote in the chat."""

    text: str
    #: Whose chat; None where nobody knows.
    user_id: str | None
    #: When, aware UTC.
    at: datetime


def add(
    uow: UnitOfWork,
    written: ChatText,
    *,
    key: str,
    kind: InboxKind,
    member_id: int | None,
    complaint: bool = False,
    case_number: int | None = None,
) -> bool:
    """Puts a text before the staff; the same `key` once. False when it was there already."""
    row = {
        "key": key,
        "member_id": member_id,
        "user_id": written.user_id,
        "kind": kind,
        "text": _kept(written),
        "at": written.at,
        "complaint": complaint,
        "case_number": case_number,
    }
    return uow.insert_new(inbox, [row]) == 1


def under_one_of(uow: UnitOfWork, keys: Sequence[str]) -> Letter | None:
    """What was put before the staff under one of these keys."""
    row = uow.run(select(inbox).where(inbox.c.key.in_(keys)).limit(1)).first()
    return _letter(row) if row else None


def reword(uow: UnitOfWork, letter_id: int, written: ChatText) -> None:
    """Puts other words in place of a letter's, which nobody has answered; what came of it stays."""
    values = {"text": _kept(written), "at": written.at, "answered_at": None, "answered_by": None}
    uow.run(update(inbox).where(inbox.c.id == letter_id).values(values))


def _kept(written: ChatText) -> str:
    # PostgreSQL keeps no NUL in a text.
    return written.text.replace("\0", "")[:5000]


def of_case(uow: UnitOfWork, member_id: int, case_number: int) -> list[Letter]:
    """What the member wrote that belongs to the case, in order."""
    mine = (inbox.c.member_id == member_id) & (inbox.c.case_number == case_number)
    return [_letter(row) for row in uow.run(select(inbox).where(mine).order_by(inbox.c.id))]


def latest_survey(
    uow: UnitOfWork, *, user_id: str, cards: Collection[int], since: datetime
) -> Letter | None:
    """What was last answered in that chat, for these cards, to being asked why they stay away, if
    not before `since`."""
    mine = (inbox.c.user_id == user_id) & inbox.c.member_id.in_(cards)
    row = uow.run(
        select(inbox)
        .where(mine, inbox.c.kind == "survey", inbox.c.at >= since)
        .order_by(inbox.c.at.desc(), inbox.c.id.desc())
        .limit(1)
    ).first()
    return _letter(row) if row else None


def of_account(
    uow: UnitOfWork, user_id: str, *, before: int | None = None, limit: int
) -> list[Letter]:
    """What was written in that chat, newest first, below the letter with the id `before`."""
    mine = select(inbox).where(inbox.c.user_id == user_id)
    if before is not None:
        mine = mine.where(inbox.c.id < before)
    return [_letter(row) for row in uow.run(mine.order_by(inbox.c.id.desc()).limit(limit))]


def heard_of(uow: UnitOfWork, cards: Collection[int]) -> list[Letter]:
    """What these cards' members said to the staff, in no chat."""
    mine = inbox.c.member_id.in_(cards) & inbox.c.user_id.is_(None)
    return [_letter(row) for row in uow.run(select(inbox).where(mine).order_by(inbox.c.id))]


def count_of(uow: UnitOfWork, user_id: str) -> int:
    """How much was written in that chat."""
    mine = select(func.count()).select_from(inbox).where(inbox.c.user_id == user_id)
    return int(uow.run(mine).scalar_one())


def lock(uow: UnitOfWork, letter_id: int) -> Letter | None:
    """One letter, theirs alone who asked until the transaction ends."""
    row = uow.run(select(inbox).where(inbox.c.id == letter_id).with_for_update()).first()
    return _letter(row) if row else None


def writer_of(uow: UnitOfWork, letter_id: int) -> int | None:
    """The card with which a letter was written; None where there is no such letter."""
    return uow.run(select(inbox.c.member_id).where(inbox.c.id == letter_id)).scalar()


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        member_id=row.member_id,
        user_id=row.user_id,
        kind=row.kind,
        text=row.text,
        at=row.at,
        answered_at=row.answered_at,
        complaint=row.complaint,
        answered_by=row.answered_by,
        adoption=(
            Adoption(row.adopted_by, row.adopted_seq, row.adopted_text)
            if row.adopted_seq is not None
            else None
        ),
        case_number=row.case_number,
    )


_WAITING = of_many(
    select(inbox.c.user_id).where(inbox.c.answered_at.is_(None)).distinct(),
    inbox.c.user_id,
    "users",
)


def waiting(uow: UnitOfWork, user_ids: Iterable[str]) -> set[str]:
    """In which of these chats something was written that nobody has dealt with yet."""
    return {user_id for (user_id,) in uow.ask(_WAITING, {"users": list(user_ids)})}


def mark_answered(
    uow: UnitOfWork, member_id: int, case_number: int, *, at: datetime, staff_id: int | None
) -> None:
    """Notes that staff have dealt with what the member wrote in that case; None: nobody had to."""
    mine = (inbox.c.member_id == member_id) & (inbox.c.case_number == case_number)
    values = {"answered_at": at, "answered_by": staff_id}
    uow.run(update(inbox).where(mine, inbox.c.answered_at.is_(None)).values(values))


def note_adoption(uow: UnitOfWork, letter_id: int, adoption: Adoption) -> None:
    """Notes what came of a letter, in place of what did before."""
    values = {
        "adopted_by": adoption.member_id,
        "adopted_seq": adoption.seq,
        "adopted_text": adoption.text,
    }
    uow.run(update(inbox).where(inbox.c.id == letter_id).values(values))


def remove_message(uow: UnitOfWork, *, key: str) -> tuple[int, int] | None:
    """Takes a text away again (its writer unsent it); gives whose case it stood in, and which."""
    row = uow.run(select(inbox.c.member_id, inbox.c.case_number).where(inbox.c.key == key)).first()
    uow.run(delete(inbox).where(inbox.c.key == key))
    if row is None or row.member_id is None or row.case_number is None:
        return None
    return row.member_id, row.case_number


def cases_in(uow: UnitOfWork, *, user_id: str) -> list[tuple[int, int]]:
    """The cases, by whose and which, that something written in that chat belongs to."""
    mine = (inbox.c.user_id == user_id) & inbox.c.case_number.is_not(None)
    rows = uow.run(select(inbox.c.member_id, inbox.c.case_number).where(mine).distinct())
    return [(row.member_id, row.case_number) for row in rows]


def forget(
    uow: UnitOfWork, *, user_id: str | None = None, member_ids: Collection[int] = ()
) -> None:
    """Removes what was written in that chat; of `member_ids`, what was written for their cards,
    whosever chat it was."""
    if user_id is not None:
        uow.run(delete(inbox).where(inbox.c.user_id == user_id))
    if member_ids:
        uow.run(delete(inbox).where(inbox.c.member_id.in_(member_ids)))
