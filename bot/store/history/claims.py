"""Outside keys do their work once. A repeat gets the first outcome, other contents an error."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.errors import KayoiError

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, insert_new_statement
from ..tables import claims

#: Before the mark of a telephone that somebody told: it earns once, whoever else tells it.
TOLD_PHONE = "told phone:"
#: Before the keys under which members go again whom a file had made: figures know nothing of them.
UNMADE = "unmade:import:"

_CLAIM = insert_new_statement(claims, "key", "asked", "at")
_OUTCOME = PreparedStatement(
    select(claims.c.asked, claims.c.outcome).where(claims.c.key == bindparam("claim"))
)
_SETTLE = PreparedStatement(
    update(claims).where(claims.c.key == bindparam("claim")).values(outcome=bindparam("came"))
)


class KeyReused(KayoiError):
    """This key was used before, for something else. Use a new key for a new request."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The key was used before, for the same; `outcome` is what came of it then (JSON)."""

    outcome: str


def claim(uow: UnitOfWork, key: str, asked: str, *, at: datetime) -> Repeat | None:
    """Claims `key` for this transaction. `asked` is all of what was asked, as text.

    None when the key is ours now; a Repeat when it was used for the same. Raises KeyReused. A
    transaction that holds the same key is waited for.
    """
    digest = hashlib.sha256(asked.encode()).hexdigest()
    if uow.change(_CLAIM, {"key": key, "asked": digest, "at": at}):
        return None
    (known,) = uow.ask(_OUTCOME, {"claim": key})
    if known.asked != digest:
        raise KeyReused
    return Repeat(known.outcome or "")


def outcome_of(uow: UnitOfWork, key: str) -> str:
    """What came of what was done under the key (JSON); empty where nothing was, or not yet."""
    return next((known.outcome or "" for known in uow.ask(_OUTCOME, {"claim": key})), "")


def is_claimed(uow: UnitOfWork, key: str) -> bool:
    return bool(uow.ask(_OUTCOME, {"claim": key}))


def release(uow: UnitOfWork, key: str) -> None:
    """Forgets that `key` was claimed: what it stood for doesn't hold any more."""
    uow.run(delete(claims).where(claims.c.key == key))


def settle(uow: UnitOfWork, key: str, outcome: str) -> None:
    """Notes what came of the work that `key` was claimed for."""
    uow.write(_SETTLE, [{"claim": key, "came": outcome}])
