"""Members at risk: whose flag the night must look at, found by indexes, and who has one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    TextClause,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from rules.journeys.risk import Risk

from ..engine.db import Store, UnitOfWork
from ..members.members import Member, many
from ..tables import IS_AT_RISK, RISK_IS_OPEN, members
from .candidates import PAGE

_STANDS = and_(members.c.erased_at.is_(None), members.c.merged_into.is_(None))
_UNFLAGGED = and_(members.c.at_risk.is_(None), members.c.membership == "active", _STANDS)
#: A flag that time alone can take or change.
_PASSING: tuple[Risk, ...] = ("rhythm", "rank", "badge")
#: The reasons, those first by which somebody is really away.
RISKS: tuple[Risk, ...] = ("lapsed", "rhythm", "rank", "badge")
_risk_place = case({risk: place for place, risk in enumerate(RISKS)}, value=members.c.at_risk)
#: The columns by which pages go on.
_Order = tuple[Column[Any], ...]
_BY_ID: _Order = (members.c.id,)
_BY_DRIFT: _Order = (members.c.drift_on, members.c.id)


def drifting(store: Store, day: date) -> Iterator[list[int]]:
    """Who drifts by `day` and has no flag."""
    return _pages(store, _BY_DRIFT, RISK_IS_OPEN, members.c.drift_on <= day, _STANDS)


def ranked(store: Store) -> Iterator[list[int]]:
    """Who holds a rank and has no flag."""
    return _pages(store, _BY_ID, members.c.rank.is_not(None), _UNFLAGGED)


def here_since(store: Store, start: datetime) -> Iterator[list[int]]:
    """Who came at `start` or later and has no flag."""
    order = (members.c.last_visit_at, members.c.id)
    return _pages(store, order, members.c.last_visit_at >= start, _UNFLAGGED)


def flagged(store: Store, day: date) -> Iterator[list[int]]:
    """Whose flag `day` may take or change; who has lapsed, only where they are thought by now to
    drift later than that."""
    for risk in _PASSING:
        yield from _pages(store, _BY_ID, members.c.at_risk == risk)
    lapsed = members.c.at_risk == "lapsed"
    yield from _pages(store, _BY_DRIFT, IS_AT_RISK, members.c.drift_on > day, lapsed)


def _pages(
    store: Store, order: _Order, *asked: ColumnElement[bool] | TextClause
) -> Iterator[list[int]]:
    """PAGE ids at a time in an index's `order`, which ends with the id. Pages go by place, so that
    those flagged meanwhile leave no gap."""
    query = select(members.c.id, *order[:-1]).where(*asked).order_by(*order).limit(PAGE)
    after: ColumnElement[bool] | None = None
    while True:
        with store.read() as uow:
            rows = uow.run(query if after is None else query.where(after)).all()
        if rows:
            yield [row.id for row in rows]
        if len(rows) < PAGE:
            return
        place = [*rows[-1][1:], rows[-1].id]
        last = [literal(value, each.type) for value, each in zip(place, order, strict=True)]
        after = tuple_(*order) > tuple_(*last)


def flags_of(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, Risk | None]:
    """The flags of these members."""
    rows = uow.run(select(members.c.id, members.c.at_risk).where(members.c.id.in_(ids)))
    return {row.id: row.at_risk for row in rows}


_SET = (
    update(members)
    .where(members.c.id == bindparam("member"), members.c.history_seq == bindparam("seq"), _STANDS)
    .values(at_risk=bindparam("risk"))
)


def write(uow: UnitOfWork, found: Sequence[tuple[Member, Risk | None]]) -> None:
    """Notes the flags of members as they were read; who did something since keeps theirs."""
    rows = [{"member": who.id, "seq": who.seq, "risk": risk} for who, risk in found]
    if rows:
        uow.run(_SET, rows)


@dataclass(frozen=True, slots=True)
class RiskCursor:
    """After whom a page of members at risk goes on: the last one's `away_since`, id and reason."""

    away_since: date
    member_id: int
    risk: Risk = "lapsed"


def page(
    uow: UnitOfWork, *, limit: int, after: RiskCursor | None = None, why: Risk | None = None
) -> list[tuple[Member, Risk, RiskCursor]]:
    """Members at risk, those first who are really away, of these those who were here last; only
    those at risk for that reason, if given."""
    query = select(members.c.id, members.c.at_risk, members.c.away_since).where(
        IS_AT_RISK, members.c.away_since.is_not(None)
    )
    if why is not None:
        query = query.where(members.c.at_risk == why)
    if after is not None:
        away, number, place = members.c.away_since, members.c.id, RISKS.index(after.risk)
        query = query.where(
            or_(
                _risk_place > place,
                and_(_risk_place == place, away < after.away_since),
                and_(_risk_place == place, away == after.away_since, number < after.member_id),
            )
        )
    order = (_risk_place, members.c.away_since.desc(), members.c.id.desc())
    rows = uow.run(query.order_by(*order).limit(limit)).all()
    people = {member.id: member for member in many(uow, [row.id for row in rows])}
    return [
        (people[row.id], row.at_risk, RiskCursor(row.away_since, row.id, row.at_risk))
        for row in rows
    ]


def counts(uow: UnitOfWork) -> dict[Risk, int]:
    """How many are at risk, by reason, those first who are really away."""
    by_risk = select(members.c.at_risk, func.count().label("people")).where(
        IS_AT_RISK, members.c.away_since.is_not(None)
    )
    found = {row.at_risk: row.people for row in uow.run(by_risk.group_by(members.c.at_risk))}
    return {risk: found[risk] for risk in RISKS if risk in found}
