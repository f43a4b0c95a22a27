"""Invitations: links that work once and for a short while, known here by their hash alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert, select, update

from ..engine.db import UnitOfWork
from ..tables import invitations

#: To register a device; to choose a password; to sign in once (the demo club's owner); to begin a
#: club of one's own.
InvitationKind = Literal["device", "password", "sign_in", "setup"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that lets a device or a person in."""

    token_hash: str
    kind: InvitationKind
    #: The device's or the person's.
    name: str
    #: A device's; None for a person.
    store: str | None
    #: A person's; None for a device.
    staff_id: int | None
    created_by: int | None
    expires_at: datetime


def add(uow: UnitOfWork, invitation: Invitation, *, at: datetime) -> None:
    """Makes it good from now on; what invited the same person to the same is good no more."""
    if invitation.staff_id is not None:
        same = (invitations.c.staff_id == invitation.staff_id) & (
            invitations.c.kind == invitation.kind
        )
        uow.run(delete(invitations).where(same & invitations.c.used_at.is_(None)))
    row = {
        "token_hash": invitation.token_hash,
        "kind": invitation.kind,
        "name": invitation.name,
        "store": invitation.store,
        "staff_id": invitation.staff_id,
        "created_by": invitation.created_by,
        "created_at": at,
        "expires_at": invitation.expires_at,
    }
    uow.run(insert(invitations).values(row))


def find(uow: UnitOfWork, token_hash: str, *, at: datetime) -> Invitation | None:
    """The invitation, unless it was used or is too old."""
    good = invitations.c.used_at.is_(None) & (invitations.c.expires_at > at)
    found = select(invitations).where(invitations.c.token_hash == token_hash, good)
    row = uow.run(found).one_or_none()
    return _of_row(row) if row is not None else None


def waiting(uow: UnitOfWork, *, at: datetime) -> list[Invitation]:
    """The invitations that nobody has used yet and somebody still may, the next to end first."""
    good = invitations.c.used_at.is_(None) & (invitations.c.expires_at > at)
    found = select(invitations).where(good).order_by(invitations.c.expires_at)
    return [_of_row(row) for row in uow.run(found)]


def _of_row(row: Any) -> Invitation:
    return Invitation(
        row.token_hash,
        row.kind,
        row.name,
        row.store,
        row.staff_id,
        row.created_by,
        row.expires_at,
    )


def use(uow: UnitOfWork, token_hash: str, *, at: datetime) -> bool:
    """Uses it up; False when somebody else was faster."""
    mine = (invitations.c.token_hash == token_hash) & invitations.c.used_at.is_(None)
    return uow.run(update(invitations).where(mine).values(used_at=at)).rowcount == 1


def withdraw(uow: UnitOfWork, staff_id: int) -> None:
    """Takes back what still invites a person, and whomever that person invited."""
    theirs = (invitations.c.staff_id == staff_id) | (invitations.c.created_by == staff_id)
    uow.run(delete(invitations).where(theirs & invitations.c.used_at.is_(None)))
