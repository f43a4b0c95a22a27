"""What members agreed to or were told: when, by which channel, in which words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from .db import UnitOfWork
from .tables import consents


@dataclass(frozen=True, slots=True)
class Consent:
    kind: str
    at: datetime
    channel: str
    wording: str


def note(
    uow: UnitOfWork, member_id: int, kind: str, *, channel: str, wording: str, at: datetime
) -> None:
    row = {"member_id": member_id, "kind": kind, "at": at, "channel": channel, "wording": wording}
    uow.insert_new(consents, [row])


def of(uow: UnitOfWork, member_id: int) -> list[Consent]:
    rows = uow.run(
        select(consents).where(consents.c.member_id == member_id).order_by(consents.c.at)
    )
    return [Consent(row.kind, row.at, row.channel, row.wording) for row in rows]
