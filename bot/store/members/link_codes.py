"""Codes that put a card onto a LINE account, each once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select, update

from ..engine.db import UnitOfWork
from ..tables import link_codes

#: link: a card without LINE; share: a card that is somebody's on LINE already.
Purpose = Literal["link", "share"]


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code for a member's card."""

    code: str
    purpose: Purpose
    member_id: int
    #: It is good up to this moment (exclusive), and until it is used.
    until: datetime
    used_at: datetime | None


def add(
    uow: UnitOfWork,
    code: str,
    purpose: Purpose,
    member_id: int,
    *,
    until: datetime,
    by: int | None,
) -> None:
    """`by`: who of the staff gives it, with whom it ends."""
    row = {"code": code, "purpose": purpose, "member_id": member_id, "until": until, "staff_id": by}
    uow.run(insert(link_codes).values(row))


def end_of(uow: UnitOfWork, staff_id: int, *, at: datetime) -> None:
    """Ends what a person gave and nobody has used."""
    theirs = (link_codes.c.staff_id == staff_id) & link_codes.c.used_at.is_(None)
    still = update(link_codes).where(theirs, link_codes.c.until > at)
    uow.run(still.values(until=at))


def get(uow: UnitOfWork, code: str) -> LinkCode | None:
    row = uow.run(select(link_codes).where(link_codes.c.code == code)).first()
    return LinkCode(row.code, row.purpose, row.member_id, row.until, row.used_at) if row else None


def use(uow: UnitOfWork, code: str, *, at: datetime) -> bool:
    """Takes the code; False when somebody has."""
    mine = update(link_codes).where(link_codes.c.code == code, link_codes.c.used_at.is_(None))
    return uow.run(mine.values(used_at=at)).rowcount == 1
