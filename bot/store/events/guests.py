"""Whom an event may be told to, and who its guests are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, true

from ..engine.db import UnitOfWork
from ..tables import event_places, event_sittings, line_accounts, members, profiles
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


def untold(
    uow: UnitOfWork, now: datetime, *, limit: int, of: int | None = None
) -> list[tuple[int, int]]:
    """Who is to be told by a person, as LINE doesn't reach them, that a place is kept for them,
    that it is off, or that it is tomorrow: by member and event, what begins first in front. One
    member's alone where `of` names them."""
    told, reminded = event_places.c.told_at, event_sittings.c.reminded_at
    # Who was told of anything since the others were reminded knows.
    is_reminder = (
        (event_places.c.state == "taken")
        & (event_places.c.at < reminded)
        & or_(told.is_(None), told < reminded)
    )
    found = (
        select(event_places.c.member_id, event_places.c.event_id)
        .join(
            event_sittings,
            (event_sittings.c.event_id == event_places.c.event_id)
            & (event_sittings.c.n == event_places.c.n),
        )
        .join(members, members.c.id == event_places.c.member_id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(
            event_sittings.c.ends_at > now,
            event_sittings.c.starts_at > now,
            or_(
                (event_places.c.state == "off") & told.is_(None),
                (event_places.c.state == "offered") & (event_places.c.until > now) & told.is_(None),
                is_reminder,
            ),
            event_places.c.member_id == of if of is not None else true(),
            or_(members.c.line_user_id.is_(None), line_accounts.c.blocked.is_(True)),
            members.c.erased_at.is_(None),
        )
        .order_by(event_sittings.c.starts_at, event_places.c.event_id, event_places.c.no)
        .limit(limit)
    )
    return [(row.member_id, row.event_id) for row in uow.run(found)]
