"""What became of those a journey was due to, counted for each side of its test."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from rules.journeys.results import ArmResult

from ..engine.db import UnitOfWork
from ..history.history import LEFT
from ..tables import activities, members, outbox

_INSTANT = outbox.c.queued_at.type
_GONE = or_(members.c.erased_at.is_not(None), members.c.merged_into.is_not(None))


class ArmCounts(NamedTuple):
    """The sides there are, and when the first of their members was queued; None for nobody."""

    sides: tuple[ArmResult, ...]
    first_at: datetime | None


def arm_counts(
    uow: UnitOfWork, journey: str, *, window: timedelta, since: datetime | None, now: datetime
) -> ArmCounts:
    """How those fared for whom that journey (the outbox's name) was queued, or held back, since
    then. Each member has one window, from the first such moment on; visits and leavings that were
    undone were not made. What is sent may be several messages, or an SMS; one that may have arrived
    counts.

    Reads the outbox once, and of each of these members the history.
    """
    fared = _fates(uow, journey, window, since).cte("fared")
    is_over = and_(not_(fared.c.gone), fared.c.ends <= now)
    rows = uow.run(
        select(
            fared.c.held_back,
            fared.c.arm,
            func.min(fared.c.begins, type_=_INSTANT).label("first_at"),
            _sum(is_over, 1).label("complete"),
            _sum(and_(not_(fared.c.gone), fared.c.ends > now), 1).label("still_open"),
            _sum(and_(is_over, fared.c.came), 1).label("came"),
            _sum(and_(is_over, fared.c.left), 1).label("left"),
            _sum(is_over, fared.c.sent).label("sent"),
            _sum(fared.c.gone, 1).label("gone"),
        ).group_by(fared.c.held_back, fared.c.arm)
    ).all()
    sides = tuple(
        ArmResult(r.arm, r.complete, r.still_open, r.came, r.left, int(r.sent), r.gone)
        for r in rows
    )
    return ArmCounts(sides, min((row.first_at for row in rows), default=None))


def _sum(of: ColumnElement[bool], each: Any) -> ColumnElement[int]:
    return func.sum(case((of, each), else_=0))


def _fates(uow: UnitOfWork, journey: str, window: timedelta, since: datetime | None) -> Select[Any]:
    """A row for each member: which side, the window, and what happened in it."""
    its = _windows(uow, journey, window, since).cte("its")
    did, out = _comings(its).cte("did"), _sendings(its, journey).cte("out")
    return (
        select(
            its,
            _GONE.label("gone"),
            (func.coalesce(did.c.visits, 0) > 0).label("came"),
            (func.coalesce(did.c.leavings, 0) > 0).label("left"),
            func.coalesce(out.c.messages, 0).label("sent"),
        )
        .join(members, members.c.id == its.c.member_id)
        .outerjoin(did, did.c.member_id == its.c.member_id)
        .outerjoin(out, out.c.member_id == its.c.member_id)
    )


def _windows(
    uow: UnitOfWork, journey: str, window: timedelta, since: datetime | None
) -> Select[Any]:
    """Each member's first row of that journey since then, as a window on a side."""
    is_held_back = outbox.c.status == "held_out"
    turn = func.row_number().over(
        partition_by=outbox.c.member_id, order_by=(outbox.c.queued_at, outbox.c.period)
    )
    rows = (
        select(
            outbox.c.member_id,
            is_held_back.label("held_back"),
            case((is_held_back, None), else_=outbox.c.arm).label("arm"),
            outbox.c.queued_at.label("begins"),
            _after(uow, outbox.c.queued_at, window).label("ends"),
            turn.label("turn"),
        )
        .where(
            outbox.c.journey == journey, true() if since is None else outbox.c.queued_at >= since
        )
        .cte("theirs")
    )
    return select(rows).where(rows.c.turn == 1)


def _comings(its: CTE) -> Select[Any]:
    """How often each member came, and left, in the window; nobody who did neither."""
    what = activities.c.what
    came, left = what.like("Visit %"), what == LEFT
    return (
        select(
            its.c.member_id,
            _sum(came, 1).label("visits"),
            _sum(left, 1).label("leavings"),
        )
        .join(activities, activities.c.member_id == its.c.member_id)
        .where(
            or_(came, left),
            activities.c.undone_at.is_(None),
            activities.c.at >= its.c.begins,
            activities.c.at < its.c.ends,
        )
        .group_by(its.c.member_id)
    )


def _sendings(its: CTE, journey: str) -> Select[Any]:
    """How many of that journey's messages each member was sent in the window."""
    at = func.coalesce(outbox.c.sent_at, outbox.c.first_tried_at)
    return (
        select(its.c.member_id, func.count().label("messages"))
        .join(outbox, outbox.c.member_id == its.c.member_id)
        .where(
            outbox.c.journey == journey,
            outbox.c.status.in_(("sent", "uncertain")),
            at >= its.c.begins,
            at < its.c.ends,
        )
        .group_by(its.c.member_id)
    )


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
