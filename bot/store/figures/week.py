"""What the owner's Monday asks of many members. Each question is one statement by an index, and
whoever is read is one of a few."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from rules.facts import VISITS_TO_KNOW
from rules.figures.periods import DaySpan
from rules.figures.sums import ALL
from rules.figures.values import Sums

from ..engine.db import UnitOfWork
from ..members.profiles import CALLED
from ..messages.crowds import CrowdAsked, are_meant
from ..tables import figures, line_accounts, lots, members, profiles

#: Of so many whose days ran out lately, those who came most often, it is asked whether they are
#: gone, and whether a rank goes with them.
LOOKED_AT = 120
#: And of those of a store alone, that so many of all are looked through for.
_LOOKED_THROUGH = 480
#: So long it is asked of somebody who drifts.
_LATELY = timedelta(days=180)


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


def count_drifting(uow: UnitOfWork, asked: CrowdAsked, *, after: date) -> int:
    """How many of them began to drift after that day, up to and with the day it is asked on."""
    found = (
        select(func.count())
        .select_from(members)
        .where(
            *are_meant(asked), members.c.drift_on > after, members.c.drift_on <= asked.day,
            members.c.membership == "active",
        )
    )  # fmt: skip
    return int(uow.run(found).scalar_one())


def most_frequent_adrift(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """Of those who began to drift within half a year and have a rhythm, who came most often."""
    adrift = and_(
        members.c.drift_on > asked.day - _LATELY, members.c.drift_on <= asked.day,
        members.c.membership == "active", members.c.visits >= VISITS_TO_KNOW,
    )  # fmt: skip
    return _most_frequent(uow, asked, adrift)


def most_frequent_short_of_rank(uow: UnitOfWork, asked: CrowdAsked) -> list[int]:
    """Of those whom this month would cost their rank and who come as ever, who came most often."""
    return _most_frequent(uow, asked, members.c.at_risk == "rank")


def _most_frequent(uow: UnitOfWork, asked: CrowdAsked, which: ColumnElement[bool]) -> list[int]:
    """Whom a store's own are is asked of few alone: it takes a look into the history of each."""
    everybody = CrowdAsked(asked.whom, asked.shop, asked.day, asked.ladder)
    limit = _LOOKED_THROUGH if asked.also else LOOKED_AT
    order = (members.c.visits.desc(), members.c.id)
    query = select(members.c.id).where(*are_meant(everybody), which)
    found = list(uow.run(query.order_by(*order).limit(limit)).scalars())
    if not asked.also or not found:
        return found
    theirs = select(members.c.id).where(*are_meant(asked), members.c.id.in_(found))
    return list(uow.run(theirs.order_by(*order).limit(LOOKED_AT)).scalars())


def names(uow: UnitOfWork, ids: Collection[int]) -> dict[int, str]:
    """What those members are called; empty where nobody knows."""
    if not ids:
        return {}
    rows = uow.run(
        select(members.c.id, CALLED)
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(list(ids)))
    )
    return {row[0]: row[1] for row in rows}


def highest_balance(uow: UnitOfWork) -> int:
    """How many points the member has who has most."""
    highest = select(members.c.balance).where(
        members.c.erased_at.is_(None), members.c.merged_into.is_(None)
    )
    return int(uow.run(highest.order_by(members.c.balance.desc()).limit(1)).scalar() or 0)


def count_born_in(uow: UnitOfWork, month: int) -> int:
    """How many active members have their birthday in that month."""
    born = (members.c.birth_month == month, members.c.membership == "active")
    return int(uow.run(select(func.count()).select_from(members).where(*born)).scalar_one())


@dataclass(frozen=True, slots=True)
class PointsRunningOut:
    """Points that run out within some days."""

    members: int = 0
    points: int = 0


def expiring(uow: UnitOfWork, span: DaySpan) -> PointsRunningOut:
    """What runs out on these days, unless it is used."""
    within = (lots.c.expires_on >= span.first, lots.c.expires_on <= span.last, lots.c.left > 0)
    counted = select(
        func.count(lots.c.member_id.distinct()), func.coalesce(func.sum(lots.c.left), 0)
    )
    people, points = uow.run(counted.where(*within)).one()
    return PointsRunningOut(int(people), int(points))
