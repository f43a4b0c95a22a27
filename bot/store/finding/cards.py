"""What a card shows beside the member's own row."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, and_, bindparam, literal, select

from rules.programme.points import Lot

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..history.ledger import LOT_COLUMNS
from ..tables import lots, profiles
from ..tables.types import BigInt


@dataclass(frozen=True, slots=True)
class CardDetails:
    """What a card shows beside the member's row."""

    #: The member's as staff know it; empty where they don't.
    name: str
    #: Those that still hold points, in the order they were given.
    lots: tuple[Lot, ...]


_MEMBER: BindParameter[int] = bindparam("member", type_=BigInt)
_ONE = select(literal(1).label("one")).subquery()
#: A row for each lot, and one where there is none.
_DETAILS = PreparedStatement(
    select(profiles.c.name, *LOT_COLUMNS)
    .select_from(
        _ONE.outerjoin(profiles, profiles.c.member_id == _MEMBER).outerjoin(
            lots, and_(lots.c.member_id == _MEMBER, lots.c.left > 0)
        )
    )
    .order_by(lots.c.no)
)


def details(uow: UnitOfWork, member_id: int) -> CardDetails:
    """What the member's card shows beside the row."""
    rows = uow.ask(_DETAILS, {"member": member_id})
    open_lots = tuple(Lot(*row[1:]) for row in rows if row.no is not None)
    return CardDetails(rows[0].name or "", open_lots)
