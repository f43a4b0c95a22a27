"""Whom a broadcast finds: counted by one statement, and in pages by their ids."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from rules.broadcasts.broadcast import MOSTLY_DAYS, TOPIC, Whom
from rules.broadcasts.life import Crowd
from rules.sending.policy import DAY, MONTH, WEEK, SendingPolicy
from rules.shop import Shop

from ..engine.db import UnitOfWork
from ..tables import activities, line_accounts, members, outbox
from ..tables.club import STANDS
from . import newsletters
from .outbox_by_member import COUNTS, TRIED_AT


@dataclass(frozen=True, slots=True)
class CrowdAsked:
    """Who is asked for, and by which days."""

    whom: Whom
    shop: Shop
    #: The business day it is.
    day: date


def page(uow: UnitOfWork, asked: CrowdAsked, *, after: int, limit: int) -> list[int]:
    """The ids of the next ones, in their order. Whether each is written is decided later."""
    found = select(members.c.id).where(*_are_meant(asked), STANDS, members.c.id > after)
    return list(uow.run(found.order_by(members.c.id).limit(limit)).scalars())


def count(uow: UnitOfWork, asked: CrowdAsked, policy: SendingPolicy, now: datetime) -> Crowd:
    """How many they are, by what would become of a message to them now: as `may_send` judges."""
    got = _got(now)
    is_full = or_(
        got.c.of_day >= policy.per_day_max,
        got.c.of_week >= policy.per_week_max,
        got.c.of_month >= policy.per_month_max,
    )
    fate = case(
        (line_accounts.c.blocked.is_(True), "blocked"),
        (line_accounts.c.user_id.is_(None), "unreachable"),
        (members.c.membership == "left", "left"),
        (members.c.membership == "paused", "paused"),
        (_left(TOPIC), "topic"),
        (is_full, "cap"),
        else_="ok",
    )
    counted = (
        select(fate.label("fate"), func.count())
        .select_from(members)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .outerjoin(got, got.c.member_id == members.c.id)
        .where(*_are_meant(asked), STANDS)
        .group_by(fate)
    )
    return Crowd({why: int(how_many) for why, how_many in uow.run(counted)})


def _got(now: datetime) -> Subquery:
    """How many messages with a topic each member got lately."""

    def within(span: timedelta) -> ColumnElement[int]:
        return func.sum(case((now - span < TRIED_AT, 1), else_=0))

    return (
        select(
            outbox.c.member_id,
            within(DAY).label("of_day"),
            within(WEEK).label("of_week"),
            within(MONTH).label("of_month"),
        )
        .where(COUNTS, now - MONTH < TRIED_AT)
        .group_by(outbox.c.member_id)
        .subquery("got")
    )


def _are_meant(asked: CrowdAsked) -> Iterator[ColumnElement[bool]]:
    whom, shop = asked.whom, asked.shop
    for column, wanted in (
        (members.c.rank, whom.ranks),
        (members.c.at_risk, whom.risks),
        (members.c.language, whom.languages),
    ):
        if wanted:
            yield column.in_(wanted)
    if whom.birth_months:
        yield members.c.birth_month.in_([int(month) for month in whom.birth_months])
    if whom.subscription:
        yield _subscribes(asked.day) == (whom.subscription == "subscribed")
    yield from _came(whom, shop)
    for topic in whom.topics:
        if topic == "newsletter":
            yield members.c.id.in_(newsletters.who_asked())
        else:
            yield ~_left(topic)
    if whom.stores:
        yield members.c.id.in_(_mostly_at(whom.stores, asked.day))


def _subscribes(day: date) -> ColumnElement[bool]:
    """Whether they subscribe to something on that day."""
    within = and_(members.c.subscribed_from <= day, members.c.subscribed_until >= day)
    return func.coalesce(within, false())


def _came(whom: Whom, shop: Shop) -> Iterator[ColumnElement[bool]]:
    """When they joined, and came."""
    if whom.joined_since:
        yield members.c.joined_at >= shop.opens(whom.joined_since)
    if whom.visited_since:
        yield members.c.last_visit_at >= shop.opens(whom.visited_since)
    if whom.visited_before:
        yield members.c.last_visit_at < shop.opens(whom.visited_before)


def _left(topic: str) -> ColumnElement[bool]:
    """Whether they said no to the topic: their list is of words with blanks between."""
    listed = literal(" ").concat(members.c.topics_left).concat(" ")
    return listed.like(f"% {topic} %")


def _mostly_at(stores: tuple[str, ...], day: date) -> Select[tuple[int]]:
    """Who came most often to one of these in the last `MOSTLY_DAYS` days; of two alike the first by
    its id."""
    cards = members.alias("cards")
    whose = func.coalesce(cards.c.merged_into, cards.c.id)
    place = func.row_number().over(
        partition_by=whose, order_by=(func.count().desc(), activities.c.store)
    )
    found = (
        select(whose.label("member_id"), activities.c.store, place.label("place"))
        .join_from(activities, cards, cards.c.id == activities.c.member_id)
        .where(
            activities.c.business_date > day - timedelta(days=MOSTLY_DAYS),
            activities.c.what.like("Visit %"),
            activities.c.undone_at.is_(None),
            activities.c.store.is_not(None),
        )
        .group_by(whose, activities.c.store)
        .subquery("came")
    )
    return select(found.c.member_id).where(found.c.place == 1, found.c.store.in_(stores))
