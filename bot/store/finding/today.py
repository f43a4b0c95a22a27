"""Today at the counter: who came, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from rules.programme.ranks import RankChange

from ..engine.db import UnitOfWork
from ..members.members import Member, many
from ..tables import activities, members, profiles, rank_changes
from ..tables import line_accounts as accounts


@dataclass(frozen=True, slots=True)
class VisitOfDay:
    """One visit of the day. `name` is what staff know them by, else how LINE calls them."""

    member: Member
    name: str
    at: datetime
    store: str | None
    blocked: bool
    rank_changes: tuple[RankChange, ...]


def visitors(uow: UnitOfWork, *, day: date, since: datetime, limit: int) -> list[VisitOfDay]:
    """The visits of business day `day`, which began at `since`, of the `limit` members who came
    last; newest first."""
    recent = (
        select(members.c.id)
        .where(
            members.c.last_visit_at >= since,
            members.c.membership == "active",
            members.c.erased_at.is_(None),
            members.c.merged_into.is_(None),
        )
        .order_by(members.c.last_visit_at.desc(), members.c.id)
        .limit(limit)
    )
    ids = list(uow.run(recent).scalars())
    if not ids:
        return []
    by_id = {member.id: member for member in many(uow, ids)}
    names = _names(uow, ids)
    steps = _rank_changes(uow, ids, day)
    visits = select(activities.c.member_id, activities.c.at, activities.c.store).where(
        activities.c.member_id.in_(ids),
        activities.c.business_date == day,
        activities.c.what.like("Visit %"),
        activities.c.undone_at.is_(None),
    )
    visits_of_day = []
    for row in uow.run(visits.order_by(activities.c.at.desc(), activities.c.member_id)):
        name, blocked = names[row.member_id]
        changes = steps.get(row.member_id, ())
        member = by_id[row.member_id]
        visits_of_day.append(VisitOfDay(member, name, row.at, row.store, blocked, changes))
    return visits_of_day


def _names(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    rows = uow.run(
        select(members.c.id, profiles.c.name, accounts.c.display_name, accounts.c.blocked)
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(accounts, accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(ids))
    )
    return {row.id: (row.name or row.display_name or "", bool(row.blocked)) for row in rows}


def _rank_changes(
    uow: UnitOfWork, ids: Sequence[int], day: date
) -> dict[int, tuple[RankChange, ...]]:
    by_member: dict[int, tuple[RankChange, ...]] = {}
    of_day = select(rank_changes).where(
        rank_changes.c.member_id.in_(ids), rank_changes.c.changed_on == day
    )
    for row in uow.run(of_day.order_by(rank_changes.c.n)):
        change = RankChange(row.before, row.after, row.changed_on, row.reason)
        by_member[row.member_id] = (*by_member.get(row.member_id, ()), change)
    return by_member
