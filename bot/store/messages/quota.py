"""The month's messages: LINE's figures, our own count, and whether sending holds.

One row a month, which all workers share. Replies cost nothing and are not counted here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, case, func, or_, select, update

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import quota

#: Why nothing is pushed: the month's messages are used up, or LINE does not take our token.
Hold = Literal["monthly_limit", "credentials"]


@dataclass(frozen=True, slots=True)
class QuotaState:
    """The month's messages as far as they are known."""

    #: The month's limit; None without one, or as long as LINE has not told.
    plan: int | None
    #: LINE's own, approximate count.
    used_line: int
    #: Ours.
    used_own: int
    #: The smaller of what either leaves; None without a plan.
    left: int | None
    #: Why nothing is pushed before `hold_until`; else None.
    held: Hold | None
    hold_until: datetime | None
    #: Whether LINE was asked this month, whatever it said.
    asked: bool


NOTHING_KNOWN = QuotaState(None, 0, 0, None, None, None, asked=False)


_OF_MONTH = select(quota).where(quota.c.month == bindparam("month"))
_SEE, _LOCK = PreparedStatement(_OF_MONTH), PreparedStatement(_OF_MONTH.with_for_update())


def state(uow: UnitOfWork, month: date, *, now: datetime) -> QuotaState:
    """How the month stands; `month` is its first day."""
    found = uow.ask(_SEE, {"month": month})
    return _state(found[0], now) if found else NOTHING_KNOWN


def lock(uow: UnitOfWork, month: date, *, now: datetime) -> QuotaState:
    """The same; of a limited plan nobody else spends before the transaction ends."""
    known = state(uow, month, now=now)
    if known.plan is None:
        return known
    (row,) = uow.ask(_LOCK, {"month": month})
    return _state(row, now)


def _state(row: Any, now: datetime) -> QuotaState:
    held = row.hold_reason if row.hold_until is not None and row.hold_until > now else None
    left = None
    if row.plan is not None:
        # LINE's figure comes late: what we sent since it was told is not in it.
        by_line = row.used_line + max(0, row.used_own - row.own_when_asked)
        left = max(0, row.plan - max(by_line, row.used_own))
    until = row.hold_until if held else None
    asked = row.asked_at is not None
    return QuotaState(row.plan, row.used_line, row.used_own, left, held, until, asked)


def begin_month(uow: UnitOfWork, month: date) -> bool:
    """Makes the month's row; False when it is there. With a new month every hold is over."""
    return uow.insert_new(quota, [{"month": month}]) == 1


def may_ask(uow: UnitOfWork, month: date, *, now: datetime, every: timedelta) -> bool:
    """Whether it is the caller's turn to ask LINE, which is the case once in `every`."""
    due = or_(quota.c.next_ask_at.is_(None), quota.c.next_ask_at <= now)
    turn = update(quota).where(quota.c.month == month, due).values(next_ask_at=now + every)
    return uow.run(turn).rowcount == 1


def note_figures(
    uow: UnitOfWork, month: date, *, plan: int | None, used: int, now: datetime
) -> bool:
    """Notes what LINE says; True when the plan has become bigger, which ends a hold."""
    before = uow.run(select(quota).where(quota.c.month == month).with_for_update()).one()
    grew = before.plan is not None and (plan is None or plan > before.plan)
    ends_hold = grew and before.hold_reason == "monthly_limit"
    uow.run(
        update(quota)
        .where(quota.c.month == month)
        .values(
            plan=plan,
            used_line=used,
            asked_at=now,
            own_when_asked=quota.c.used_own,
            hold_until=None if ends_hold else before.hold_until,
        )
    )
    return grew


def note_silence(uow: UnitOfWork, month: date, *, now: datetime) -> None:
    """Notes that LINE could not say. What was known stays; without it, LINE's own 429 decides."""
    asked = func.coalesce(quota.c.asked_at, now)
    uow.run(update(quota).where(quota.c.month == month).values(asked_at=asked))


_AFTER = quota.c.used_own + bindparam("messages", type_=quota.c.used_own.type)
_SPEND = PreparedStatement(
    update(quota)
    .where(quota.c.month == bindparam("of"))
    # What was counted in the month before may come back in this one.
    .values(used_own=case((_AFTER < 0, 0), else_=_AFTER))
)


def spend(uow: UnitOfWork, month: date, messages: int) -> None:
    """Counts messages that are about to be sent; a negative number gives them back."""
    if messages:
        uow.change(_SPEND, {"of": month, "messages": messages})


def hold(uow: UnitOfWork, month: date, *, until: datetime, reason: Hold) -> None:
    """Nothing is pushed before `until`; a hold that lasts longer stays."""
    longer = or_(quota.c.hold_until.is_(None), quota.c.hold_until < until)
    uow.run(
        update(quota)
        .where(quota.c.month == month)
        .values(
            hold_until=case((longer, until), else_=quota.c.hold_until),
            hold_reason=case((longer, reason), else_=quota.c.hold_reason),
        )
    )
