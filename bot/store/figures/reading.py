"""Reading the sums, and who stands behind a figure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, literal, select, true, tuple_

from rules.figures.periods import DaySpan
from rules.figures.values import Sums

from ..engine.db import UnitOfWork
from ..members.profiles import CALLED
from ..tables import figure_marks, figures, line_accounts, members, profiles


def sums(uow: UnitOfWork, names: Collection[str], span: DaySpan, *, store: str, rank: str) -> Sums:
    """What is kept under these names, of a store and a rank or "" for all of them: days are read,
    however many visits there were."""
    its = and_(
        figures.c.store == store, figures.c.rank == rank, figures.c.figure.in_(sorted(names))
    )
    before = (
        select(figures.c.figure, func.sum(figures.c.value))
        .where(its, figures.c.day < span.first)
        .group_by(figures.c.figure)
    )
    days = select(figures.c.figure, figures.c.day, figures.c.value).where(
        its, figures.c.day >= span.first, figures.c.day <= span.last
    )
    earlier = {kept: int(value) for kept, value in uow.run(before)}
    return Sums(span, earlier, ((kept, day, value) for kept, day, value in uow.run(days)))


@dataclass(frozen=True, slots=True)
class Counted:
    """Somebody whom a figure counted."""

    member_id: int
    #: The card's; the name is empty where nobody knows it.
    number: str
    name: str
    #: The last day on which it counted them, and the rank they held then.
    day: date
    rank: str


#: Where a page of people ended.
Place = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Behind:
    """Who is asked for: those whom a figure counted since `first`, at a store and with a rank (""
    for any), behind where the page before ended."""

    name: str
    store: str
    rank: str
    first: date
    after: Place | None
    #: Until then, where not until today; and of a cohort who came in that month after it.
    last: date | None = None
    month: int = 0
    #: Whether only who is a member now is one of them.
    is_here: bool = False


def people(uow: UnitOfWork, asked: Behind, *, limit: int) -> list[Counted]:
    """Those who stand behind a figure, the latest first."""
    order = (figure_marks.c.day, figure_marks.c.member_id)
    found = (
        select(
            figure_marks.c.member_id,
            members.c.number,
            CALLED.label("name"),
            figure_marks.c.day,
            figure_marks.c.rank,
        )
        .join(members, members.c.id == figure_marks.c.member_id)
        .outerjoin(profiles, profiles.c.member_id == figure_marks.c.member_id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .where(
            figure_marks.c.figure == asked.name,
            figure_marks.c.store == asked.store,
            figure_marks.c.day >= asked.first,
            figure_marks.c.day <= asked.last if asked.last else true(),
            figure_marks.c.rank == asked.rank if asked.rank else true(),
            members.c.membership != "left" if asked.is_here else true(),
            figure_marks.c.months.op("&")(1 << asked.month) != 0 if asked.month else true(),
            tuple_(*order) < tuple_(*map(literal, asked.after)) if asked.after else true(),
        )
        .order_by(*(each.desc() for each in order))
        .limit(limit)
    )
    return [Counted(*row) for row in uow.run(found)]
