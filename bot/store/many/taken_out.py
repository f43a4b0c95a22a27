"""Members with all that another system would want to know of them: a page of them at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from rules.activity import What
from rules.base import Lang
from rules.facts import Birthday

from ..engine.db import UnitOfWork
from ..history.history import read_what
from ..members import mergers
from ..members.member_columns import facts_of
from ..tables import activities, lots, members, profiles, receipts
from ..tables.club import STANDS


@dataclass(frozen=True, slots=True)
class TakenOutMember:
    """A member who stands for themselves, as they stand."""

    id: int
    number: str
    language: Lang
    joined_at: datetime
    name: str
    kana: str
    phone: str
    birthday: Birthday | None


@dataclass(frozen=True, slots=True)
class TakenOutAct:
    """Something that stands of a member's history, on whichever of their cards."""

    member_id: int
    card_id: int
    seq: int
    what: What
    at: datetime
    store: str | None
    #: The number on a purchase's receipt; "" where it has none.
    receipt: str


def people(uow: UnitOfWork, *, after: int, limit: int) -> list[TakenOutMember]:
    """The next members, in the order of their ids."""
    query = (
        select(
            members.c.id, members.c.number, members.c.language, members.c.joined_at,
            members.c.facts, profiles.c.name, profiles.c.kana, profiles.c.phone,
        )
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .where(members.c.id > after, STANDS)
    )  # fmt: skip
    return [
        TakenOutMember(
            row.id, row.number, row.language, row.joined_at, row.name or "", row.kana or "",
            row.phone or "", facts_of(row.facts).birthday,
        )
        for row in uow.run(query.order_by(members.c.id).limit(limit))
    ]  # fmt: skip


def acts(uow: UnitOfWork, ids: Sequence[int], kinds: Sequence[str]) -> list[TakenOutAct]:
    """What of those kinds stands of them, each one's as it happened."""
    owners = mergers.by_card(uow, ids)
    did = activities.c
    same = and_(receipts.c.member_id == did.member_id, receipts.c.seq == did.seq)
    query = (
        select(did.member_id, did.seq, did.what, did.at, did.store, receipts.c.number)
        .outerjoin(receipts, same)
        .where(
            did.member_id.in_(list(owners)),
            did.undone_at.is_(None),
            or_(*(did.what.like(f"{kind} %") for kind in kinds)),
        )
    )
    found = {
        (row.member_id, row.seq): TakenOutAct(
            owners[row.member_id], row.member_id, row.seq, read_what(row.what), row.at, row.store,
            row.number or "",
        )
        for row in uow.run(query)
    }  # fmt: skip
    return sorted(found.values(), key=lambda each: (each.member_id, each.at, each.seq))


def open_points(uow: UnitOfWork, ids: Sequence[int]) -> list[tuple[int, int, date | None]]:
    """What is left of their points, by the day on which it is gone: whose, how many, and that."""
    query = (
        select(lots.c.member_id, lots.c.left, lots.c.expires_on)
        .where(lots.c.member_id.in_(list(ids)), lots.c.left > 0)
        .order_by(lots.c.member_id, lots.c.expires_on, lots.c.no)
    )
    found: dict[tuple[int, date | None], int] = {}
    for whose, left, expires_on in uow.run(query):
        found[whose, expires_on] = found.get((whose, expires_on), 0) + left
    return [(whose, left, day) for (whose, day), left in found.items()]
