"""Files of other systems that are brought in, row by row, and how far they are."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from rules.importing.columns import ImportField, ImportKind

from ..engine.db import UnitOfWork
from ..messages.segments import ID_MAX
from ..tables import IS_MENDED_ROW, IS_OPEN_IMPORT, import_rows, imports

#: "arriving": its rows are being kept; "arrived": somebody must say which column says what;
#: "checking", "doing" and "undoing": the clock is at it, one page of rows after the other;
#: "checked": somebody must say yes; "done"; "undone".
ImportState = Literal[
    "arriving", "arrived", "checking", "checked", "doing", "done", "undoing", "undone"
]


#: Why a row stands that was to be taken back.
KEPT = ("import_active", "import_merged", "import_stuck", "undo_needed", "undo_spent")
#: What stands.
_STANDS = ("done", *KEPT)


@dataclass(frozen=True, slots=True)
class StoredImport:
    """A file, and how far it is."""

    id: int
    kind: ImportKind
    state: ImportState
    file_name: str
    mark: str
    columns: dict[ImportField, int]
    has_head: bool
    #: How many rows it has, the heading included.
    rows: int
    made_at: datetime
    #: Who of the staff brought it, and at which store; None: a command did.
    made_by: int | None
    store: str
    moved_at: datetime

    @property
    def is_going_on(self) -> bool:
        return self.state in ("checking", "doing", "undoing")

    @property
    def reading(self) -> str:
        """By what its rows were looked at: which column says what."""
        columns = " ".join(f"{field}={n}" for field, n in sorted(self.columns.items()))
        return f"{columns} head" if self.has_head else columns

    def key(self, n: int) -> str:
        """The outside key of a row: the same for the same file."""
        return f"import:{self.mark}:{n}"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row of a file."""

    n: int
    cells: tuple[str, ...]
    fate: str | None
    field: str
    mended: bool
    member_id: int | None


@dataclass(frozen=True, slots=True)
class RowFate:
    """What became of a row."""

    n: int
    fate: str
    field: str = ""
    mended: bool = False
    member_id: int | None = None
    #: A mark of whom the row is about.
    who: str | None = None


def add(uow: UnitOfWork, stored: StoredImport) -> int:
    """Keeps a new one, whose rows come; gives its id. That of `stored` says nothing."""
    row = {
        "kind": stored.kind, "state": "arriving", "file_name": stored.file_name,
        "mark": stored.mark, "columns": "{}", "has_head": True, "rows": 0,
        "made_at": stored.made_at, "made_by": stored.made_by, "store": stored.store,
        "moved_at": stored.made_at,
    }  # fmt: skip
    return int(uow.run(insert(imports).values(row).returning(imports.c.id)).scalar_one())


