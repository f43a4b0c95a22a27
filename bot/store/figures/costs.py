"""What was given and sent, and what is in members' hands, as it is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, func, insert, select

from rules.checking.losses import MemberHoldings
from rules.figures.periods import DaySpan

from ..engine.db import Store, UnitOfWork
from ..engine.statements import PreparedStatement
from ..tables import (
    IS_SENT,
    cost_figures,
    held_vouchers,
    members,
    message_figures,
    outbox,
)
from ..tables.club import STANDS

_HELD: TypeAdapter[MemberHoldings] = TypeAdapter(MemberHoldings)
#: So many members' vouchers are read in one go.
PAGE = 500
_STANDING = PreparedStatement(
    select(members.c.id, members.c.facts)
    .where(members.c.id > bindparam("after"), STANDS)
    .order_by(members.c.id)
    .limit(PAGE)
)


def given(uow: UnitOfWork, span: DaySpan) -> dict[str, int]:
    """By name (`rules.figures.costs`), how much was given in the span."""
    its = cost_figures.c
    rows = uow.run(
        select(its.name, func.sum(its.value))
        .where(its.day.between(span.first, span.last))
        .group_by(its.name)
    )
    return {name: int(value) for name, value in rows}


# ── Messages ──


def last_day_counted(uow: UnitOfWork) -> date | None:
    """The last day of which messages are counted."""
    found: date | None = uow.run(select(func.max(message_figures.c.day))).scalar()
    return found


def first_sent_at(uow: UnitOfWork) -> datetime | None:
    """When the first of all messages went out."""
    query = select(outbox.c.sent_at).where(IS_SENT, outbox.c.sent_at.is_not(None))
    found: datetime | None = uow.run(query.order_by(outbox.c.sent_at).limit(1)).scalar()
    return found


def count_messages(uow: UnitOfWork, day: date, since: datetime, until: datetime) -> None:
    """Counts what went out by LINE on a day, from `since` up to `until`, in place of what was
    counted of it before."""
    rows = uow.run(
        select(outbox.c.journey, func.count())
        .where(
            IS_SENT,
            outbox.c.channel == "line",
            outbox.c.sent_at >= since,
            outbox.c.sent_at < until,
        )
        .group_by(outbox.c.journey)
    ).all()
    uow.run(delete(message_figures).where(message_figures.c.day == day))
    counted = [{"journey": journey, "day": day, "sent": count} for journey, count in rows]
    # A day without any is known to be counted.
    uow.run(insert(message_figures), counted or [{"journey": "", "day": day, "sent": 0}])


def messages_sent(uow: UnitOfWork, span: DaySpan) -> dict[str, int]:
    """How many messages each journey sent in the span."""
    its = message_figures.c
    rows = uow.run(
        select(its.journey, func.sum(its.sent))
        .where(its.day.between(span.first, span.last), its.journey != "")
        .group_by(its.journey)
    )
    return {journey: int(sent) for journey, sent in rows}


# ── Vouchers in hand ──


@dataclass(frozen=True, slots=True)
class HeldVouchers:
    """Of one reward."""

    reward: str
    in_hand: int
    #: So many of them end within ninety days.
    ends_soon: int
    counted_on: date


def vouchers_held(uow: UnitOfWork) -> list[HeldVouchers]:
    """As they were counted last; one of no reward says when, where nobody has any."""
    return [HeldVouchers(*row) for row in uow.run(select(held_vouchers))]


def count_vouchers(store: Store, day: date, soon: date) -> Iterator[Mapping[str, tuple[int, int]]]:
    """Reads what everybody has in hand on `day`, a page at a time; gives after each, by reward,
    how many there are so far, and of these how many end by `soon`."""
    in_hand, ending, last = Counter[str](), Counter[str](), 0
    while True:
        with store.read() as uow:
            page = uow.ask(_STANDING, {"after": last})
        for member_id, facts in page:
            last = member_id
            for each in _HELD.validate_json(facts).vouchers:
                if each.until >= day:
                    in_hand[each.reward] += 1
                    ending[each.reward] += each.until <= soon
        yield {reward: (count, ending[reward]) for reward, count in in_hand.items()}
        if len(page) < PAGE:
            return


def put_vouchers(uow: UnitOfWork, found: Mapping[str, tuple[int, int]], on: date) -> None:
    uow.run(delete(held_vouchers))
    rows = [
        {"reward": reward, "in_hand": count, "ends_soon": soon, "counted_on": on}
        for reward, (count, soon) in found.items()
    ]
    none = {"reward": "", "in_hand": 0, "ends_soon": 0, "counted_on": on}
    uow.run(insert(held_vouchers), rows or [none])


def birthdays_within(uow: UnitOfWork, months: list[int]) -> int:
    """How many active members have their birthday in one of those months."""
    here = (members.c.birth_month.in_(months), members.c.membership == "active", STANDS)
    return int(uow.run(select(func.count()).select_from(members).where(*here)).scalar_one())
