"""Telephones that members are proving, each by a code that goes there by SMS; how many were asked
for lately stays known a while."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, insert, select, update

from ..engine.db import UnitOfWork
from ..tables import phone_proofs


@dataclass(frozen=True, slots=True)
class PhoneProof:
    """A telephone about to be proven."""

    member_id: int
    #: E.164.
    phone: str
    asked_at: datetime
    #: The code is good up to this moment (exclusive).
    until: datetime
    #: How many wrong codes came.
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class AskedLately:
    """How many codes were asked for: by one member, to one telephone, by all."""

    by_member: int
    to_phone: int
    by_all: int


def add(uow: UnitOfWork, proof: PhoneProof, *, mark: str) -> None:
    """The member's newest proof, in the place of one before; `mark` is what stays of the number."""
    end(uow, [proof.member_id])
    row = {"member_id": proof.member_id, "phone": proof.phone, "asked_at": proof.asked_at}
    uow.run(insert(phone_proofs).values(**row, until=proof.until, mark=mark))


def newest(uow: UnitOfWork, member_id: int) -> PhoneProof | None:
    """What the member is proving; None for nothing."""
    mine = (phone_proofs.c.member_id == member_id) & (phone_proofs.c.phone != "")
    row = uow.run(select(phone_proofs).where(mine)).first()
    if row is None:
        return None
    return PhoneProof(row.member_id, row.phone, row.asked_at, row.until, row.wrong)


def note_wrong(uow: UnitOfWork, proof: PhoneProof) -> None:
    mine = phone_proofs.c.member_id == proof.member_id
    this = update(phone_proofs).where(mine, phone_proofs.c.asked_at == proof.asked_at)
    uow.run(this.values(wrong=phone_proofs.c.wrong + 1))


def end(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Forgets the number that the member is proving; that one was asked for stays known."""
    mine = phone_proofs.c.member_id.in_(member_ids)
    uow.run(update(phone_proofs).where(mine, phone_proofs.c.phone != "").values(phone=""))


def asked_lately(uow: UnitOfWork, member_id: int, mark: str, *, since: datetime) -> AskedLately:
    mine, there = phone_proofs.c.member_id == member_id, phone_proofs.c.mark == mark
    row = uow.run(
        select(
            func.coalesce(func.sum(case((mine, 1), else_=0)), 0),
            func.coalesce(func.sum(case((there, 1), else_=0)), 0),
            func.count(),
        ).where(phone_proofs.c.asked_at >= since)
    ).one()
    return AskedLately(*(int(each) for each in row))
