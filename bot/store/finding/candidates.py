"""Whom a journey asks about: members found by an index, in pages by that index (never OFFSET).

Most of those asked are found in the index alone: it holds what is asked of them besides.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Column, ColumnElement, bindparam, select, tuple_

from rules.journeys.candidates import Candidates, Span
from rules.shop import Shop

from ..engine.db import Store, UnitOfWork
from ..engine.prepared import Prepared
from ..tables import members

#: So many ids are read at once, and handed on in pages: whoever asks works on a page of members in
#: one transaction.
READ, PAGE = 2_000, 500

_DAY = timedelta(days=1)
#: The columns that lead an index, by what `Candidates` calls them; the first one given leads.
_DATES = ("away_since", "active_on", "acted_on", "close_until", "rank_lost_on", "holds_until")
#: Days that are read from an instant: the day before and after are asked too, as a shop may have
#: moved its time zone or the start of its day since.
_INSTANTS: dict[str, Column[datetime]] = {
    "last_visit_on": members.c.last_visit_at,
    "joined_on": members.c.joined_at,
}
_LISTS: dict[str, Column[str]] = {
    "states": members.c.membership,
    "ranks": members.c.rank,
    "languages": members.c.language,
}
#: What the other things asked say, each with a value of its name.
_SAID: dict[str, ColumnElement[bool]] = {
    "gap_days": members.c.gap_days == bindparam("gap_days"),
    "birth_month": members.c.birth_month == bindparam("birth_month"),
    "visits_min": members.c.visits >= bindparam("visits_min"),
    "visits_max": members.c.visits <= bindparam("visits_max"),
    "balance_min": members.c.balance >= bindparam("balance_min"),
    "ranked": members.c.rank.is_not(None),
}


_NOTHING = Candidates(states=())


class _Query(NamedTuple):
    """A question without its values: the names of the spans and of what else is asked, and how
    many values each list has. Its statement is made once."""

    spans: tuple[str, ...]
    said: tuple[str, ...]
    lists: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, asked: Candidates) -> "_Query":
        spans, said, lists = (
            tuple(name for name in names if getattr(asked, name) != getattr(_NOTHING, name))
            for names in ((*_DATES, *_INSTANTS), _SAID, _LISTS)
        )
        return cls(spans, said, tuple((name, len(getattr(asked, name))) for name in lists))

    @property
    def lead(self) -> Column[Any] | None:
        """The column whose index leads; None where that is the id's (a month of birth, say)."""
        return _column(self.spans[0]) if self.spans else None

    def values(self, asked: Candidates, shop: Shop) -> dict[str, Any]:
        """What `asked` says, by the names in the statement."""
        found = {name: getattr(asked, name) for name in self.said}
        for name, _ in self.lists:
            found |= {f"{name}_{n}": each for n, each in enumerate(getattr(asked, name))}
        for name in self.spans:
            span: Span = getattr(asked, name)
            within = _instants(span, shop) if name in _INSTANTS else (span.first, span.last)
            found[f"{name}_first"], found[f"{name}_last"] = within
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
        with store.read() as uow:
            ids = uow.ids(_statement(query, goes_on=bool(place)), values | place)
            is_more = len(ids) == READ
            place = _place(uow, query, ids[-1]) if is_more else {}
        for start in range(0, len(ids), PAGE):
            yield ids[start : start + PAGE]


@cache
def _statement(query: _Query, *, goes_on: bool) -> Prepared:
    """The ids that `query` asks for, by its index: the first ones, or those after a place."""
    lead = query.lead
    order = (members.c.id,) if lead is None else (lead, members.c.id)
    asked = select(members.c.id).where(
        *_conditions(query), members.c.erased_at.is_(None), members.c.merged_into.is_(None)
    )
    if goes_on:
        asked = asked.where(tuple_(*order) > tuple_(*(_after(column) for column in order)))
    return Prepared(asked.order_by(*order).limit(bindparam("read")))


def _conditions(query: _Query) -> Iterator[ColumnElement[bool]]:
    for name in query.spans:
        column = _column(name)
        yield column >= bindparam(f"{name}_first")
        # A span of days has its last one, one of instants is half-open.
        last: BindParameter[Any] = bindparam(f"{name}_last")
        yield column < last if name in _INSTANTS else column <= last
    for name in query.said:
        yield _SAID[name]
    for name, length in query.lists:
        yield _LISTS[name].in_([bindparam(f"{name}_{n}") for n in range(length)])


def _place(uow: UnitOfWork, query: _Query, member_id: int) -> dict[str, Any]:
    """Where the member stands in the order, as the same moment shows it."""
    place = {_after(members.c.id).key: member_id}
    if query.lead is not None:
        (row,) = uow.ask(_lead_of(query.lead), {"id": member_id})
        place[_after(query.lead).key] = row[0]
    return place


@cache
def _lead_of(lead: Column[Any]) -> Prepared:
    return Prepared(select(lead).where(members.c.id == bindparam("id")))


def _after(column: Column[Any]) -> Any:
    """The value of `column` at the place after which a page begins."""
    return bindparam(f"after_{column.name}", type_=column.type)


def _column(span: str) -> Column[Any]:
    return _INSTANTS[span] if span in _INSTANTS else members.c[span]


def _instants(span: Span, shop: Shop) -> tuple[datetime, datetime]:
    return shop.opens(span.first - _DAY), shop.opens(span.last + 2 * _DAY)
