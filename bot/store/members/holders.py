"""Card holders in the chat: a LINE account, and the card that its chat speaks of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import line_accounts as accounts_table
from ..tables import members as members_table
from . import line_accounts, members
from .line_accounts import LineAccount
from .members import Member


@dataclass(frozen=True, slots=True)
class Holder:
    account: LineAccount
    member: Member


_CARD = len(line_accounts.COLUMNS)
_LOCK = PreparedStatement(
    select(*line_accounts.COLUMNS, *members.COLUMNS)
    .join(members_table, members_table.c.id == accounts_table.c.member_id)
    .where(accounts_table.c.user_id == bindparam("user"))
    .with_for_update()
)


def lock(uow: UnitOfWork, user_id: str) -> Holder | None:
    """The account and its card, both theirs alone until the transaction ends; None for an account
    that we don't know or that has no card."""
    known = line_accounts.known(uow, user_id)
    if known is not None:
        return Holder(known, members.lock(uow, known.member_id)) if known.member_id else None
    rows = uow.ask(_LOCK, {"user": user_id})
    if not rows:
        return None
    row = rows[0]
    account, member = LineAccount(*row[:_CARD]), members.member_of(row[_CARD:])
    return Holder(
        line_accounts.keep(uow, account, locked=True), members.keep(uow, member, locked=True)
    )


def counted_at(uow: UnitOfWork, member_id: int, issue: int, at: datetime) -> bool:
    """Whether an issue of the card that counts no more did so at that moment, as far as the last
    change tells."""
    columns = members_table.c
    its = (columns.id == member_id, columns.issue_before == issue, columns.issued_at > at)
    return uow.run(select(columns.id).where(*its)).first() is not None
