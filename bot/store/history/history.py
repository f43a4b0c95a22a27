"""A member's history: activities as they happened, and the rank changes that followed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter
from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from rules.activity import (
    Absorbed,
    Activity,
    BirthdayTold,
    MembershipChanged,
    Merged,
    Redemption,
    What,
)
from rules.judging import carried
from rules.judging.replay import RecordedActivity
from rules.programme.ranks import RankChange

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, insert_statement, of_many
from ..tables import activities, members, rank_changes
from ..tables.types import BigInt

_KINDS = {kind.__name__: TypeAdapter(kind) for kind in get_args(What)}


def _dump(what: What) -> str:
    kind = type(what).__name__
    return f"{kind} {_KINDS[kind].dump_json(what).decode()}"


#: How it is written that somebody left (退会).
LEFT = _dump(MembershipChanged("left"))


def read_what(text: str) -> What:
    """An activity as a row keeps it."""
    kind, _, details = text.partition(" ")
    what: What = _KINDS[kind].validate_json(details)
    return what


_INSERT = insert_statement(
    activities,
    *(column.name for column in activities.columns if not column.name.startswith("undone_")),
)
_STANDS = activities.c.undone_at.is_(None)


@dataclass(frozen=True, slots=True)
class ActivityAdded:
    """That an activity was added to a member's history."""

    member_id: int
    seq: int
    activity: Activity


@dataclass(frozen=True, slots=True)
class ActivitiesUndone:
    """That activities were taken out of a member's history."""

    member_id: int
    seqs: tuple[int, ...]


def add(
    uow: UnitOfWork,
    member_id: int,
    seq: int,
    activity: Activity,
    *,
    version: int,
    key: str,
    recorded_at: datetime,
) -> None:
    """Appends one activity as number `seq` of the member's history."""
    row = {
        "member_id": member_id,
        "seq": seq,
        "what": _dump(activity.what),
        "at": activity.at,
        "recorded_at": recorded_at,
        "business_date": activity.day,
        "made_by": activity.by,
        "store": activity.store,
        "holiday": activity.holiday,
        "switches": " ".join(activity.switches),
        "segments": " ".join(activity.segments),
        "version": version,
        "key": key,
    }
    uow.write(_INSERT, [row])
    uow.journal.append(ActivityAdded(member_id, seq, activity))


_ALL = PreparedStatement(
    select(activities)
    .where(activities.c.member_id == bindparam("member"), _STANDS)
    .order_by(activities.c.seq)
)


def of(uow: UnitOfWork, member_id: int) -> list[RecordedActivity]:
    """The whole history, without what was undone, in the order of recording."""
    # Most visits are alike: each kind of them is read once.
    load = cache(read_what)
    return [_recorded_activity(row, load) for row in uow.ask(_ALL, {"member": member_id})]


_ALL_OF = of_many(
    select(activities).where(_STANDS).order_by(activities.c.member_id, activities.c.seq),
    activities.c.member_id,
    "members",
)


def of_crowd(
    uow: UnitOfWork, member_ids: Collection[int]
) -> dict[int, list[tuple[RecordedActivity, str]]]:
    """The same of many members, each with the outside key under which it was recorded."""
    load = cache(read_what)
    found: dict[int, list[tuple[RecordedActivity, str]]] = {each: [] for each in member_ids}
    for row in uow.ask(_ALL_OF, {"members": member_ids}):
        found[row.member_id].append((_recorded_activity(row, load), row.key))
    return found


def one(uow: UnitOfWork, member_id: int, seq: int) -> RecordedActivity | None:
    """Activity `seq` of the member, if it stands."""
    mine = (activities.c.member_id == member_id, activities.c.seq == seq, _STANDS)
    row = uow.run(select(activities).where(*mine)).first()
    return _recorded_activity(row) if row else None


def latest(
    uow: UnitOfWork, member_id: int, *, limit: int, before: int | None = None
) -> list[RecordedActivity]:
    """The newest `limit` activities, newest first; only those below number `before` if given.
    What was undone is left out.
    """
    mine = select(activities).where(activities.c.member_id == member_id, _STANDS)
    if before is not None:
        mine = mine.where(activities.c.seq < before)
    return [
        _recorded_activity(row)
        for row in uow.run(mine.order_by(activities.c.seq.desc()).limit(limit))
    ]


_LAST_VISIT = PreparedStatement(
    select(activities)
    .where(
        activities.c.member_id == bindparam("member"),
        _STANDS,
        activities.c.what.like("Visit %"),
        or_(activities.c.at <= bindparam("moment"), activities.c.business_date == bindparam("day")),
    )
    .order_by(activities.c.seq.desc())
    .limit(1)
)


