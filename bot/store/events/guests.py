"""Whom an event may be told to, and who its guests are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ..engine.db import UnitOfWork
from ..tables import line_accounts, members, profiles
from ..tables.club import STANDS


@dataclass(frozen=True, slots=True)
class GuestName:
    """Who somebody is, as a list has it."""

    member_id: int
    #: The card's; empty once they are erased.
    number: str
    #: What the shop knows, else what LINE shows; empty where nobody knows.
    name: str
    kana: str
    phone: str
    #: Whether LINE reaches them.
    on_line: bool


def invitable(uow: UnitOfWork, *, after: int, limit: int) -> Sequence[int]:
    """Members with LINE whose membership runs, by their ids from `after` on."""
    found = select(members.c.id).where(
        members.c.line_user_id.is_not(None),
        members.c.membership == "active",
        STANDS,
        members.c.id > after,
    )
    return list(uow.run(found.order_by(members.c.id).limit(limit)).scalars())


def named(uow: UnitOfWork, ids: Collection[int]) -> dict[int, GuestName]:
    """Who these members are, by their ids."""
    found = (
        select(
            members.c.id,
            members.c.number,
            profiles.c.name,
            profiles.c.kana,
            profiles.c.phone,
            line_accounts.c.display_name,
            line_accounts.c.blocked,
        )
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(list(ids)))
    )
    return {
        row.id: GuestName(
            row.id,
            row.number,
            row.name or row.display_name or "",
            row.kana or "",
            row.phone or "",
            row.blocked is False,
        )
        for row in uow.run(found)
    }
