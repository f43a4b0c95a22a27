"""The way of those who began in a period, from following to coming regularly: a page of members by
one query each, found by the day on which they joined."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from rules.outlook.funnel import RHYTHM_DAYS, Beginning

from ..engine.db import Store, UnitOfWork
from ..tables import activities, line_accounts, members, rank_changes

#: So many members are read at once.
PAGE = 1_000
_STANDS = and_(members.c.erased_at.is_(None), members.c.merged_into.is_(None))
_ORDER = (members.c.joined_at, members.c.id)
#: Which of the days on which they came or bought are steps.
_TURNS = (1, 2, 3, RHYTHM_DAYS)
_DayOf = Callable[[datetime], date]


def members_since(
    store: Store, since: datetime, until: datetime, day_of: _DayOf
) -> Iterator[Beginning]:
    """The ways of those who joined from `since` to `until` (exclusive), neither erased nor merged
    into another. `day_of` gives the business day of an instant."""
    place: tuple[datetime, int] | None = None
    asked = and_(_STANDS, members.c.joined_at >= since, members.c.joined_at < until)
    while True:
        following = (
            asked if place is None else and_(asked, tuple_(*_ORDER) > tuple_(*map(literal, place)))
        )
        with store.read() as uow:
            rows = uow.run(_ways(following, PAGE)).all()
        for row in rows:
            yield _beginning(row, day_of)
        if len(rows) < PAGE:
            return
        place = rows[-1].joined_at, rows[-1].id


def way_of(uow: UnitOfWork, member_id: int, day_of: _DayOf) -> Beginning | None:
    """The way of one member; None for who was erased or merged into another."""
    row = uow.run(_ways(and_(_STANDS, members.c.id == member_id), 1)).one_or_none()
    return _beginning(row, day_of) if row else None


def followers_since(
    store: Store, since: datetime, until: datetime, day_of: _DayOf
) -> Iterator[Beginning]:
    """The ways of those who followed then and hold no card."""
    asked = select(line_accounts.c.created_at).where(*_follow_alone(since, until))
    with store.read() as uow:
        rows = uow.run(asked).all()
    for row in rows:
        yield Beginning(day_of(row.created_at))


def count_followers(
    uow: UnitOfWork, since: datetime, until: datetime, before: datetime
) -> tuple[int, int]:
    """How many followed then and hold no card; and how many of these did before that moment."""
    its = select(
        func.count(), func.sum(case((line_accounts.c.created_at < before, 1), else_=0))
    ).where(*_follow_alone(since, until))
    [(count, earlier)] = uow.run(its)
    return int(count), int(earlier or 0)


def _follow_alone(since: datetime, until: datetime) -> Iterator[ColumnElement[bool]]:
    yield line_accounts.c.created_at >= since
    yield line_accounts.c.created_at < until
    yield line_accounts.c.member_id.is_(None)
    yield ~select(members.c.id).where(members.c.line_user_id == line_accounts.c.user_id).exists()


def _ways(asked: ColumnElement[bool], limit: int) -> Select[Any]:
    """A row for each member asked for, in order: when they joined, followed and looked, on which
    days they came or bought, cards merged into theirs included, and since when they held a rank."""
    page = (
        select(*_ORDER, members.c.membership, members.c.line_user_id)
        .where(asked).order_by(*_ORDER).limit(limit).cte()
    )  # fmt: skip
    itself = select(page.c.id.label("member_id"), page.c.id.label("card"))
    cards = itself.cte(recursive=True)
    merged = select(cards.c.member_id, members.c.id).where(
        members.c.merged_into == cards.c.card, members.c.erased_at.is_(None)
    )
    cards = cards.union_all(merged)
    came = (
        select(cards.c.member_id, activities.c.business_date.label("day"))
        .join(activities, activities.c.member_id == cards.c.card)
        .where(
            activities.c.undone_at.is_(None),
            or_(activities.c.what.like("Visit %"), activities.c.what.like("Purchase %")),
        )
        .distinct()
        .subquery()
    )
    turn = func.row_number().over(partition_by=came.c.member_id, order_by=came.c.day)
    turns = select(came, turn.label("turn")).subquery()
    days = (
        select(
            turns.c.member_id,
            *(func.max(case((turns.c.turn == n, turns.c.day))).label(f"day_{n}") for n in _TURNS),
        )
        .where(turns.c.turn.in_(_TURNS))
        .group_by(turns.c.member_id)
        .subquery()
    )
    ranked_on = (
        select(func.min(rank_changes.c.changed_on))
        .where(rank_changes.c.member_id == page.c.id, rank_changes.c.after.is_not(None))
        .scalar_subquery()
    )
    return (
        select(
            page,
            line_accounts.c.created_at,
            line_accounts.c.looked_at,
            *(days.c[f"day_{n}"] for n in _TURNS),
            ranked_on.label("ranked_on"),
        )
        .outerjoin(line_accounts, line_accounts.c.user_id == page.c.line_user_id)
        .outerjoin(days, days.c.member_id == page.c.id)
        .order_by(page.c.joined_at, page.c.id)
    )


def _beginning(row: Any, day_of: _DayOf) -> Beginning:
    joined = day_of(row.joined_at)
    followed = min(joined, day_of(row.created_at)) if row.created_at else joined
    first, second, third, rhythm = (getattr(row, f"day_{n}") for n in _TURNS)
    looked = day_of(row.looked_at) if row.looked_at else None
    return Beginning(
        followed, joined, looked, first, second, third, rhythm, row.ranked_on,
        left=row.membership == "left",
    )  # fmt: skip