def last_visit(
    uow: UnitOfWork, member_id: int, *, at: datetime, day: date
) -> RecordedActivity | None:
    """The visit recorded last of those that were not after `at`, or on business day `day`."""
    rows = uow.ask(_LAST_VISIT, {"member": member_id, "moment": at, "day": day})
    return _recorded_activity(rows[0]) if rows else None


def redeemed_since(
    uow: UnitOfWork, member_id: int, *, reward: str, voucher: int | None, since: datetime
) -> RecordedActivity | None:
    """The last time since that moment that the member had that reward, for points or by that
    voucher; None for none."""
    mine = (activities.c.member_id == member_id, activities.c.what.like("Redemption %"), _STANDS)
    rows = uow.run(
        select(activities).where(*mine, activities.c.at >= since).order_by(activities.c.seq.desc())
    )

    def is_it(what: What) -> bool:
        return isinstance(what, Redemption) and (what.reward, what.voucher) == (reward, voucher)

    had = (_recorded_activity(row) for row in rows)
    return next((each for each in had if is_it(each.activity.what)), None)


def taken_back(uow: UnitOfWork, member_id: int) -> list[RecordedActivity]:
    """What of the member's was taken back (`TakenBack`), in the order of recording."""
    mine = (activities.c.member_id == member_id, activities.c.what.like("TakenBack %"), _STANDS)
    rows = uow.run(select(activities).where(*mine).order_by(activities.c.seq))
    return [_recorded_activity(row) for row in rows]


@dataclass(frozen=True, slots=True)
class StoredActivity:
    """An activity as it was written down: when, and when it was undone (None: it stands)."""

    recorded: RecordedActivity
    recorded_at: datetime
    undone_at: datetime | None


def under(uow: UnitOfWork, member_id: int, key: str) -> list[StoredActivity]:
    """What was recorded of the member under an outside key, in order, undone or not."""
    mine = select(activities).where(activities.c.member_id == member_id, activities.c.key == key)
    return [
        StoredActivity(_recorded_activity(row), row.recorded_at, row.undone_at)
        for row in uow.run(mine.order_by(activities.c.seq))
    ]


def under_keys(
    uow: UnitOfWork, wanted: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], tuple[Activity, ...]]:
    """The same for several members' keys, by both: the activities alone."""
    found: dict[tuple[int, str], tuple[Activity, ...]] = dict.fromkeys(wanted, ())
    if not wanted:
        return found
    each = (and_(activities.c.member_id == m, activities.c.key == key) for m, key in found)
    for row in uow.run(select(activities).where(or_(*each)).order_by(activities.c.seq)):
        activity = _recorded_activity(row).activity
        found[row.member_id, row.key] = (*found[row.member_id, row.key], activity)
    return found


def key_of(uow: UnitOfWork, member_id: int, seq: int) -> str:
    """The outside key under which the member's activity `seq` was recorded."""
    return keys_of(uow, member_id, [seq])[seq]


def keys_of(uow: UnitOfWork, member_id: int, seqs: Iterable[int]) -> dict[int, str]:
    """The same for several activities, by their numbers."""
    rows = uow.run(
        select(activities.c.seq, activities.c.key).where(
            activities.c.member_id == member_id, activities.c.seq.in_(list(seqs))
        )
    )
    return {row.seq: row.key for row in rows}


def standing(uow: UnitOfWork, member_id: int, what: What) -> RecordedActivity | None:
    """The activity of the member's that is exactly `what`; None where none stands."""
    same = (activities.c.member_id == member_id, _STANDS, activities.c.what == _dump(what))
    row = uow.run(select(activities).where(*same).limit(1)).first()
    return None if row is None else _recorded_activity(row)


_ONE = (activities.c.member_id == bindparam("member"), activities.c.seq == bindparam("number"))
_UNDO = PreparedStatement(
    update(activities)
    .where(*_ONE, _STANDS)
    .values(undone_at=bindparam("when"), undone_by=bindparam("cause"))
)


def mark_undone(
    uow: UnitOfWork, member_id: int, seqs: Iterable[int], *, at: datetime, by: str
) -> None:
    """Takes activities out of the history; their rows stay. `by` is the outside key of the undo."""
    gone = tuple(seqs)
    uow.write(_UNDO, [{"member": member_id, "number": n, "when": at, "cause": by} for n in gone])
    uow.journal.append(ActivitiesUndone(member_id, gone))


