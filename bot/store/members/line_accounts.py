"""People on LINE: friends, members or not yet, blocked or not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from rules.base import Lang

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import line_accounts
from . import menus

#: What accounts are called among the rows that a transaction has read.
_KIND = "line account"
#: How long a question of ours stands before what is typed means something else again.
AWAITING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LineAccount:
    """Somebody on LINE."""

    user_id: str
    display_name: str
    language: Lang
    blocked: bool
    #: The card the chat speaks of; None before joining.
    member_id: int | None
    #: The question they were asked.
    awaiting: str | None
    awaiting_until: datetime | None
    #: From when on LINE is asked again what they are called; None: at once.
    profile_due_at: datetime | None
    #: The way to earn that they were suggested last, if one was, and the business day of it.
    suggested: str | None = None
    suggested_on: date | None = None
    #: When they first looked at the card or the programme by themselves, as far as is known.
    looked_at: datetime | None = None
    #: The mark of the browser in which they last opened their card's page; None for none.
    browser: str | None = None

    def awaits(self, question: str, now: datetime) -> bool:
        """Whether `question` was asked a moment ago and not answered yet."""
        return self.is_asked(now) and self.awaiting == question

    def is_profile_due(self, now: datetime) -> bool:
        """Whether LINE is to be asked what they are called."""
        return self.profile_due_at is None or self.profile_due_at <= now

    def is_asked(self, now: datetime) -> bool:
        """Whether some question was asked a moment ago and not answered yet."""
        in_time = self.awaiting_until is not None and now < self.awaiting_until
        return in_time and self.awaiting is not None


#: The columns in the order in which an account has them.
COLUMNS = (
    line_accounts.c.user_id, line_accounts.c.display_name, line_accounts.c.language,
    line_accounts.c.blocked, line_accounts.c.member_id, line_accounts.c.awaiting,
    line_accounts.c.awaiting_until, line_accounts.c.profile_due_at,
    line_accounts.c.suggested, line_accounts.c.suggested_on, line_accounts.c.looked_at,
    line_accounts.c.browser,
)  # fmt: skip
_BY_ID = select(*COLUMNS).where(line_accounts.c.user_id == bindparam("user"))
_ONE, _ONE_LOCKED = PreparedStatement(_BY_ID), PreparedStatement(_BY_ID.with_for_update())


def known(uow: UnitOfWork, user_id: str) -> LineAccount | None:
    """The account, if this transaction holds it already. On SQLite whoever writes is alone."""
    account: LineAccount | None = uow.identities.get(_KIND, user_id, locked=not uow.is_sqlite)
    return account


def get(uow: UnitOfWork, user_id: str) -> LineAccount | None:
    read: LineAccount | None = uow.identities.get(_KIND, user_id)
    return read or _read(uow, uow.ask(_ONE, {"user": user_id}))


def lock(uow: UnitOfWork, user_id: str) -> LineAccount | None:
    """The account, theirs alone until the transaction ends; None when there is none."""
    held = known(uow, user_id)
    return held or _read(uow, uow.ask(_ONE_LOCKED, {"user": user_id}), locked=True)


def _read(uow: UnitOfWork, rows: Sequence[Any], *, locked: bool = False) -> LineAccount | None:
    return keep(uow, LineAccount(*rows[0]), locked=locked) if rows else None


def keep(uow: UnitOfWork, account: LineAccount, *, locked: bool) -> LineAccount:
    """Keeps what was read of an account for the rest of the transaction."""
    uow.identities.put(_KIND, account.user_id, account, locked=locked)
    return account


def ensure(
    uow: UnitOfWork,
    user_id: str,
    *,
    display_name: str,
    language: Lang,
    at: datetime,
    profile_due_at: datetime | None = None,
) -> LineAccount:
    """The account, locked, made if it is new; two events of one newcomer make it once."""
    held = lock(uow, user_id)
    if held is not None:
        return held
    row = {
        "user_id": user_id,
        "display_name": display_name[:100],
        "language": language,
        "blocked": False,
        "member_id": None,
        "awaiting": None,
        "awaiting_until": None,
        "created_at": at,
        "profile_due_at": profile_due_at,
    }
    uow.insert_new(line_accounts, [row])
    account = lock(uow, user_id)
    if account is None:
        raise LookupError("the account was removed meanwhile")
    return account


@cache
def _setting(names: frozenset[str]) -> PreparedStatement:
    """The change of those columns."""
    its = line_accounts.c.user_id == bindparam("user")
    values: dict[str, Any] = {name: bindparam(name) for name in sorted(names)}
    return PreparedStatement(update(line_accounts).where(its).values(values))


def _set(uow: UnitOfWork, user_id: str, **values: Any) -> None:
    uow.write(_setting(frozenset(values)), [{"user": user_id, **values}])
    read: LineAccount | None = uow.identities.get(_KIND, user_id)
    if read is not None:
        uow.identities.put(_KIND, user_id, replace(read, **values))


def link(uow: UnitOfWork, user_id: str, member_id: int | None) -> None:
    """Which card the chat speaks of from now on; None for none."""
    _set(uow, user_id, member_id=member_id)
    menus.forget_link(uow, user_id)


def attached(uow: UnitOfWork, member_id: int) -> list[str]:
    """The accounts whose chat speaks of this card: families share one."""
    rows = uow.run(
        select(line_accounts.c.user_id)
        .where(line_accounts.c.member_id == member_id)
        .order_by(line_accounts.c.user_id)
    )
    return [row.user_id for row in rows]


def shared_of(uow: UnitOfWork, cards: Collection[int]) -> list[int]:
    """Those of the cards of which some account's chat speaks."""
    theirs = select(line_accounts.c.member_id).where(line_accounts.c.member_id.in_(cards))
    return list(uow.run(theirs.distinct()).scalars())


def set_blocked(uow: UnitOfWork, user_id: str, blocked: bool) -> None:
    _set(uow, user_id, blocked=blocked)
    menus.forget_link(uow, user_id)


def set_language(uow: UnitOfWork, user_id: str, language: Lang) -> None:
    _set(uow, user_id, language=language)


def set_display_name(
    uow: UnitOfWork, user_id: str, display_name: str, *, due_at: datetime | None = None
) -> None:
    """`due_at`: from when on LINE is asked again."""
    _set(uow, user_id, display_name=display_name[:100], profile_due_at=due_at)


def await_answer(uow: UnitOfWork, user_id: str, question: str | None, *, now: datetime) -> None:
    """Notes what we asked; None for nothing more."""
    _set(uow, user_id, awaiting=question, awaiting_until=now + AWAITING if question else None)


def note_read(
    uow: UnitOfWork,
    user_id: str,
    *,
    suggested: tuple[str | None, date] | None = None,
    looked_at: datetime | None = None,
) -> None:
    """Notes of an answer that they have read what it `suggested` (None: nothing, in their turn) on
    which day, and that it was the first that showed them the card or the programme."""
    values: dict[str, Any] = {"looked_at": looked_at} if looked_at else {}
    if suggested:
        values |= {"suggested": suggested[0], "suggested_on": suggested[1]}
    if values:
        _set(uow, user_id, **values)


def note_look(uow: UnitOfWork, user_id: str, *, browser: str, at: datetime) -> None:
    """Notes in which browser they look at the card; and when, if they never did before."""
    known = get(uow, user_id)
    if known is not None:
        _set(uow, user_id, looked_at=known.looked_at or at, browser=browser)


def remove(uow: UnitOfWork, user_id: str) -> None:
    uow.run(delete(line_accounts).where(line_accounts.c.user_id == user_id))
    uow.identities.forget(_KIND, user_id)
