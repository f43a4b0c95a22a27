"""The rows of tables as lines of JSON, in an order that is the same on either database."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, func, select

from ..engine.db import UnitOfWork
from ..tables import (
    activities,
    entries,
    lot_uses,
    lots,
    rank_changes,
    send_attempts,
    webhook_events,
)
from .kinds import FILES, fields_of

#: Rows that are held at a time; and of those with a picture.
PAGE, PAGE_OF_FILES = 500, 4
#: What is under way to LINE has no end of its own in an export: it may have arrived.
_UNDER_WAY = {"status": "uncertain", "reason": "moved", "attempt_id": None}


def lines(uow: UnitOfWork, table: Table) -> Iterator[bytes]:
    """One line of JSON for each row, by the table's key."""
    kinds = fields_of(table)
    for number, row in enumerate(_rows(uow, table), start=1):
        said = {
            name: file_name(table, number, row[name])
            if kind == "file" and row[name] is not None
            else _said(kind, row[name])
            for name, kind in kinds.items()
        }
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        yield text.encode() + b"\n"


def ledger_of(uow: UnitOfWork, member_id: int) -> dict[str, list[dict[str, Any]]]:
    """A member's history and points in the words of an export, for themselves: without what leads
    to others."""
    return {
        table.name: [
            _for_themselves(table, row) for row in _rows(uow, table, table.c.member_id == member_id)
        ]
        for table in (activities, entries, lots, lot_uses, rank_changes)
    }


def _for_themselves(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        name: _said(kind, row[name])
        for name, kind in fields_of(table).items()
        if name not in _NOT_FOR_THEMSELVES
    }
    if table is activities:
        kind = str(said["what"]).partition(" ")[0]
        said["what"] = kind if kind in _OF_OTHERS else said["what"]
    return said


def files(uow: UnitOfWork, table: Table) -> Iterator[tuple[str, bytes]]:
    """What stands in files of its own of the table, by the name its row has."""
    columns = [name for of, name in FILES if of == table.name]
    for number, row in enumerate(_rows(uow, table) if columns else (), start=1):
        for name in columns:
            if row[name] is not None:
                yield file_name(table, number, row[name]), row[name]


def file_name(table: Table, number: int, data: bytes) -> str:
    """What the file of that row is called: by its place among them."""
    return f"files/{table.name}/{number}{'.png' if data.startswith(_PNG) else '.jpg'}"


def open_events(uow: UnitOfWork) -> int:
    """How many of LINE's events nobody has dealt with yet."""
    return _count(uow, webhook_events, webhook_events.c.status == "new")


def open_attempts(uow: UnitOfWork) -> int:
    """How many requests to LINE have no end yet."""
    return _count(uow, send_attempts, send_attempts.c.status == "open")


#: Outside keys name devices, and segments what the shop thinks of them.
_NOT_FOR_THEMSELVES = ("member_id", "key", "undone_by", "segments", "switches")
#: Activities that tell of another member, or of another card.
_OF_OTHERS = ("Referral", "Absorbed", "Merged")
_PNG = b"\x89PNG"


def _count(uow: UnitOfWork, table: Table, which: ColumnElement[bool]) -> int:
    return int(uow.run(select(func.count()).select_from(table).where(which)).scalar_one())


def _rows(
    uow: UnitOfWork, table: Table, which: ColumnElement[bool] | None = None
) -> Iterator[Mapping[str, Any]]:
    """A page at a time is held, however many there are."""
    order = [
        # By code points, as SQLite does: another order for each language would be another file.
        column.collate("C") if isinstance(column.type, String) and not uow.is_sqlite else column
        for column in table.primary_key
    ]
    page = PAGE_OF_FILES if any(of == table.name for of, _ in FILES) else PAGE
    asked = select(table).order_by(*order).execution_options(yield_per=page)
    for row in uow.run(asked if which is None else asked.where(which)).mappings():
        is_under_way = table.name == "outbox" and row["status"] == "sending"
        yield {**row, **_UNDER_WAY} if is_under_way else dict(row)


def _said(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "time":
        moment: datetime = value
        return moment.astimezone(UTC).isoformat()
    if kind == "day":
        day: date = value
        return day.isoformat()
    return base64.b64encode(value).decode() if kind == "bytes" else value
