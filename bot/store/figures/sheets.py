"""Reading what is told of no single rank, sheet by sheet; and how members stand, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_

from rules.figures.periods import DaySpan
from rules.figures.standing import NOW
from rules.figures.sums import Sheet
from rules.journeys.risk import Risk

from ..engine.db import UnitOfWork
from ..members.profiles import CALLED
from ..tables import figure_people, figures, line_accounts, members, profiles

StandingOrder = Literal["last_on", "visits", "yen"]


def of_days(
    uow: UnitOfWork, sheet: Sheet, span: DaySpan, *, store: str
) -> list[tuple[str, date, int]]:
    """What is kept of the days of `span`."""
    its = _on(sheet, store)
    found = select(figures.c.figure, figures.c.day, figures.c.value).where(
        its, figures.c.day.between(span.first, span.last)
    )
    return [(figure, day, int(value)) for figure, day, value in uow.run(found)]


def summed(uow: UnitOfWork, sheet: Sheet, span: DaySpan, *, store: str) -> dict[str, int]:
    """The same, added up over its days."""
    found = (
        select(figures.c.figure, func.sum(figures.c.value))
        .where(_on(sheet, store), figures.c.day.between(span.first, span.last))
        .group_by(figures.c.figure)
    )
    return {figure: int(value) for figure, value in uow.run(found)}


def of_today(uow: UnitOfWork, sheet: Sheet, *, store: str) -> dict[str, int]:
    """What is kept as it is now."""
    return summed(uow, sheet, DaySpan(NOW, NOW), store=store)


def by_rank(
    uow: UnitOfWork, names: Sequence[str], span: DaySpan, *, store: str
) -> dict[tuple[str, str], int]:
    """Figures of the days of `span`, by their name and the rank."""
    found = (
        select(figures.c.figure, figures.c.rank, func.sum(figures.c.value))
        .where(
            figures.c.store == store,
            figures.c.figure.in_(names),
            figures.c.day.between(span.first, span.last),
        )
        .group_by(figures.c.figure, figures.c.rank)
    )
    return {(figure, rank): int(value) for figure, rank, value in uow.run(found)}


def _on(sheet: Sheet, store: str) -> ColumnElement[bool]:
    return and_(figures.c.store == store, figures.c.rank == sheet)


@dataclass(frozen=True, slots=True)
class Stands:
    """How somebody stands, at a store or at all."""

    member_id: int
    #: The card's; the name is empty where nobody knows it.
    number: str
    name: str
    rank: str
    #: What the night noted of them (`members.at_risk`).
    risk: Risk | None
    last_on: date
    visits: int
    yen: int

    def value(self, order: StandingOrder) -> date | int:
        """By which they are in order."""
        match order:
            case "last_on":
                return self.last_on
            case "visits":
                return self.visits
            case "yen":
                return self.yen


#: Where a page of them ended.
StandingPlace = tuple[date | int, int]


@dataclass(frozen=True, slots=True)
class StandingAsked:
    """Who is asked for: who came last between two days (both included, None for any), so often and
    for so much, from the first on and up to the last (exclusive; None for any)."""

    store: str
    order: StandingOrder
    last_on: tuple[date | None, date | None] = (None, None)
    visits: tuple[int, int | None] = (0, None)
    yen: tuple[int, int | None] = (0, None)
    after: StandingPlace | None = None
    #: These alone, where some are named.
    ids: Sequence[int] | None = None


def standing(uow: UnitOfWork, asked: StandingAsked, *, limit: int) -> list[Stands]:
    """Those who stand so, the greatest first."""
    column = figure_people.c[asked.order]
    conditions = [figure_people.c.store == asked.store, *_within(asked)]
    if asked.after is not None:
        value, member_id = asked.after
        place = tuple_(literal(value, column.type), literal(member_id))
        conditions.append(tuple_(column, figure_people.c.member_id) < place)
    if asked.ids is not None:
        conditions.append(figure_people.c.member_id.in_(list(asked.ids)))
    found = (
        select(
            figure_people.c.member_id,
            members.c.number,
            CALLED.label("name"),
            func.coalesce(members.c.rank, "").label("rank"),
            members.c.at_risk,
            figure_people.c.last_on,
            figure_people.c.visits,
            figure_people.c.yen,
        )
        .join(members, members.c.id == figure_people.c.member_id)
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(*conditions)
        .order_by(column.desc(), figure_people.c.member_id.desc())
        .limit(limit)
    )
    return list(starmap(Stands, uow.run(found).all()))


def _within(asked: StandingAsked) -> list[ColumnElement[bool]]:
    its, found = figure_people.c, []
    first, last = asked.last_on
    if first is not None:
        found.append(its.last_on >= first)
    if last is not None:
        found.append(its.last_on <= last)
    for column, (low, high) in ((its.visits, asked.visits), (its.yen, asked.yen)):
        if low:
            found.append(column >= low)
        if high is not None:
            found.append(column < high)
    return found


def spent(uow: UnitOfWork, store: str, low: int, high: int) -> list[int]:
    """What each spent who spent from `low` up to `high` (exclusive) in the year."""
    its = figure_people.c
    found = select(its.yen).where(its.store == store, its.yen >= low, its.yen < high)
    return [int(each) for each in uow.run(found).scalars()]