def add_rows(uow: UnitOfWork, import_id: int, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    uow.run(
        insert(import_rows),
        [
            {
                "import_id": import_id, "n": n, "field": "", "mended": False,
                "cells": json.dumps(cells, ensure_ascii=False),
            }
            for n, cells in rows
        ],
    )  # fmt: skip


def change(uow: UnitOfWork, import_id: int, at: datetime, **to: Any) -> None:
    """Writes what is new of it."""
    if "columns" in to:
        to["columns"] = json.dumps(to["columns"])
    uow.run(update(imports).where(imports.c.id == import_id).values(moved_at=at, **to))


def get(uow: UnitOfWork, import_id: int, *, lock: bool = False) -> StoredImport | None:
    """With `lock` it is nobody else's until the transaction ends."""
    if not 0 < import_id < ID_MAX:
        return None
    query = select(imports).where(imports.c.id == import_id)
    row = uow.run(query.with_for_update() if lock else query).first()
    return _stored(row) if row else None


def hold(uow: UnitOfWork, import_id: int) -> StoredImport | None:
    """The import if it is being done or taken back, nobody else's until the transaction ends; nor
    is any other that is: two files may say the same."""
    at_work = select(imports).where(imports.c.state.in_(["doing", "undoing"]))
    held = [_stored(row) for row in uow.run(at_work.order_by(imports.c.id).with_for_update())]
    return next((each for each in held if each.id == import_id), None)


def newest(uow: UnitOfWork, *, limit: int) -> list[StoredImport]:
    query = select(imports).where(imports.c.state != "arriving").order_by(imports.c.id.desc())
    return [_stored(row) for row in uow.run(query.limit(limit))]


def opened(uow: UnitOfWork) -> list[int]:
    """Those that the clock has something to do for."""
    return list(
        uow.run(select(imports.c.id).where(IS_OPEN_IMPORT).order_by(imports.c.id)).scalars()
    )


def same_file(uow: UnitOfWork, stored: StoredImport) -> list[StoredImport]:
    """The others of the very same file."""
    its = (imports.c.mark == stored.mark, imports.c.id != stored.id)
    return [_stored(row) for row in uow.run(select(imports).where(*its).order_by(imports.c.id))]


def left_arriving(uow: UnitOfWork, at: datetime) -> list[int]:
    """Those of which something was to come still, before that moment."""
    its = (imports.c.state == "arriving", imports.c.moved_at < at)
    return list(uow.run(select(imports.c.id).where(*its)).scalars())


def first_rows(uow: UnitOfWork, import_id: int, *, limit: int) -> list[StoredRow]:
    query = select(import_rows).where(import_rows.c.import_id == import_id)
    return [_row(each) for each in uow.run(query.order_by(import_rows.c.n).limit(limit))]


def unseen(uow: UnitOfWork, import_id: int, *, limit: int) -> list[StoredRow]:
    """The next ones at which nobody looked yet."""
    its = (import_rows.c.import_id == import_id, import_rows.c.fate.is_(None))
    query = select(import_rows).where(*its).order_by(import_rows.c.n).limit(limit)
    return [_row(each) for each in uow.run(query)]


def with_fate(uow: UnitOfWork, import_id: int, fate: str, *, limit: int) -> list[StoredRow]:
    """The next ones of which that became, a member's together."""
    its = (import_rows.c.import_id == import_id, import_rows.c.fate == fate)
    query = select(import_rows).where(*its).order_by(import_rows.c.member_id, import_rows.c.n)
    return [_row(each) for each in uow.run(query.limit(limit))]


def of_fates(
    uow: UnitOfWork, import_id: int, fates: Collection[str], *, after: int, limit: int
) -> list[StoredRow]:
    """The next rows below number `after` of which one of these became."""
    if not fates:
        return []
    its = (import_rows.c.import_id == import_id, import_rows.c.n > after)
    query = select(import_rows).where(*its, import_rows.c.fate.in_(sorted(fates)))
    return [_row(each) for each in uow.run(query.order_by(import_rows.c.n).limit(limit))]


def mended(uow: UnitOfWork, import_id: int, *, limit: int) -> list[StoredRow]:
    """The first rows of which something was put right."""
    its = (import_rows.c.import_id == import_id, IS_MENDED_ROW)
    query = select(import_rows).where(*its, import_rows.c.cells != "[]")
    return [_row(each) for each in uow.run(query.order_by(import_rows.c.n).limit(limit))]


def settle(uow: UnitOfWork, import_id: int, fates: Iterable[RowFate]) -> None:
    """Notes what became of rows."""
    rows = [
        {
            "of": import_id, "row": each.n, "to": each.fate, "wrong": each.field,
            "put_right": each.mended, "whose": each.member_id,
            "mark_of": each.who,
        }
        for each in fates
    ]  # fmt: skip
    if rows:
        uow.run(_SETTLE, rows)


_SETTLE = (
    update(import_rows)
    .where(import_rows.c.import_id == bindparam("of"), import_rows.c.n == bindparam("row"))
    .values(
        fate=bindparam("to"),
        field=bindparam("wrong"),
        mended=bindparam("put_right"),
        member_id=bindparam("whose"),
        who=bindparam("mark_of"),
    )
)


def done_before(
    uow: UnitOfWork, ids: Collection[int], numbers: Collection[int]
) -> dict[int, int | None]:
    """Which of the rows stand by another import of the very same file, and whose they are."""
    if not ids:
        return {}
    its = (import_rows.c.import_id.in_(list(ids)), import_rows.c.fate.in_(_STANDS))
    query = select(import_rows.c.n, import_rows.c.member_id)
    return {
        row.n: row.member_id
        for row in uow.run(query.where(*its, import_rows.c.n.in_(list(numbers))))
    }


def known_marks(uow: UnitOfWork, import_id: int, marks: Collection[str]) -> set[str]:
    """Those of the marks that earlier rows have."""
    its = (import_rows.c.import_id == import_id, import_rows.c.who.in_(list(marks)))
    return set(uow.run(select(import_rows.c.who).where(*its)).scalars())


def fates(uow: UnitOfWork, import_id: int) -> dict[str | None, int]:
    """How many rows, by what became of them; None: nobody looked yet."""
    its = import_rows.c.import_id == import_id
    query = select(import_rows.c.fate, func.count()).where(its).group_by(import_rows.c.fate)
    return {row[0]: int(row[1]) for row in uow.run(query)}


def rename(uow: UnitOfWork, import_id: int, fates: Collection[str], to: str) -> None:
    """Makes one fate of several."""
    its = (import_rows.c.import_id == import_id, import_rows.c.fate.in_(list(fates)))
    uow.run(update(import_rows).where(*its).values(fate=to))


def look_anew(uow: UnitOfWork, import_id: int) -> None:
    """As if nobody had looked at a row."""
    fresh = {"fate": None, "field": "", "mended": False, "member_id": None, "who": None}
    uow.run(update(import_rows).where(import_rows.c.import_id == import_id).values(fresh))


def drop(uow: UnitOfWork, import_id: int) -> None:
    uow.run(delete(import_rows).where(import_rows.c.import_id == import_id))
    uow.run(delete(imports).where(imports.c.id == import_id))


def last_row(uow: UnitOfWork, import_id: int) -> int:
    """The number of its last row."""
    query = select(func.max(import_rows.c.n)).where(import_rows.c.import_id == import_id)
    return int(uow.run(query).scalar() or 0)


def empty(uow: UnitOfWork, import_id: int, numbers: range) -> None:
    """Forgets what stood in the rows of those numbers."""
    its = (import_rows.c.import_id == import_id, import_rows.c.cells != "[]")
    these = import_rows.c.n.between(numbers.start, numbers.stop - 1)
    uow.run(update(import_rows).where(*its, these).values(cells="[]"))


def drop_rows(uow: UnitOfWork, import_id: int, numbers: range) -> None:
    """Takes away the rows of those numbers."""
    these = import_rows.c.n.between(numbers.start, numbers.stop - 1)
    uow.run(delete(import_rows).where(import_rows.c.import_id == import_id, these))


def empty_done(uow: UnitOfWork, import_id: int, numbers: Collection[int]) -> None:
    """Forgets what stood in rows that are done."""
    its = (import_rows.c.import_id == import_id, import_rows.c.n.in_(list(numbers)))
    uow.run(update(import_rows).where(*its).values(cells="[]"))


def resting_since(uow: UnitOfWork, at: datetime) -> list[StoredImport]:
    """Those that nobody touched since, and that have rows with something in them."""
    its = (imports.c.moved_at < at, imports.c.state.not_in(["checking", "doing", "undoing"]))
    full = select(import_rows.c.n).where(
        import_rows.c.import_id == imports.c.id, import_rows.c.cells != "[]"
    )
    query = select(imports).where(*its, full.exists()).order_by(imports.c.id)
    return [_stored(row) for row in uow.run(query)]


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Removes what rows said of somebody who is erased."""
    mine = import_rows.c.member_id.in_(member_ids)
    uow.run(update(import_rows).where(mine).values(cells="[]"))


def _stored(row: Row[Any]) -> StoredImport:
    known = dict(row._mapping)
    known["columns"] = json.loads(known["columns"])
    return StoredImport(**known)


def _row(row: Row[Any]) -> StoredRow:
    return StoredRow(
        row.n, tuple(json.loads(row.cells)), row.fate, row.field, row.mended, row.member_id
    )
