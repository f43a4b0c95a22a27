"""The month's messages: LINE's figures, our own count, and whether sending holds.

One row a month, which all workers share. Replies cost nothing and are not counted here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import Row, case, func, or_, select, update

from .db import UnitOfWork
from .tables import quota

#: Why nothing is pushed: the month's messages are used up, or LINE does not take our token.
Hold = Literal["monthly_limit", "credentials"]


@dataclass(frozen=True, slots=True)
class QuotaState:
    """`plan` is the month's limit, None without one or as long as LINE has not told. `used_line`
    is LINE's own, approximate count, `used_own` ours. `left` is the smaller of what either leaves,
    None without a plan. `held`: why nothing is pushed before `hold_until`, else None. `asked`:
    LINE was asked this month, whatever it said."""

    plan: int | None
    used_line: int
    used_own: int
    left: int | None
    held: Hold | None
    hold_until: datetime | None
    asked: bool


NOTHING_KNOWN = QuotaState(None, 0, 0, None, None, None, asked=False)


def state(uow: UnitOfWork, month: date, *, now: datetime) -> QuotaState:
    """How the month stands; `month` is its first day."""
    row = uow.run(select(quota).where(quota.c.month == month)).first()
    return _state(row, now) if row else NOTHING_KNOWN


def lock(uow: UnitOfWork, month: date, *, now: datetime) -> QuotaState:
    """The same; of a limited plan nobody else spends before the transaction ends."""
    known = state(uow, month, now=now)
    if known.plan is None:
        return known
    row = uow.run(select(quota).where(quota.c.month == month).with_for_update()).one()
    return _state(row, now)


def _state(row: Row[tuple[object, ...]], now: datetime) -> QuotaState:
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


def told(uow: UnitOfWork, month: date, *, plan: int | None, used: int, now: datetime) -> bool:
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


def not_told(uow: UnitOfWork, month: date, *, now: datetime) -> None:
    """Notes that LINE could not say. What was known stays; without it, LINE's own 429 decides."""
    asked = func.coalesce(quota.c.asked_at, now)
    uow.run(update(quota).where(quota.c.month == month).values(asked_at=asked))


def spend(uow: UnitOfWork, month: date, messages: int) -> None:
    """Counts messages that are about to be sent; a negative number gives them back."""
    after = quota.c.used_own + messages
    if messages:
        # What was counted in the month before may come back in this one.
        counted = case((after < 0, 0), else_=after)
        uow.run(update(quota).where(quota.c.month == month).values(used_own=counted))


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
