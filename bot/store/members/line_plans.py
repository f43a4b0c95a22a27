"""What LINE told of its own membership, by account and plan: the newest counts, whichever came
first. It is of the account, and goes with it; a card that another takes over has nothing of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from ..engine.db import UnitOfWork
from ..tables import line_plans


def note(uow: UnitOfWork, user_id: str, plan: int, told: str, *, at: datetime) -> None:
    """Notes what LINE told then."""
    row = {"user_id": user_id, "plan": plan, "told": told, "told_at": at}
    if not uow.insert_new(line_plans, [row]):
        its = (line_plans.c.user_id == user_id, line_plans.c.plan == plan)
        uow.run(update(line_plans).where(*its, line_plans.c.told_at < at).values(row))


def counted(uow: UnitOfWork) -> dict[int, int]:
    """How many accounts have which plan, by its number."""
    found = (
        select(line_plans.c.plan, func.count())
        .where(line_plans.c.told != "left")
        .group_by(line_plans.c.plan)
        .order_by(line_plans.c.plan)
    )
    return {row[0]: row[1] for row in uow.run(found)}


def data_of(uow: UnitOfWork, user_id: str) -> list[dict[str, Any]]:
    """What is held of an account, to take along."""
    mine = select(line_plans).where(line_plans.c.user_id == user_id).order_by(line_plans.c.plan)
    return [
        {"plan": row.plan, "told": row.told, "at": row.told_at.isoformat()} for row in uow.run(mine)
    ]


def forget(uow: UnitOfWork, user_id: str) -> None:
    uow.run(delete(line_plans).where(line_plans.c.user_id == user_id))
