"""Whom a journey asks about: members found by an index, in pages by that index (never OFFSET)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Column, ColumnElement, and_, literal, select, tuple_

from rules.journeys.candidates import Candidates, Span
from rules.shop import Shop

from .db import Store
from .tables import members

PAGE = 500

_DAY = timedelta(days=1)
#: The columns that lead an index, by what `Candidates` calls them; the first one given leads.
_DATES = ("away_since", "active_on", "acted_on", "close_until", "rank_lost_on", "holds_until")
#: Days that are read from an instant: the day before and after are asked too, as a shop may have
#: moved its time zone or the start of its day since.
_INSTANTS = {"last_visit_on": members.c.last_visit_at, "joined_on": members.c.joined_at}


def pages(store: Store, asked: Candidates, shop: Shop) -> Iterator[list[int]]:
    """The ids of all that `asked` names, PAGE at a time, each member once. Members erased, or
    merged into another, are never among them."""
    lead = _lead(asked)
    order = (lead, members.c.id) if lead is not None else (members.c.id,)
    query = select(members.c.id, *order[:-1]).where(
        *_conditions(asked, shop), members.c.erased_at.is_(None), members.c.merged_into.is_(None)
    )
    after: ColumnElement[bool] | None = None
    while True:
        page = query if after is None else query.where(after)
        with store.read() as uow:
            rows = uow.run(page.order_by(*order).limit(PAGE)).all()
        if rows:
            yield [row.id for row in rows]
        if len(rows) < PAGE:
            return
        last = rows[-1]
        place = [*last[1:], last.id]
        values = [literal(value, column.type) for value, column in zip(place, order, strict=True)]
        after = tuple_(*order) > tuple_(*values)


def _lead(asked: Candidates) -> Column[date] | Column[datetime] | None:
    """The column whose index leads; None where that is the id's (for one month of birth, say)."""
    for name in _DATES:
        if getattr(asked, name) is not None:
            return members.c[name]
    for name, column in _INSTANTS.items():
        if getattr(asked, name) is not None:
            return column
    return None


def _conditions(asked: Candidates, shop: Shop) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [members.c.membership.in_(asked.states)]
    for name in _DATES:
        span: Span | None = getattr(asked, name)
        if span is not None:
            found.append(members.c[name].between(span.first, span.last))
    for name, column in _INSTANTS.items():
        span = getattr(asked, name)
        if span is not None:
            found.append(_within(column, span, shop))
    if asked.gap_days is not None:
        found.append(members.c.gap_days == asked.gap_days)
    if asked.birth_month is not None:
        found.append(members.c.birth_month == asked.birth_month)
    return found + _narrowing(asked)


def _within(column: Column[datetime], span: Span, shop: Shop) -> ColumnElement[bool]:
    start, end = shop.opens(span.first - _DAY), shop.opens(span.last + 2 * _DAY)
    return and_(column >= start, column < end)


def _narrowing(asked: Candidates) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.visits_min:
        found.append(members.c.visits >= asked.visits_min)
    if asked.visits_max is not None:
        found.append(members.c.visits <= asked.visits_max)
    if asked.balance_min:
        found.append(members.c.balance >= asked.balance_min)
    if asked.ranks:
        found.append(members.c.rank.in_(asked.ranks))
    elif asked.ranked:
        found.append(members.c.rank.is_not(None))
    if asked.languages:
        found.append(members.c.language.in_(asked.languages))
    return found
