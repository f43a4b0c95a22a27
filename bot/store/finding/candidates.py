"""Whom a journey asks about: members found by an index, in pages by that index (never OFFSET).

Most of those asked are found in the index alone: it holds what is asked of them besides.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, ColumnElement, bindparam, func, select, tuple_

from rules.journeys.candidates import JOINED_ON, LAST_VISIT_ON, Candidates, IndexedDay, Span
from rules.shop import Shop

from ..engine.db import Store
from ..engine.statements import PreparedStatement
from ..tables import members

#: So many ids are read at once, and handed on in pages: whoever asks works on a page of members in
#: one transaction.
READ, PAGE = 2_000, 500

_DAY = timedelta(days=1)
#: Days that are read from an instant: the day before and after are asked too, as a shop may have
#: moved its time zone or the start of its day since. All others have a column of their name.
_INSTANTS: dict[IndexedDay, Column[datetime]] = {
    LAST_VISIT_ON: members.c.last_visit_at,
    JOINED_ON: members.c.joined_at,
}
_LISTS: dict[str, Column[str]] = {
    "states": members.c.membership,
    "ranks": members.c.rank,
    "languages": members.c.language,
}
#: What the other things asked say, each with a value of its name.
_SAID: dict[str, ColumnElement[bool]] = {
    "away_by": members.c.away_since <= bindparam("away_by"),
    "birth_month": members.c.birth_month == bindparam("birth_month"),
    "visits_min": members.c.visits >= bindparam("visits_min"),
    "visits_max": members.c.visits <= bindparam("visits_max"),
    "balance_min": members.c.balance >= bindparam("balance_min"),
    "ranked": members.c.rank.is_not(None),
}


_NOTHING = Candidates(states=())


class _Query(NamedTuple):
    """A question without its values: the day whose span leads, the names of what else is asked, and
    how many values each list has. Its statement is made once."""

    day: IndexedDay | None
    said: tuple[str, ...]
    lists: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, asked: Candidates) -> "_Query":
        said, lists = (
            tuple(name for name in names if getattr(asked, name) != getattr(_NOTHING, name))
            for names in (_SAID, _LISTS)
        )
        day = asked.span.day if asked.span else None
        return cls(day, said, tuple((name, len(getattr(asked, name))) for name in lists))

    @property
    def lead(self) -> Column[Any] | None:
        """The column whose index leads; None where that is the id's (a month of birth, say)."""
        return _column(self.day) if self.day else None

    def values(self, asked: Candidates, shop: Shop) -> dict[str, Any]:
        """What `asked` says, by the names in the statement."""
        found = {name: getattr(asked, name) for name in self.said}
        for name, _ in self.lists:
            found |= {f"{name}_{n}": each for n, each in enumerate(getattr(asked, name))}
        if asked.span:
            found["first"], found["last"] = _ends(asked.span, shop)
        return found


def pages(store: Store, asked: Candidates, shop: Shop) -> Iterator[list[int]]:
    """The ids of all that `asked` names, PAGE at a time, each member once. Members erased, or
    merged into another, are never among them."""
    if not asked.states:
        return
    query = _Query.of(asked)
    values = query.values(asked, shop) | {"read": READ}
    place: dict[str, Any] = {}
    is_more = True
    while is_more:
        with store.glance() as uow:
            ((told, lead),) = uow.ask(_statement(query, goes_on=bool(place)), values | place)
        ids: list[int] = (json.loads(told) if store.is_sqlite else told) or []
        is_more = len(ids) == READ
        if is_more:
            place = {_after(members.c.id).key: ids[-1]}
            if query.lead is not None:
                place[_after(query.lead).key] = lead
        for start in range(0, len(ids), PAGE):
            yield ids[start : start + PAGE]


def pages_of(store: Store, asked: Iterable[Candidates], shop: Shop) -> Iterator[list[int]]:
    """The same of all that any of them names; who is named by several is there once."""
    seen: set[int] = set()
    for each in asked:
        for page in pages(store, each, shop):
            new = [member_id for member_id in page if member_id not in seen]
            seen.update(new)
            if new:
                yield new


@cache
def _statement(query: _Query, *, goes_on: bool) -> PreparedStatement:
    """The ids that `query` asks for, by its index: the first ones, or those after a place; as one
    value, since to fetch rows takes longer than to find them. Beside it what leads of the last."""
    lead = members.c.id if query.lead is None else query.lead
    order = tuple(dict.fromkeys((lead, members.c.id)))
    asked = select(members.c.id.label("id"), lead.label("lead")).where(
        *_conditions(query), members.c.erased_at.is_(None), members.c.merged_into.is_(None)
    )
    if goes_on:
        asked = asked.where(tuple_(*order) > tuple_(*(_after(column) for column in order)))
    # Both gather in the order in which they are given rows.
    found = asked.order_by(*order).limit(bindparam("read")).subquery("found")
    last = func.max(found.c.lead).label("lead")
    ids: ColumnElement[Any] = func.array_agg(found.c.id)
    on_sqlite = select(func.json_group_array(found.c.id).label("ids"), last)
    return PreparedStatement(select(ids.label("ids"), last), on_sqlite=on_sqlite)


def _conditions(query: _Query) -> Iterator[ColumnElement[bool]]:
    if query.day and query.lead is not None:
        yield query.lead >= bindparam("first")
        # A span of days has its last one, one of instants is half-open.
        last: BindParameter[Any] = bindparam("last")
        yield query.lead < last if query.day in _INSTANTS else query.lead <= last
    for name in query.said:
        yield _SAID[name]
    for name, length in query.lists:
        yield _LISTS[name].in_([bindparam(f"{name}_{n}") for n in range(length)])


def _after(column: Column[Any]) -> Any:
    """The value of `column` at the place after which a page begins."""
    return bindparam(f"after_{column.name}", type_=column.type)


def _column(day: IndexedDay) -> Column[Any]:
    return _INSTANTS[day] if day in _INSTANTS else members.c[day.name]


def _ends(span: Span, shop: Shop) -> tuple[date, date] | tuple[datetime, datetime]:
    if span.day not in _INSTANTS:
        return span.first, span.last
    return shop.opens(span.first - _DAY), shop.opens(span.last + 2 * _DAY)
