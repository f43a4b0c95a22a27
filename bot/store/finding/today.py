"""Today at the counter: who came, newest first, and what the day has brought."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from rules.programme.ranks import RankChange

from ..engine.db import UnitOfWork
from ..members.members import Member, many
from ..tables import activities, audit_log, members, profiles, rank_changes
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


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A store's whole day, as it stands."""

    visits: int
    #: Of how many members it was the first visit.
    first: int
    #: What was bought, less what was brought back of it the same day.
    yen: int
    redemptions: int
    #: How often each of the staff took something back there, by their id.
    undos: dict[int, int]


def _of_day(day: date, *kinds: str) -> tuple[ColumnElement[bool], ...]:
    """What counts of those kinds on business day `day`."""
    whats = or_(*(activities.c.what.like(f"{kind} %") for kind in kinds))
    return (activities.c.business_date == day, whats, activities.c.undone_at.is_(None))


def figures(uow: UnitOfWork, *, day: date, since: datetime, store: str) -> DayFigures:
    """What business day `day`, which began at `since`, has brought at the store."""
    mine = select(members.c.id).where(
        or_(members.c.active_on >= day, members.c.last_visit_at >= since)
    )
    rows = uow.run(
        select(activities.c.member_id, activities.c.seq, activities.c.what, members.c.visits)
        .join(members, members.c.id == activities.c.member_id)
        .where(
            activities.c.member_id.in_(mine),
            activities.c.store == store,
            *_of_day(day, "Visit", "Purchase", "TakenBack", "Redemption"),
        )
    ).all()
    counts = Counter(row.what.partition(" ")[0] for row in rows)
    came = Counter(row.member_id for row in rows if row.what.startswith("Visit "))
    known = {row.member_id: row.visits for row in rows}
    return DayFigures(
        visits=counts["Visit"],
        first=sum(known[member_id] <= visits for member_id, visits in came.items()),
        yen=_yen(rows),
        redemptions=counts["Redemption"],
        undos=_undos(uow, since=since, store=store),
    )


def _yen(rows: Sequence[Row[Any]]) -> int:
    told = {(row.member_id, row.seq): row.what.partition(" ") for row in rows}
    bought = {
        place: json.loads(details)["total_yen"]
        for place, (kind, _, details) in told.items()
        if kind == "Purchase"
    }
    for (member_id, _), (kind, _, details) in told.items():
        back = json.loads(details) if kind == "TakenBack" else {}
        if (member_id, back.get("of")) in bought:
            bought[member_id, back["of"]] -= back["yen"] or 0
    return sum(bought.values())


def _undos(uow: UnitOfWork, *, since: datetime, store: str) -> dict[int, int]:
    by_person = (
        select(audit_log.c.staff_id, func.count().label("times"))
        .where(
            audit_log.c.at >= since,
            audit_log.c.action == "undo",
            audit_log.c.store == store,
            audit_log.c.staff_id.is_not(None),
        )
        .group_by(audit_log.c.staff_id)
    )
    return {row.staff_id: row.times for row in uow.run(by_person)}


def praised(uow: UnitOfWork, *, since: datetime) -> frozenset[int]:
    """Who was sent a word of praise since then, at whatever store."""
    found = select(audit_log.c.member_id).where(
        audit_log.c.action == "praise", audit_log.c.at >= since
    )
    return frozenset(uow.run(found).scalars())


def last_praised(uow: UnitOfWork, member_id: int) -> datetime | None:
    """When the member was last sent a word by staff."""
    found = select(func.max(audit_log.c.at)).where(
        audit_log.c.member_id == member_id, audit_log.c.action == "praise"
    )
    at: datetime | None = uow.run(found).scalar()
    return at


def visitors(
    uow: UnitOfWork,
    *,
    day: date,
    since: datetime,
    limit: int,
    store: str | None = None,
    member_id: int | None = None,
) -> list[VisitOfDay]:
    """The `limit` newest visits of business day `day`, which began at `since`, newest first; those
    at the store, and those of the member, where it is told."""
    here = (
        members.c.last_visit_at >= since,
        members.c.membership == "active",
        members.c.erased_at.is_(None),
        members.c.merged_into.is_(None),
    )
    mine = select(members.c.id).where(
        *here, *(() if member_id is None else (members.c.id == member_id,))
    )
    visits = (
        select(activities.c.member_id, activities.c.at, activities.c.store)
        .where(
            activities.c.member_id.in_(mine),
            *_of_day(day, "Visit"),
            *(() if store is None else (activities.c.store == store,)),
        )
        .order_by(activities.c.at.desc(), activities.c.member_id)
        .limit(limit)
    )
    found = uow.run(visits).all()
    ids = list(dict.fromkeys(row.member_id for row in found))
    if not ids:
        return []
    by_id = {member.id: member for member in many(uow, ids)}
    names = _names(uow, ids)
    steps = _rank_changes(uow, ids, day)
    visits_of_day = []
    for row in found:
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
