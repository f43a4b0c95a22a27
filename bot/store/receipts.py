"""Receipts that have earned: one store's number of one day earns once, for whoever brings it."""

from datetime import date

from sqlalchemy import insert, select

from .db import UnitOfWork
from .tables import receipts


def known(uow: UnitOfWork, *, store: str, issued_on: date, number: str) -> bool:
    """Whether this receipt has earned before."""
    found = select(receipts.c.member_id).where(
        receipts.c.store == store,
        receipts.c.issued_on == issued_on,
        receipts.c.number == number,
    )
    return uow.run(found).first() is not None


def note(
    uow: UnitOfWork, *, store: str, issued_on: date, number: str, member_id: int, seq: int
) -> None:
    """Notes that the receipt has earned. Of two members at once, the later one fails whole."""
    uow.run(
        insert(receipts).values(
            store=store, issued_on=issued_on, number=number, member_id=member_id, seq=seq
        )
    )
