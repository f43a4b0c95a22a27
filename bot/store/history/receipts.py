"""Receipts that have earned: one store's number of one day earns once, for whoever brings it.

A receipt of the hours after midnight is of one business day and prints the date of the next. So it
is kept under both; where only its printed date is known, it may be either day's.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select

from rules.programme.purchases import HYPHEN, PrintedDay

from ..engine.db import UnitOfWork
from ..tables import receipts


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What makes a receipt the only one: its store, its number, and the days that it may be of."""

    store: str
    number: str
    days: tuple[PrintedDay, ...]


def claim(uow: UnitOfWork, receipt: ReceiptKey, *, member_id: int, seq: int) -> bool:
    """Takes the receipt for the member's activity `seq`; False when it has earned before.

    A transaction that is claiming the same one is waited for.
    """
    if _is_spelt_otherwise(uow, receipt):
        return False
    rows = [
        {
            "store": receipt.store,
            "issued_on": day.on,
            "number": receipt.number,
            "after_midnight": day.after_midnight,
            "member_id": member_id,
            "seq": seq,
        }
        for day in receipt.days
    ]
    if uow.insert_new(receipts, rows) == len(rows):
        return True
    release_of(uow, member_id, seq, store=receipt.store)
    return False


def _is_spelt_otherwise(uow: UnitOfWork, receipt: ReceiptKey) -> bool:
    """Whether it has earned under its number with or without the hyphens. Two numbers that both
    have some are the same only if they have them at the same places."""
    plain = receipt.number.replace(HYPHEN, "")
    has_hyphens = plain != receipt.number
    known = receipts.c.number if has_hyphens else func.replace(receipts.c.number, HYPHEN, "")
    same = select(receipts.c.seq).where(
        receipts.c.store == receipt.store,
        receipts.c.issued_on.in_([day.on for day in receipt.days]),
        receipts.c.number != receipt.number,
        known == plain,
    )
    return uow.run(same.limit(1)).first() is not None


def release_of(uow: UnitOfWork, member_id: int, seq: int, *, store: str | None) -> None:
    """Gives back the receipt of `store` that the member's activity `seq` claimed, if it had one:
    the purchase was undone, or earned nothing after all."""
    uow.run(
        delete(receipts).where(
            receipts.c.store == (store or ""),
            receipts.c.member_id == member_id,
            receipts.c.seq == seq,
        )
    )
