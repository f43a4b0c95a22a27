"""On which business days members came, and how often; with what cards merged into theirs brought
along."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from rules.judging.replay import RecordedActivity

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import activities, members
from ..tables.types import BigInt, Numbers
from . import history


def between(uow: UnitOfWork, member_id: int, start: date, end: date) -> dict[date, int]:
    """Visits by business day in the half-open range; days without one are not in it."""
    day = activities.c.business_date
    merged = select(members.c.id).where(members.c.merged_into == member_id)
    found = (
        select(day, func.count())
        .where(
            or_(activities.c.member_id == member_id, activities.c.member_id.in_(merged)),
            activities.c.what.like("Visit %"),
            activities.c.undone_at.is_(None),
            day >= start,
            day < end,
        )
        .group_by(day)
    )
    return {on: int(count) for on, count in uow.run(found)}


class VisitDay(NamedTuple):
    """A member's business day with visits, or with purchases alone."""

    member_id: int
    day: date
    visits: int
    #: What was paid for goods that count, tax included.
    yen: int


def _days_of(
    asked: ColumnElement[bool], read_yen: Callable[[str], ColumnElement[int]]
) -> Select[Any]:
    """The days of those `asked` for, with what the cards merged into theirs brought along. Who was
    erased, or merged into another, is nobody."""
    is_there = members.c.erased_at.is_(None)
    people = (
        select(members.c.id.label("member_id"), members.c.id.label("card"))
        .where(asked, is_there, members.c.merged_into.is_(None))
        .cte("people", recursive=True)
    )
    taken_over = select(people.c.member_id, members.c.id).where(
        members.c.merged_into == people.c.card, is_there
    )
    people = people.union_all(taken_over)
    did = activities.c
    is_visit, is_purchase = did.what.like("Visit %"), did.what.like("Purchase %")
    paid = read_yen("total_yen") - read_yen("excluded_yen")
    return (
        select(
            people.c.member_id,
            did.business_date,
            func.sum(case((is_visit, 1), else_=0)),
            func.sum(case((is_purchase, paid), else_=0)),
        )
        .join(activities, did.member_id == people.c.card)
        .where(did.undone_at.is_(None), or_(is_visit, is_purchase))
        .group_by(people.c.member_id, did.business_date)
        .order_by(people.c.member_id, did.business_date)
    )


_DETAILS = func.substr(activities.c.what, len("Purchase ") + 1)
_IDS = bindparam("ids", type_=Numbers())
_LISTED = func.json_each(_IDS).table_valued("value")
_DAYS_OF = PreparedStatement(
    _days_of(
        members.c.id == any_(_IDS),
        lambda name: cast(cast(_DETAILS, JSON)[name].as_string(), BigInt),
    ),
    on_sqlite=_days_of(
        members.c.id.in_(select(_LISTED.c.value)),
        lambda name: func.json_extract(_DETAILS, f"$.{name}"),
    ),
)


def of_many(uow: UnitOfWork, ids: Sequence[int]) -> list[VisitDay]:
    """All days on which these members came or bought something that stands, each member's together
    and in order."""
    return [
        VisitDay(member_id, day, int(visits), int(yen))
        for member_id, day, visits, yen in uow.ask(_DAYS_OF, {"ids": ids})
    ]


def latest_days(
    uow: UnitOfWork, member_id: int, *, limit: int, before: int | None = None
) -> list[RecordedActivity]:
    """The newest `limit` activities by the days on which they happened, so that what was recorded
    later stands where it belongs; only those that come after number `before`, if given. What was
    undone is left out."""
    day, seq = activities.c.business_date, activities.c.seq
    mine = select(seq).where(activities.c.member_id == member_id, activities.c.undone_at.is_(None))
    if before is not None:
        its = activities.alias("before")
        last = select(its.c.business_date).where(its.c.member_id == member_id, its.c.seq == before)
        last_day = last.scalar_subquery()
        mine = mine.where(or_(day < last_day, and_(day == last_day, seq < before)))
    seqs = list(uow.run(mine.order_by(day.desc(), seq.desc()).limit(limit)).scalars())
    known = {each.seq: each for each in history.numbered(uow, member_id, seqs)}
    return [known[each] for each in seqs if each in known]
