"""What members bought, line by line, beside their histories; and which pieces were brought back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, delete, insert, select, update

from rules.orders.lines import BoughtLine, ReceiptLine, ReturnedPieces

from ..engine.db import UnitOfWork
from ..tables import bought_lines, returned_lines

_LINE = tuple(ReceiptLine.model_fields)


def add(
    uow: UnitOfWork, member_id: int, seq: int, lines: Iterable[BoughtLine], *, on: date
) -> None:
    """Notes what was bought by the member's purchase `seq`, on that business day."""
    rows = [
        {
            "member_id": member_id,
            "seq": seq,
            "line": bought.no,
            **bought.line.model_dump(),
            "excluded": bought.excluded,
            "left": bought.left,
            "bought_on": on,
            "holder_id": member_id,
        }
        for bought in lines
    ]
    if rows:
        uow.run(insert(bought_lines), rows)


def of(uow: UnitOfWork, member_id: int, seqs: Sequence[int]) -> dict[int, tuple[BoughtLine, ...]]:
    """What was bought by those of the member's purchases that have lines, by their numbers."""
    if not seqs:
        return {}
    mine = (bought_lines.c.member_id == member_id, bought_lines.c.seq.in_(list(seqs)))
    rows = uow.run(
        select(bought_lines).where(*mine).order_by(bought_lines.c.seq, bought_lines.c.line)
    )
    by_seq = groupby(rows, key=lambda row: int(row.seq))
    return {seq: tuple(_bought(row) for row in found) for seq, found in by_seq}


def held(uow: UnitOfWork, holder_id: int) -> Iterator[tuple[date, BoughtLine]]:
    """All that was bought by whoever has the card now, with the business day."""
    mine = select(bought_lines).where(bought_lines.c.holder_id == holder_id)
    order = (bought_lines.c.bought_on, bought_lines.c.member_id, bought_lines.c.seq)
    for row in uow.run(mine.order_by(*order, bought_lines.c.line)):
        yield row.bought_on, _bought(row)


def take_back(
    uow: UnitOfWork, member_id: int, seq: int, of: int, pieces: Iterable[ReturnedPieces]
) -> None:
    """Notes that activity `seq` took pieces of purchase `of` back."""
    for each in pieces:
        row = {"member_id": member_id, "seq": seq, "of": of, "line": each.no}
        uow.run(insert(returned_lines).values(**row, quantity=each.quantity))
        _move(uow, (member_id, of, each.no), -each.quantity)


def undo(uow: UnitOfWork, member_id: int, seq: int) -> None:
    """Activity `seq` is undone: what it had bought goes, what it had taken back is there again."""
    mine = (returned_lines.c.member_id == member_id, returned_lines.c.seq == seq)
    for row in uow.run(select(returned_lines).where(*mine)).all():
        _move(uow, (member_id, row.of, row.line), row.quantity)
    uow.run(delete(returned_lines).where(*mine))
    its = (returned_lines.c.member_id == member_id, returned_lines.c.of == seq)
    uow.run(delete(returned_lines).where(*its))
    own = (bought_lines.c.member_id == member_id, bought_lines.c.seq == seq)
    uow.run(delete(bought_lines).where(*own))


def _move(uow: UnitOfWork, line: tuple[int, int, int], pieces: int) -> None:
    key = (bought_lines.c.member_id, bought_lines.c.seq, bought_lines.c.line)
    same = (column == value for column, value in zip(key, line, strict=True))
    uow.run(update(bought_lines).where(*same).values(left=bought_lines.c.left + pieces))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes what the member bought: it says who somebody is."""
    uow.run(delete(returned_lines).where(returned_lines.c.member_id.in_(member_ids)))
    uow.run(delete(bought_lines).where(bought_lines.c.member_id.in_(member_ids)))


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """What was bought with the other's card is the keeper's."""
    theirs = bought_lines.c.holder_id == other_id
    uow.run(update(bought_lines).where(theirs).values(holder_id=keep_id))


def hand_back(uow: UnitOfWork, keep_id: int, cards: Iterable[int], *, to: int) -> None:
    """What was bought with those cards is that one's again, and no more the keeper's."""
    theirs = (bought_lines.c.holder_id == keep_id, bought_lines.c.member_id.in_(list(cards)))
    uow.run(update(bought_lines).where(*theirs).values(holder_id=to))


def buyers(what: str, since: date | None) -> CompoundSelect[tuple[int]]:
    """Whoever has something of that code or kind, bought on that business day or later, of which
    not every piece was brought back."""

    def by(column: Any) -> Select[tuple[int]]:
        found = select(bought_lines.c.holder_id).where(column == what, bought_lines.c.left > 0)
        return found.where(bought_lines.c.bought_on >= since) if since else found

    return by(bought_lines.c.item).union_all(by(bought_lines.c.category))


def _bought(row: Row[Any]) -> BoughtLine:
    line = ReceiptLine.model_construct(**{name: getattr(row, name) for name in _LINE})
    return BoughtLine(line, row.line, row.excluded, row.quantity - row.left)