def numbered(uow: UnitOfWork, member_id: int, seqs: Iterable[int]) -> list[RecordedActivity]:
    """The member's activities of those numbers, in order, undone or not."""
    mine = (activities.c.member_id == member_id, activities.c.seq.in_(tuple(seqs)))
    rows = uow.run(select(activities).where(*mine).order_by(activities.c.seq))
    return [_recorded_activity(row) for row in rows]


def _recorded_activity(row: Any, load: Callable[[str], What] = read_what) -> RecordedActivity:
    activity = Activity(
        load(row.what),
        row.at,
        row.business_date,
        by=row.made_by,
        store=row.store,
        holiday=row.holiday,
        switches=tuple(row.switches.split()),
        segments=tuple(row.segments.split()),
    )
    return RecordedActivity(row.seq, activity)


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Takes out what says who somebody is: the day and the year of birthdays, whose LINE account it
    was. The month of birth, by which points came, stays."""
    kinds = ("BirthdayTold", "Absorbed", "Merged")
    rows = uow.run(
        select(activities.c.member_id, activities.c.seq, activities.c.what).where(
            activities.c.member_id.in_(member_ids),
            or_(*(activities.c.what.like(f"{kind} %") for kind in kinds)),
        )
    ).all()
    for row in rows:
        rewrite(uow, row.member_id, row.seq, _forgotten(read_what(row.what)))


def _forgotten(what: What) -> What:
    match what:
        case BirthdayTold(month=month, again=again):
            return BirthdayTold(month, 1, again=again)
        case Absorbed():
            return carried.forgetting(what)
        case Merged(points=points):
            return Merged(points)
        case _:
            return what


def mergings_of(uow: UnitOfWork, user_id: str) -> list[tuple[int, int, Merged]]:
    """What closed a card and still names the LINE account: whose, its number, and what it says."""
    closed = select(members.c.id).where(members.c.merged_into.is_not(None))
    rows = uow.run(
        select(activities.c.member_id, activities.c.seq, activities.c.what).where(
            activities.c.member_id.in_(closed),
            activities.c.what.like("Merged %"),
            activities.c.what.contains(user_id, autoescape=True),
        )
    ).all()
    found = [(row.member_id, row.seq, read_what(row.what)) for row in rows]
    return [(of, seq, what) for of, seq, what in found if isinstance(what, Merged)]


_REWRITE = PreparedStatement(update(activities).where(*_ONE).values(what=bindparam("said")))


def rewrite(uow: UnitOfWork, member_id: int, seq: int, what: What) -> None:
    """Writes an activity anew, to forget something in it that nothing follows from."""
    uow.write(_REWRITE, [{"member": member_id, "number": seq, "said": _dump(what)}])


_STEPS_OF = PreparedStatement(
    select(rank_changes)
    .where(rank_changes.c.member_id == bindparam("member"))
    .order_by(rank_changes.c.n)
)
_DROP_STEPS = PreparedStatement(
    delete(rank_changes).where(rank_changes.c.member_id == bindparam("member"))
)


def rank_history(uow: UnitOfWork, member_id: int) -> tuple[RankChange, ...]:
    rows = uow.ask(_STEPS_OF, {"member": member_id})
    return tuple(RankChange(row.before, row.after, row.changed_on, row.reason) for row in rows)


_STEPS = rank_changes.alias("steps")
_LAST_STEP = select(func.coalesce(func.max(_STEPS.c.n), 0)).where(
    _STEPS.c.member_id == bindparam("whose", type_=BigInt)
)
_ADD_STEP = PreparedStatement(
    insert(rank_changes)
    .values(
        member_id=bindparam("whose"),
        n=_LAST_STEP.scalar_subquery() + 1,
        before=bindparam("before"),
        after=bindparam("after"),
        changed_on=bindparam("changed_on"),
        reason=bindparam("reason"),
    )
    .inline()
)


def add_rank_changes(uow: UnitOfWork, member_id: int, changes: Iterable[RankChange]) -> None:
    """Appends steps on the ladder to the member's."""
    uow.write(
        _ADD_STEP,
        [
            {
                "whose": member_id,
                "before": change.before,
                "after": change.after,
                "changed_on": change.on,
                "reason": change.reason,
            }
            for change in changes
        ],
    )


def replace_rank_changes(uow: UnitOfWork, member_id: int, changes: Iterable[RankChange]) -> None:
    """Puts what a replay found in the place of what was noted: ranks are a result, not a record."""
    uow.write(_DROP_STEPS, [{"member": member_id}])
    add_rank_changes(uow, member_id, changes)
