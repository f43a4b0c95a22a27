"""What the owner's Monday asks of many members. Each question is one statement by an index, and
whoever is read is one of a few."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select

from rules.facts import VISITS_TO_KNOW
from rules.figures.periods import DaySpan
from rules.figures.sums import ALL
from rules.figures.values import Sums
from rules.monday.matters import COUNTED_MAX, Drifting

from ..engine.db import UnitOfWork
from ..messages.crowds import CrowdAsked, are_meant
from ..tables import figures, lots, members
from ..tables.club import STANDS

#: Of so many whose days ran out lately, those who came most often, it is asked whether they are
#: gone, and whether a rank goes with them.
LOOKED_AT = 80
#: Of so many who bring others it is asked whether they stay away, and they brought so many.
_BRINGING, _BROUGHT_MIN = 3, 2
#: And of those of a store alone, that so many of all are looked through for.
LOOKED_THROUGH = 400
#: So long it is asked of somebody who drifts.
_LATELY = timedelta(days=120)
_LATE = members.alias("late")


def sums_of_stores(
    uow: UnitOfWork, names: Collection[str], span: DaySpan, *, stores: Collection[str]
) -> dict[str, Sums]:
    """What is kept under these names, for each of the stores (ALL is one), of any rank."""
    its = and_(
        figures.c.store.in_(sorted(stores)),
        figures.c.rank == ALL,
        figures.c.figure.in_(sorted(names)),
    )
    before = (
        select(figures.c.store, figures.c.figure, func.sum(figures.c.value))
        .where(its, figures.c.day < span.first)
        .group_by(figures.c.store, figures.c.figure)
    )
    days = select(figures.c.store, figures.c.figure, figures.c.day, figures.c.value).where(
        its, figures.c.day >= span.first, figures.c.day <= span.last
    )
    earlier: dict[str, dict[str, int]] = {each: {} for each in stores}
    daily: dict[str, list[tuple[str, date, int]]] = {each: [] for each in stores}
    for store, kept, value in uow.run(before):
        earlier[store][kept] = int(value)
    for store, kept, day, value in uow.run(days):
        daily[store].append((kept, day, value))
    return {each: Sums(span, earlier[each], daily[each]) for each in stores}


def drifting(uow: UnitOfWork, asked: CrowdAsked, *, after: date) -> Drifting:
    """How many of those, who were noted as drifting, there are, and how many began to after that
    day: of `COUNTED_MAX` at the most."""
    # By its own index: few began on those days of the many who drift.
    lately = select(_LATE.c.id).where(
        _LATE.c.at_risk.is_not(None), _LATE.c.drift_on > after, _LATE.c.drift_on <= asked.day
    )
    found = _counted(uow, asked)
    return Drifting(
        people=sum(found.values()),
        new=sum(_counted(uow, asked, members.c.id.in_(lately)).values()),
        lapsed=sum(count for (risk, _), count in found.items() if risk == "lapsed"),
        once=sum(count for (_, once), count in found.items() if once),
    )


def _counted(
    uow: UnitOfWork, asked: CrowdAsked, *which: ColumnElement[bool]
) -> dict[tuple[str, bool], int]:
    """By what was noted of them, and whether they came once in their life."""
    some = select(members.c.id).where(*are_meant(everywhere(asked)), *which).limit(COUNTED_MAX)
    once = members.c.visits == 1
    query = select(members.c.at_risk, once.label("once"), func.count()).where(
        members.c.id.in_(some), *(are_meant(asked) if asked.also else ())
    )
    rows = uow.run(query.group_by(members.c.at_risk, once))
    return {(risk, bool(once)): int(count) for risk, once, count in rows}


def everywhere(asked: CrowdAsked) -> CrowdAsked:
    """The same of all stores: whose somebody is takes a look into their history."""
    return CrowdAsked(asked.whom, asked.shop, asked.day, asked.ladder)


def theirs(uow: UnitOfWork, asked: CrowdAsked, ids: Sequence[int]) -> list[int]:
    """Those of them who are asked for, in that order."""
    if not asked.also or not ids:
        return list(ids)
    query = select(members.c.id).where(*are_meant(asked), members.c.id.in_(list(ids)))
    found = set(uow.run(query).scalars())
    return [each for each in ids if each in found]


_BROUGHT = members.alias("brought")


def drifting_who_bring(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """And of those who brought others, by how many these are."""
    drifts = exists().where(members.c.id == _BROUGHT.c.referred_by, *are_meant(asked))
    stands = and_(
        _BROUGHT.c.referred_by.is_not(None),
        _BROUGHT.c.erased_at.is_(None),
        _BROUGHT.c.merged_into.is_(None),
    )
    brought = (
        select(_BROUGHT.c.referred_by)
        .where(stands)
        .group_by(_BROUGHT.c.referred_by)
        .having(and_(func.count() >= _BROUGHT_MIN, drifts))
        .order_by(func.count().desc(), _BROUGHT.c.referred_by)
    )
    return list(uow.run(brought.limit(_BRINGING)).scalars())


def most_frequent_adrift(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """Of those who began to drift within four months and have a rhythm, who came most often."""
    adrift = and_(
        members.c.drift_on > asked.day - _LATELY, members.c.drift_on <= asked.day,
        members.c.membership == "active", members.c.visits >= VISITS_TO_KNOW,
    )  # fmt: skip
    return _most_frequent(uow, asked, adrift)


def most_frequent_short_of_rank(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """Of those whom this month would cost their rank and who come as ever, who came most often; of
    the newest `COUNTED_MAX` members, where they are more."""
    some = select(members.c.id).where(members.c.at_risk == "rank").order_by(members.c.id.desc())
    return _most_frequent(uow, asked, members.c.id.in_(some.limit(COUNTED_MAX)))


def _most_frequent(uow: UnitOfWork, asked: CrowdAsked, which: ColumnElement[bool]) -> list[int]:
    """Of whichever store they are, where none is asked for; else so many of all are looked through
    for theirs."""
    limit = LOOKED_THROUGH if asked.also else LOOKED_AT
    order = (members.c.visits.desc(), members.c.id)
    query = select(members.c.id).where(*are_meant(everywhere(asked)), which)
    found = list(uow.run(query.order_by(*order).limit(limit)).scalars())
    if not asked.also or not found:
        return found
    theirs = select(members.c.id).where(*are_meant(asked), members.c.id.in_(found))
    return list(uow.run(theirs.order_by(*order).limit(LOOKED_AT)).scalars())


def highest_balance(uow: UnitOfWork) -> int:
    """How many points the member has who has most."""
    highest = select(members.c.balance).where(
        members.c.erased_at.is_(None), members.c.merged_into.is_(None)
    )
    return int(uow.run(highest.order_by(members.c.balance.desc()).limit(1)).scalar() or 0)


def count_born_in(uow: UnitOfWork, month: int) -> int:
    """How many active members have their birthday in that month, of `COUNTED_MAX` at the most."""
    born = (members.c.birth_month == month, members.c.membership == "active", STANDS)
    some = select(members.c.id).where(*born).limit(COUNTED_MAX).subquery("some")
    return int(uow.run(select(func.count()).select_from(some)).scalar_one())


def count_with_points_ending(uow: UnitOfWork, span: DaySpan) -> int:
    """Of how many members points run out on these days, unless they are used; of `COUNTED_MAX` at
    the most, and of nobody who left: nobody uses theirs."""
    within = (lots.c.expires_on >= span.first, lots.c.expires_on <= span.last, lots.c.left > 0)
    theirs = select(lots.c.member_id).join(members, members.c.id == lots.c.member_id)
    here = theirs.where(*within, members.c.membership != "left").distinct()
    some = here.limit(COUNTED_MAX).subquery("some")
    return int(uow.run(select(func.count()).select_from(some)).scalar_one())


def next_expiry(uow: UnitOfWork, day: date) -> date | None:
    """The first day from that one on, on which points run out."""
    within = (lots.c.expires_on >= day, lots.c.left > 0)
    first = select(lots.c.expires_on).where(*within).order_by(lots.c.expires_on).limit(1)
    return uow.run(first).scalar()
