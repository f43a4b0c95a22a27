"""What became of those a journey was due to, counted for each side of its test."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Exists,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from rules.journeys.counts import SideCounts
from rules.science.difference import SideSums

from ..engine.db import UnitOfWork
from ..history.history import LEFT
from ..members.profiles import CALLED
from ..tables import activities, line_accounts, members, outbox, profiles

_INSTANT = outbox.c.queued_at.type
_GONE = or_(members.c.erased_at.is_not(None), members.c.merged_into.is_not(None))
#: Not so who was drawn to an arm that is for others.
_IS_HELD_BACK = and_(outbox.c.status == "held_out", outbox.c.reason.is_(None))
_IS_SENT = outbox.c.status.in_(("sent", "uncertain"))


class JourneyCounts(NamedTuple):
    """The sides there are, and when the first of their episodes began; None for none."""

    sides: tuple[SideCounts, ...]
    first_at: datetime | None


def journey_counts(
    uow: UnitOfWork, journey: str, *, window: timedelta, since: datetime | None, now: datetime
) -> JourneyCounts:
    """How those fared for whom that journey (the outbox's name) was queued, or held back, since
    then.

    Each row that was drawn for its episode has a window of its own. Rows of before were drawn for
    each member once: a member's window begins with the first of them, and they are told apart by a
    share of None. Visits and leavings that were undone were not made. What is sent may be an SMS;
    one that may have arrived counts.

    Reads of the outbox this journey's rows, by their index, and of these members the history.
    """
    fared = _fates(_windows(uow, journey, window, since).cte("its")).cte("fared")
    kept = not_(fared.c.gone)
    is_over = and_(kept, fared.c.ends <= now)
    came = and_(is_over, fared.c.came)
    rows = uow.run(
        select(
            fared.c.arm,
            fared.c.share,
            func.min(fared.c.begins, type_=_INSTANT).label("first_at"),
            _sum(is_over, 1).label("complete"),
            _sum(is_over, fared.c.chance).label("x"),
            _sum(is_over, fared.c.chance * fared.c.chance).label("xx"),
            _sum(came, 1).label("came"),
            _sum(came, fared.c.chance).label("xy"),
            _sum(and_(kept, fared.c.ends > now), 1).label("still_open"),
            _sum(and_(is_over, fared.c.left), 1).label("left"),
            _sum(is_over, fared.c.sent).label("sent"),
            _sum(fared.c.gone, 1).label("gone"),
        ).group_by(fared.c.arm, fared.c.share)
    ).all()
    sides = tuple(
        SideCounts(
            row.arm,
            row.share,
            SideSums(row.complete, float(row.x), float(row.xx), row.came, float(row.xy)),
            still_open=row.still_open,
            left=row.left,
            sent=int(row.sent),
            gone=row.gone,
        )
        for row in rows
    )
    return JourneyCounts(sides, min((row.first_at for row in rows), default=None))


class CameAfter(NamedTuple):
    """A member who came in the days of a message."""

    member_id: int
    number: str
    name: str
    sent_at: datetime
    came_at: datetime


class SentPlace(NamedTuple):
    """Where a page of messages ended."""

    at: datetime
    member_id: int


class CamePage(NamedTuple):
    """Who came of a page of messages, the newest first; where the next begins, None for none."""

    people: tuple[CameAfter, ...]
    messages: int
    #: Of how many of these messages the days aren't over.
    still_open: int
    next_at: SentPlace | None


@dataclass(frozen=True, slots=True)
class SentAsked:
    """Of which journey (the outbox's name), in which days each may come, and since when."""

    journey: str
    window: timedelta
    since: datetime | None
    now: datetime
    after: SentPlace | None = None


def came_after(uow: UnitOfWork, asked: SentAsked, *, limit: int) -> CamePage:
    """Who came after one of `limit` messages of that journey, the newest first; those before it are
    of pages before. Not who was erased since, or joined to another card."""
    its, begins = outbox.c, outbox.c.queued_at
    found = (
        select(
            its.member_id,
            begins.label("begins"),
            _after(uow, begins, asked.window).label("ends"),
            func.coalesce(its.sent_at, its.first_tried_at, begins).label("sent_at"),
        )
        .where(its.arm.is_not(None), its.journey == asked.journey, _IS_SENT)
        .order_by(begins.desc(), its.member_id.desc())
        .limit(limit)
    )
    if asked.since is not None:
        found = found.where(begins >= asked.since)
    if asked.after is not None:
        at, member_id = asked.after
        found = found.where(or_(begins < at, and_(begins == at, its.member_id < member_id)))
    sent = found.cte("sent")
    visit = and_(
        activities.c.member_id == sent.c.member_id,
        activities.c.what.like("Visit %"),
        activities.c.undone_at.is_(None),
        activities.c.at >= sent.c.begins,
        activities.c.at < sent.c.ends,
    )
    first = select(func.min(activities.c.at, type_=_INSTANT)).where(visit).scalar_subquery()
    rows = uow.run(
        select(
            sent.c.member_id,
            members.c.number,
            CALLED.label("name"),
            type_coerce(sent.c.sent_at, _INSTANT).label("sent_at"),
            type_coerce(first, _INSTANT).label("came_at"),
            sent.c.begins,
            _GONE.label("gone"),
            (sent.c.ends > asked.now).label("is_open"),
        )
        .join(members, members.c.id == sent.c.member_id)
        .outerjoin(profiles, profiles.c.member_id == sent.c.member_id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .order_by(sent.c.begins.desc(), sent.c.member_id.desc())
    ).all()
    last = rows[-1] if len(rows) == limit else None
    return CamePage(
        tuple(CameAfter(*row[:5]) for row in rows if row.came_at and not row.gone),
        len(rows),
        sum(bool(row.is_open) for row in rows),
        SentPlace(last.begins, last.member_id) if last else None,
    )


def _sum(of: ColumnElement[bool], each: Any) -> ColumnElement[Any]:
    return func.sum(case((of, each), else_=0))


def _fates(its: CTE) -> Select[Any]:
    """A row for each episode: which side, the window, and what happened in it."""
    return select(
        its,
        _GONE.label("gone"),
        _happened(its, activities.c.what.like("Visit %")).label("came"),
        _happened(its, activities.c.what == LEFT).label("left"),
    ).join(members, members.c.id == its.c.member_id)


def _happened(its: CTE, what: ColumnElement[bool]) -> Exists:
    return exists().where(
        activities.c.member_id == its.c.member_id,
        what,
        activities.c.undone_at.is_(None),
        activities.c.at >= its.c.begins,
        activities.c.at < its.c.ends,
    )


def _windows(
    uow: UnitOfWork, journey: str, window: timedelta, since: datetime | None
) -> Select[Any]:
    """Each episode of that journey since then, as a window on a side; of rows of before, each
    member's first, with the messages that followed in its window."""
    is_episode = outbox.c.chance.is_not(None)
    of_member = (outbox.c.member_id, is_episode)
    begins = case(
        (is_episode, outbox.c.queued_at),
        else_=func.min(outbox.c.queued_at, type_=_INSTANT).over(partition_by=of_member),
    )
    first = (outbox.c.queued_at, outbox.c.period)
    rows = (
        select(
            outbox.c.member_id,
            case((_IS_HELD_BACK, None), else_=outbox.c.arm).label("arm"),
            outbox.c.share,
            func.coalesce(outbox.c.chance, literal(0.0)).label("chance"),
            is_episode.label("is_episode"),
            type_coerce(begins, _INSTANT).label("begins"),
            case((_IS_SENT, func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at))).label("at"),
            func.row_number().over(partition_by=of_member, order_by=first).label("turn"),
        )
        # Without an arm nothing is of a test; the index is of those with one.
        .where(outbox.c.arm.is_not(None), outbox.c.journey == journey)
        .where(true() if since is None else outbox.c.queued_at >= since)
        .cte("drawn")
    )
    ends = _after(uow, rows.c.begins, window)
    in_time = case((and_(rows.c.at >= rows.c.begins, rows.c.at < ends), 1), else_=0)
    all_sent = func.sum(in_time).over(partition_by=(rows.c.member_id, rows.c.is_episode))
    sent = case((rows.c.is_episode, in_time), else_=all_sent)
    each = select(rows, ends.label("ends"), sent.label("sent")).cte("each")
    return select(each).where(or_(each.c.is_episode, each.c.turn == 1))


def _after(
    uow: UnitOfWork, at: ColumnElement[datetime], span: timedelta
) -> ColumnElement[datetime]:
    """That instant and `span` of whole seconds: the days of no calendar, but 24 hours each."""
    seconds = int(span.total_seconds())
    if not uow.is_sqlite:
        return type_coerce(at + func.make_interval(0, 0, 0, 0, 0, 0, seconds), _INSTANT)
    # It keeps text and reckons in whole seconds; what is behind them stays as it is.
    text = func.datetime(at, f"+{seconds} seconds").concat(func.substr(at, 20))
    return type_coerce(text, _INSTANT)
