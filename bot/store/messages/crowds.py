"""Whom a filter finds: counted by one statement, and in pages by their ids."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    ScalarSelect,
    Subquery,
    TextClause,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from rules.broadcasts.broadcast import MOSTLY_DAYS, TOPIC, Reach, Whom
from rules.broadcasts.life import Crowd
from rules.journeys.risk import ABSENT
from rules.outlook.funnel import RHYTHM_DAYS, Stage
from rules.programme.programme import Programme
from rules.sending.policy import DAY, MONTH, WEEK, SendingPolicy
from rules.shop import Shop

from ..engine.db import UnitOfWork
from ..orders import bought
from ..tables import (
    IS_VISIT,
    activities,
    consents,
    line_accounts,
    members,
    outbox,
    profiles,
    rank_changes,
)
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
    #: Whether the club has ranks: who is a regular goes by them.
    ladder: bool = True
    #: What holds for each of them besides.
    also: tuple[Whom, ...] = ()
    #: And of which at least one does, where any is named.
    one_of: tuple[Whom, ...] = ()


def asked_for(
    programme: Programme, whom: Whom, day: date, also: tuple[Whom, ...] = ()
) -> CrowdAsked:
    """Who is asked for on business day `day`."""
    return CrowdAsked(whom, programme.shop, day, programme.ranks is not None, also)


def page(uow: UnitOfWork, asked: CrowdAsked, *, after: int, limit: int) -> list[int]:
    """The ids of the next ones, in their order. Whether each is written is decided later."""
    found = select(members.c.id).where(*are_meant(asked), members.c.id > after)
    return list(uow.run(found.order_by(members.c.id).limit(limit)).scalars())


def size(uow: UnitOfWork, asked: CrowdAsked, among: Sequence[int] | None = None) -> int:
    """How many they are, reached or not; of those ids alone, where some are given."""
    found = select(func.count()).select_from(members).where(*are_meant(asked))
    if among is not None:
        found = found.where(members.c.id.in_(among))
    return int(uow.run(found).scalar_one())


def is_among(uow: UnitOfWork, asked: CrowdAsked, member_id: int) -> bool:
    """Whether that member is one of them."""
    found = select(members.c.id).where(*are_meant(asked), members.c.id == member_id)
    return uow.run(found).first() is not None


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
        .where(*are_meant(asked))
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


def are_meant(asked: CrowdAsked) -> Iterator[ColumnElement[bool] | TextClause]:
    """By what a member's row is one of them; one condition for each thing that is asked."""
    yield STANDS
    for whom in (asked.whom, *asked.also):
        yield is_among_them(asked, whom)
    if asked.one_of:
        yield or_(*(is_among_them(asked, whom) for whom in asked.one_of))


def is_among_them(asked: CrowdAsked, whom: Whom) -> ColumnElement[bool]:
    """Whether a member's row is one of those that `whom` says, by the days of `asked`."""
    return and_(true(), *_by_columns(whom, asked.shop, asked.day), *_by_others(whom, asked))


def _by_columns(whom: Whom, shop: Shop, day: date) -> Iterator[ColumnElement[bool]]:
    """What stands on the member's own row."""
    for column, wanted in (
        (members.c.rank, whom.ranks),
        (members.c.at_risk, whom.risks),
        (members.c.source, whom.sources),
        (members.c.membership, whom.memberships),
        (members.c.language, whom.languages),
    ):
        if wanted:
            yield column.in_(wanted)
    if whom.birth_months:
        yield members.c.birth_month.in_([int(month) for month in whom.birth_months])
    if whom.drifting_since:
        yield members.c.at_risk.in_(ABSENT)
        yield members.c.drift_on.between(whom.drifting_since, day)
    if whom.subscription:
        yield _subscribes(day) == (whom.subscription == "subscribed")
    yield from _came(whom, shop)


def _by_others(whom: Whom, asked: CrowdAsked) -> Iterator[ColumnElement[bool]]:
    """What stands beside it, each found by the member's id."""
    for topic in whom.topics:
        if topic == "newsletter":
            yield members.c.id.in_(newsletters.who_asked())
        else:
            yield ~_left(topic)
    if whom.age_bands:
        yield exists().where(_OF_THEM, _KNOWN.c.age_band.in_(whom.age_bands))
    if whom.interests:
        liked = (_listed(_KNOWN.c.interests, each) for each in whom.interests)
        yield exists().where(_OF_THEM, or_(*liked))
    if whom.reach:
        yield or_(*(_reached(way) for way in whom.reach))
    if whom.stores:
        # Known from the row itself, so that only the visits of who came lately are counted.
        yield members.c.last_visit_at >= asked.shop.opens(_mostly_since(asked.day))
        yield _mostly_at(asked.day).in_(whom.stores)
    if whom.stages:
        yield _of_stages(whom.stages, ladder=asked.ladder)
    if whom.bought:
        days = whom.bought_within
        since = asked.day - timedelta(days=days - 1) if days else None
        yield members.c.id.in_(bought.buyers(whom.bought, since))


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
    """Whether they said no to the topic."""
    return _listed(members.c.topics_left, topic)


def _listed(column: Column[str], word: str) -> ColumnElement[bool]:
    """Whether a list of words with blanks between names this one."""
    return literal(" ").concat(column).concat(" ").contains(f" {word} ", autoescape=True)


