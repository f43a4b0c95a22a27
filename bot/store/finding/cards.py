"""What a card shows beside the member's own row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, literal, select

from rules.programme.points import Lot

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..history.ledger import LOT_COLUMNS
from ..history.switches import SwitchedOn, last_on, read_last_on
from ..tables import lots, profiles
from ..tables.types import BigInt


@dataclass(frozen=True, slots=True)
class CardDetails:
    """What a card shows beside the member's row."""

    #: The member's as staff know it; empty where they don't.
    name: str
    #: Those that still hold points, in the order they were given.
    lots: tuple[Lot, ...]
    #: The campaigns that staff switched on for the day.
    switched_on: SwitchedOn


_MEMBER: BindParameter[int] = bindparam("member", type_=BigInt)
_ONE = select(literal(1).label("one")).subquery()


def _details(*, on_sqlite: bool = False) -> Select[Any]:
    """A row for each lot, and one where there is none."""
    return (
        select(profiles.c.name, last_on(on_sqlite=on_sqlite), *LOT_COLUMNS)
        .select_from(
            _ONE.outerjoin(profiles, profiles.c.member_id == _MEMBER).outerjoin(
                lots, and_(lots.c.member_id == _MEMBER, lots.c.left > 0)
            )
        )
        .order_by(lots.c.no)
    )


_DETAILS = PreparedStatement(_details(), on_sqlite=_details(on_sqlite=True))


def details(uow: UnitOfWork, member_id: int, day: date) -> CardDetails:
    """What the member's card shows beside the row, on business day `day`."""
    rows = uow.ask(_DETAILS, {"member": member_id, "day": day})
    open_lots = tuple(Lot(*row[2:]) for row in rows if row.no is not None)
    return CardDetails(rows[0].name or "", open_lots, read_last_on(rows[0].switched_on))
