"""Receipts that have earned: one store's number of one day earns once, for whoever brings it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from ..engine.db import UnitOfWork
from ..tables import receipts


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What makes a receipt the only one: its store, its own date and its number."""

    store: str
    issued_on: date
    number: str


def claim(uow: UnitOfWork, receipt: ReceiptKey, *, member_id: int, seq: int) -> bool:
    """Takes the receipt for the member's activity `seq`; False when it has earned before.

    A transaction that is claiming the same one is waited for.
    """
    row = {
        "store": receipt.store,
        "issued_on": receipt.issued_on,
        "number": receipt.number,
        "member_id": member_id,
        "seq": seq,
    }
    return uow.insert_new(receipts, [row]) == 1


def release(uow: UnitOfWork, receipt: ReceiptKey) -> None:
    """Gives back a receipt that earned nothing after all."""
    uow.run(
        delete(receipts).where(
            receipts.c.store == receipt.store,
            receipts.c.issued_on == receipt.issued_on,
            receipts.c.number == receipt.number,
        )
    )


def release_of(uow: UnitOfWork, member_id: int, seq: int, *, store: str | None) -> None:
    """Gives back the receipt of `store` that the member's activity `seq` claimed, if it had one:
    the purchase was undone."""
    uow.run(
        delete(receipts).where(
            receipts.c.store == store, receipts.c.member_id == member_id, receipts.c.seq == seq
        )
    )
