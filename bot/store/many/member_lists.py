"""Members in the order in which an owner lists them: a page of them by an index, and what is shown
of each by one statement for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Column, and_, exists, func, literal, select, tuple_

from rules.figures.sums import ALL
from rules.journeys.risk import Risk
from rules.outlook.funnel import Stage

from ..engine.db import UnitOfWork
from ..members.profiles import CALLED
from ..messages.crowds import BY_LINE, BY_SMS, CrowdAsked, are_meant, stage
from ..tables import IS_VISIT, activities, figure_people, line_accounts, members, profiles

#: Each has an index that ends with the id. `year` and `yen`: how often they came in the year up to
#: now, and for how much.
MemberOrder = Literal["last_visit", "visits", "points", "joined", "year", "yen"]
_COLUMNS: dict[MemberOrder, Column[Any]] = {
    "last_visit": members.c.last_visit_at,
    "visits": members.c.visits,
    "points": members.c.balance,
    "joined": members.c.joined_at,
    "year": figure_people.c.visits,
    "yen": figure_people.c.yen,
}
#: So many that a filter finds are put in order as they are read.
_FEW = 2_000
#: Those by how members stand (`figure_people`).
_OF_YEAR: tuple[MemberOrder, ...] = ("year", "yen")
_STANDING = and_(figure_people.c.member_id == members.c.id, figure_people.c.store == ALL)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where somebody stands in the list; `value` is None for who never came."""

    value: datetime | int | None
    member_id: int


def places(
    uow: UnitOfWork, asked: CrowdAsked, order: MemberOrder, *, after: ListPlace | None, limit: int
) -> list[ListPlace]:
    """The next ones, the greatest first, and last those who never came."""
    if order in _OF_YEAR:
        return _of_year(uow, asked, order, after=after, limit=limit)
    column, found = _COLUMNS[order], []
    if after is None or after.value is not None:
        query = select(members.c.id, column).where(*are_meant(asked), column.is_not(None))
        if after is not None:
            last = tuple_(literal(after.value, column.type), literal(after.member_id))
            query = query.where(tuple_(column, members.c.id) < last)
        rows = uow.run(query.order_by(column.desc(), members.c.id.desc()).limit(limit))
        found = [ListPlace(row[1], row[0]) for row in rows]
    if order != "last_visit" or len(found) == limit:
        return found
    query = select(members.c.id).where(*are_meant(asked), column.is_(None))
    if after is not None and after.value is None:
        query = query.where(members.c.id < after.member_id)
    rows = uow.run(query.order_by(members.c.id.desc()).limit(limit - len(found)))
    return [*found, *(ListPlace(None, each) for each in rows.scalars())]


def _of_year(
    uow: UnitOfWork, asked: CrowdAsked, order: MemberOrder, *, after: ListPlace | None, limit: int
) -> list[ListPlace]:
    """By how they stand. A few are put in order here; of many a page needs few, and it is asked of
    those who stand so one after the other, as the index has them."""
    column, found = _COLUMNS[order], []
    its = figure_people.c.member_id
    ids = list(uow.run(select(members.c.id).where(*are_meant(asked)).limit(_FEW)).scalars())
    if len(ids) < _FEW:
        return _of_few(uow, ids, column, after=after)[:limit]
    if after is None or after.value is not None:
        meant = exists().where(members.c.id == its, *are_meant(asked))
        query = select(its, column).where(figure_people.c.store == ALL, meant)
        if after is not None:
            last = tuple_(literal(after.value, column.type), literal(after.member_id))
            query = query.where(tuple_(column, its) < last)
        rows = uow.run(query.order_by(column.desc(), its.desc()).limit(limit))
        found = [ListPlace(row[1], row[0]) for row in rows]
    if len(found) == limit:
        return found
    others = select(members.c.id).where(*are_meant(asked), ~exists().where(_STANDING))
    if after is not None and after.value is None:
        others = others.where(members.c.id < after.member_id)
    rows = uow.run(others.order_by(members.c.id.desc()).limit(limit - len(found)))
    return [*found, *(ListPlace(None, each) for each in rows.scalars())]


def _of_few(
    uow: UnitOfWork, ids: Sequence[int], column: Column[Any], *, after: ListPlace | None
) -> list[ListPlace]:
    """Those who come after that place, in the same order."""
    rows = uow.run(
        select(figure_people.c.member_id, column).where(
            figure_people.c.member_id.in_(list(ids)), figure_people.c.store == ALL
        )
    )
    values: dict[int, int] = {row[0]: row[1] for row in rows}

    def place(member_id: int) -> tuple[int, int]:
        return values.get(member_id, -1), member_id

    found = sorted(ids, key=place, reverse=True)
    if after is not None:
        last = (after.value if isinstance(after.value, int) else -1, after.member_id)
        found = [each for each in found if place(each) < last]
    return [ListPlace(values.get(each), each) for each in found]


@dataclass(frozen=True, slots=True)
class ListedMember:
    """What stands beside a member's own row."""

    name: str
    kana: str
    by_line: bool
    by_sms: bool
    is_blocked: bool
    stage: Stage
    #: What the night noted of them (`members.at_risk`), and on which day they drift.
    risk: Risk | None
    drift_on: date | None
    #: In the year up to now: how often they came, and for how much.
    year: int
    yen: int


def listed(uow: UnitOfWork, ids: Sequence[int], *, ladder: bool) -> dict[int, ListedMember]:
    """What is shown of those members; `ladder`: the club has ranks."""
    rows = uow.run(
        select(
            members.c.id,
            CALLED.label("name"),
            func.coalesce(profiles.c.kana, "").label("kana"),
            BY_LINE.label("by_line"),
            BY_SMS.label("by_sms"),
            line_accounts.c.blocked,
            stage(ladder=ladder).label("stage"),
            members.c.at_risk,
            members.c.drift_on,
            func.coalesce(figure_people.c.visits, 0).label("year"),
            func.coalesce(figure_people.c.yen, 0).label("yen"),
        )
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .outerjoin(figure_people, _STANDING)
        .where(members.c.id.in_(list(ids)))
    )
    return {
        row.id: ListedMember(
            row.name, row.kana, bool(row.by_line), bool(row.by_sms), bool(row.blocked), row.stage,
            row.at_risk, row.drift_on, row.year, row.yen,
        )
        for row in rows
    }  # fmt: skip


def visits_since(uow: UnitOfWork, whose: Mapping[int, int], day: date) -> dict[int, int]:
    """How often each came after `day`; `whose` says of each card which member has it."""
    rows = uow.run(
        select(activities.c.member_id, func.count().label("visits"))
        .where(activities.c.member_id.in_(list(whose)), activities.c.business_date > day, IS_VISIT)
        .group_by(activities.c.member_id)
    )
    found: dict[int, int] = {}
    for row in rows:
        holder = whose[row.member_id]
        found[holder] = found.get(holder, 0) + row.visits
    return found
