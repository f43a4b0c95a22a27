"""What a card shows beside the member's own row."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from rules.programme.points import Lot

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..history.lots import lots_of, read_lots
from ..history.switches import SwitchedOn, last_on, read_last_on
from ..tables import profiles
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


def _details(*, on_sqlite: bool = False) -> Select[Any]:
    name = select(profiles.c.name).where(profiles.c.member_id == _MEMBER).scalar_subquery()
    return select(
        name.label("name"), last_on(on_sqlite=on_sqlite), lots_of(_MEMBER, on_sqlite=on_sqlite)
    )


_DETAILS = PreparedStatement(_details(), on_sqlite=_details(on_sqlite=True))


def details(uow: UnitOfWork, member_id: int, day: date) -> CardDetails:
    """What the member's card shows beside the row, on business day `day`."""
    [row] = uow.ask(_DETAILS, {"member": member_id, "day": day})
    return CardDetails(row.name or "", read_lots(row.open_lots), read_last_on(row.switched_on))