# Under names of their own, as whoever asks may have joined the same tables.
_CHAT, _KNOWN = line_accounts.alias("chat"), profiles.alias("known")
_THEIR_CHAT = _CHAT.c.user_id == members.c.line_user_id
_OF_THEM = _KNOWN.c.member_id == members.c.id
#: Whether messages reach them in the chat, and by SMS: they agreed, and said nothing else since.
# Asked of one member after the other: as EXISTS, PostgreSQL joined all accounts to find forty.
BY_LINE = func.coalesce(
    select(~_CHAT.c.blocked).where(_THEIR_CHAT).limit(1).scalar_subquery(), false()
)
_SMS_WORD = (
    select(consents.c.kind)
    .where(consents.c.member_id == members.c.id, consents.c.kind.in_(("sms", "sms_stopped")))
    .order_by(consents.c.at.desc(), consents.c.kind.desc())
    .limit(1)
    .scalar_subquery()
)
BY_SMS = and_(
    exists().where(_OF_THEM, _KNOWN.c.phone != ""),
    func.coalesce(_SMS_WORD, "") == "sms",
)


def _reached(way: Reach) -> ColumnElement[bool]:
    match way:
        case "line":
            return BY_LINE
        case "sms":
            return BY_SMS
    return and_(~BY_LINE, ~BY_SMS)


_MERGED = members.alias("merged")
#: Whose cards are several, and that an activity is of one of a member's: their own, or any that was
#: merged into it, also by way of others. Few have several, and only they are asked for more.
_HAS_SEVERAL = members.c.id.in_(
    select(_MERGED.c.merged_into).where(_MERGED.c.merged_into.is_not(None))
)
_OF_CARD = activities.c.member_id == members.c.id
_OF_ANY_CARD: ColumnElement[bool] = literal_column("""activities.member_id IN (
    WITH RECURSIVE cards (id) AS (
        SELECT members.id UNION ALL
        SELECT merged.id FROM members AS merged JOIN cards ON merged.merged_into = cards.id
        WHERE merged.erased_at IS NULL
    ) SELECT id FROM cards)""")


def _of_theirs(
    ask: Callable[[ColumnElement[bool]], ScalarSelect[Any]],
) -> ColumnElement[Any]:
    """What `ask` finds among a member's own activities."""
    return case((_HAS_SEVERAL, ask(_OF_ANY_CARD)), else_=ask(_OF_CARD))


def _mostly_since(day: date) -> date:
    """The first of the last `MOSTLY_DAYS` days."""
    return day - timedelta(days=MOSTLY_DAYS - 1)


def _mostly_at(day: date) -> ColumnElement[str | None]:
    """Where a member came most often in the last `MOSTLY_DAYS` days; of two alike the first by its
    id."""

    def most(theirs: ColumnElement[bool]) -> ScalarSelect[str]:
        return (
            select(activities.c.store)
            .where(
                theirs,
                activities.c.business_date >= _mostly_since(day),
                IS_VISIT,
                activities.c.store.is_not(None),
            )
            .group_by(activities.c.store)
            .order_by(func.count().desc(), activities.c.store)
            .limit(1)
            .correlate(members)
            .scalar_subquery()
        )

    return _of_theirs(most)


_CAME_OR_BOUGHT = and_(
    activities.c.undone_at.is_(None),
    or_(activities.c.what.like("Visit %"), activities.c.what.like("Purchase %")),
)
_LOOKED = exists().where(_THEIR_CHAT, _CHAT.c.looked_at.is_not(None))
_RANKED = exists().where(
    rank_changes.c.member_id == members.c.id, rank_changes.c.after.is_not(None)
)


def _days_known(most: int) -> ColumnElement[int]:
    """On how many days they came or bought, up to so many: of the history of who came that often
    no more is read."""

    def days(theirs: ColumnElement[bool], what: ColumnElement[bool] | TextClause) -> Any:
        some = (
            select(activities.c.business_date)
            .where(theirs, what)
            .distinct()
            .order_by(activities.c.business_date)
            .limit(most)
            .correlate(members)
            .subquery("some")
        )
        return select(func.count()).select_from(some).scalar_subquery()

    return case(
        (_HAS_SEVERAL, days(_OF_ANY_CARD, _CAME_OR_BOUGHT)),
        (days(_OF_CARD, IS_VISIT) == most, most),
        else_=days(_OF_CARD, _CAME_OR_BOUGHT),
    )


def _of_stages(stages: Sequence[Stage], *, ladder: bool) -> ColumnElement[bool]:
    """Whether they stand at one of these stages, as `rules.outlook.funnel` says it."""
    conditions = _stages(ladder=ladder)
    return or_(*(conditions[each] for each in stages))


def stage(*, ladder: bool) -> ColumnElement[str]:
    """At which stage each stands, as `rules.outlook.funnel` says it; `ladder`: the club has ranks.
    Of their history no more is read than tells it."""
    conditions = _stages(ladder=ladder)
    return case(*((condition, literal(name)) for name, condition in conditions.items()))


def _stages(*, ladder: bool) -> dict[Stage, ColumnElement[bool]]:
    days = _days_known(3 if ladder else RHYTHM_DAYS)
    is_regular = and_(_RANKED, days >= 3) if ladder else days >= RHYTHM_DAYS
    return {
        "aware": and_(~_LOOKED, days == 0),
        "interested": and_(_LOOKED, days == 0),
        "comparing": days == 1,
        "buying": and_(days >= 2, ~is_regular),
        "after": is_regular,
    }
