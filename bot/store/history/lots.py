"""Lots as they are read: each with its columns, or all that are open as one value of a row."""

from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Label, Text, cast, func, literal_column, select

from rules.programme.points import Lot

from ..tables import lots

#: The columns in the order in which a Lot has them.
LOT_COLUMNS = (
    lots.c.no, lots.c.points, lots.c.left, lots.c.given_on, lots.c.expires_on,
    lots.c.warned_on, lots.c.warned_for, lots.c.warnings,
)  # fmt: skip
_LOTS: TypeAdapter[tuple[Lot, ...]] = TypeAdapter(tuple[Lot, ...])


def lots_of(member: ColumnElement[int], *, on_sqlite: bool = False) -> Label[str]:
    """The lots of a member that still hold points, as one value of a row, which `read_lots` reads:
    to fetch rows and turn their days takes longer than to find them."""
    listed, entry = (
        (func.json_group_array, func.json_object)
        if on_sqlite
        else (func.json_agg, func.json_build_object)
    )
    said: list[ColumnElement[Any]] = []
    for each in LOT_COLUMNS:
        said += (literal_column(f"'{each.name}'"), each)
    told = select(cast(listed(entry(*said)), Text)).where(
        lots.c.member_id == member, lots.c.left > 0
    )
    return told.scalar_subquery().label("open_lots")


def read_lots(told: str | None) -> tuple[Lot, ...]:
    """What `lots_of` tells, in the order they were given."""
    found = _LOTS.validate_json(told) if told else ()
    return tuple(sorted(found, key=attrgetter("no")))
