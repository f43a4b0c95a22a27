"""Browsers in which somebody has signed in before, by the hash of what their cookie holds. Wall
time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, literal, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import staff_browsers as browsers


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser as one person knows it; others may have signed in there too."""

    token_hash: str
    #: What it says it is, or the registered device that it is.
    name: str
    first_at: datetime
    #: Wrong passwords, PINs and codes in a row, there.
    failed: int
    locked_until: datetime | None


_COLUMNS = (
    browsers.c.token_hash, browsers.c.name, browsers.c.first_at, browsers.c.failed,
    browsers.c.locked_until,
)  # fmt: skip
_MINE = (browsers.c.staff_id == bindparam("staff_id")) & (
    browsers.c.token_hash == bindparam("token_hash")
)
_KNOWN = PreparedStatement(select(*_COLUMNS).where(_MINE))
_ANYBODYS = PreparedStatement(
    select(literal(1)).where(browsers.c.token_hash == bindparam("token_hash")).limit(1)
)
_FIRST_HERE = select(browsers.c.first_at).where(_MINE).scalar_subquery()
#: Asked on every page.
_UNTOLD = PreparedStatement(
    select(*_COLUMNS)
    .where(
        browsers.c.staff_id == bindparam("staff_id"),
        browsers.c.told_at.is_(None),
        browsers.c.first_at > _FIRST_HERE,
    )
    .order_by(browsers.c.first_at)
)


def get(uow: UnitOfWork, staff_id: int, token_hash: str) -> KnownBrowser | None:
    """The browser, if the person has signed in there before."""
    rows = uow.ask(_KNOWN, {"staff_id": staff_id, "token_hash": token_hash})
    return KnownBrowser(*rows[0]) if rows else None


def is_known(uow: UnitOfWork, token_hash: str) -> bool:
    """Whether anybody has signed in there before."""
    return bool(uow.ask(_ANYBODYS, {"token_hash": token_hash}))


def untold(uow: UnitOfWork, staff_id: int, token_hash: str) -> list[KnownBrowser]:
    """Those that came after this one, and of which the person hasn't said that they know; none
    where they have never signed in here."""
    rows = uow.ask(_UNTOLD, {"staff_id": staff_id, "token_hash": token_hash})
    return [KnownBrowser(*row) for row in rows]


def add(uow: UnitOfWork, staff_id: int, token_hash: str, name: str, *, at: datetime) -> None:
    row = {
        "staff_id": staff_id,
        "token_hash": token_hash,
        "name": name,
        "first_at": at,
        "last_at": at,
    }
    uow.run(insert(browsers).values(row))


def change(uow: UnitOfWork, staff_id: int, token_hash: str, **values: Any) -> None:
    """Sets columns of the row by their names."""
    mine = (browsers.c.staff_id == staff_id) & (browsers.c.token_hash == token_hash)
    uow.run(update(browsers).where(mine).values(**values))
