"""Reading what sources brought, and whom."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select, true, tuple_

from rules.figures.periods import DaySpan

from ..engine.db import UnitOfWork
from ..members import mergers
from ..members.profiles import CALLED
from ..tables import line_accounts, member_sources, members, profiles, source_figures


def sums(
    uow: UnitOfWork, span: DaySpan, *, source_ids: Collection[int] | None = None
) -> dict[int, dict[str, int]]:
    """By source, the sums of whom joined in the span; of those sources, None: of all. Days are
    read, however many members and visits there were."""
    its = source_figures.c
    mine = its.source_id.in_(source_ids) if source_ids is not None else true()
    rows = uow.run(
        select(its.source_id, its.figure, func.sum(its.value))
        .where(mine, its.day.between(span.first, span.last))
        .group_by(its.source_id, its.figure)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for source_id, figure, value in rows:
        found[source_id][figure] = int(value)
    return found


@dataclass(frozen=True, slots=True)
class CameBySource:
    """Somebody who came by a source."""

    member_id: int
    number: str
    name: str
    joined_on: date
    visits: int
    membership: str


@dataclass(frozen=True, slots=True)
class BroughtPage:
    """Some of whom a source brought, and where the next of them begin; None behind the last."""

    people: list[CameBySource]
    ends_at: tuple[date, int] | None


def people(
    uow: UnitOfWork,
    source_id: int,
    span: DaySpan,
    *,
    after: tuple[date, int] | None = None,
    limit: int,
) -> BroughtPage:
    """Whom it brought in those days, the latest first, behind where the page before ended. Of cards
    that were put together the first is by what somebody came, and the keeper's says who it is: a
    page has so many cards, and may have fewer people."""
    order = (member_sources.c.day, member_sources.c.member_id)
    came = uow.run(
        select(*order)
        .where(
            member_sources.c.source_id == source_id,
            member_sources.c.day.between(span.first, span.last),
            tuple_(*order) < tuple_(*map(literal, after)) if after else true(),
        )
        .order_by(*(each.desc() for each in order))
        .limit(limit + 1)
    ).all()
    owners = mergers.first_cards(uow, [card for _, card in came[:limit]])
    named = (
        select(
            members.c.id, members.c.number, CALLED.label("name"), members.c.visits,
            members.c.membership,
        )
        .outerjoin(profiles, profiles.c.member_id == members.c.id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(members.c.id.in_(list(owners.values())), members.c.erased_at.is_(None))
    )  # fmt: skip
    known = {row.id: row for row in uow.run(named)} if owners else {}
    found = [
        CameBySource(who.id, who.number, who.name, day, who.visits, who.membership)
        for day, card in came[:limit]
        if (who := known.get(owners.get(card, 0))) is not None
    ]
    return BroughtPage(found, tuple(came[limit - 1]) if len(came) > limit else None)


def has_begun_by(uow: UnitOfWork, day: date) -> bool:
    """Whether anybody had joined by then."""
    joined = source_figures.c.figure == "joined"
    query = select(source_figures.c.day).where(joined, source_figures.c.day <= day).limit(1)
    return uow.run(query).first() is not None
