"""What was handed over to charities: numbered as written down, never changed, only undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import handovers


@dataclass(frozen=True, slots=True)
class Donation:
    """A sum that a charity was handed."""

    #: The reward's id by which members gave it.
    reward: str
    yen: int
    on: date
    recipient: str
    #: What the charity wrote on its receipt; empty for none.
    receipt: str = ""
    #: Who of the staff wrote it down; None: a command.
    recorded_by: int | None = None
    #: 0 before it is kept.
    number: int = 0


def add(uow: UnitOfWork, handed: Donation, *, at: datetime) -> int:
    """Keeps it, and gives its number. Of transactions that add one at the same time the later one
    waits, and takes the number after."""
    row = {
        "reward": handed.reward, "yen": handed.yen, "handed_on": handed.on,
        "recipient": handed.recipient, "receipt": handed.receipt,
        "recorded_by": handed.recorded_by, "recorded_at": at, "undone_at": None,
    }  # fmt: skip
    while True:
        number = next_number(uow, handovers.c.number)
        if uow.insert_new(handovers, [{"number": number, **row}]):
            return number


def undo(uow: UnitOfWork, number: int, *, at: datetime) -> bool:
    """Takes the record back; False where there is none that stands."""
    its = update(handovers).where(handovers.c.number == number, handovers.c.undone_at.is_(None))
    return uow.run(its.values(undone_at=at)).rowcount == 1


def of(uow: UnitOfWork, rewards: Iterable[str] | None = None) -> list[Donation]:
    """Those that stand, the newest first; `rewards`: only those of these."""
    found = select(handovers).where(handovers.c.undone_at.is_(None))
    if rewards is not None:
        found = found.where(handovers.c.reward.in_(list(rewards)))
    newest = found.order_by(handovers.c.handed_on.desc(), handovers.c.number.desc())
    return [
        Donation(
            row.reward, row.yen, row.handed_on, row.recipient, row.receipt, row.recorded_by,
            row.number,
        )
        for row in uow.run(newest)
    ]  # fmt: skip
