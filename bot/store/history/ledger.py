"""The ledger: entries that are only ever added, the lots they give, and what was taken from which.

For every member the sum of entries, the sum of what is left in the lots, and the balance on the
row are one number, never below zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, and_, bindparam, func, insert, or_, select, update

from rules.judging.taken_back import STAMPS
from rules.programme.points import Lot, LotWithdrawal

from ..engine.db import UnitOfWork
from ..engine.statements import PreparedStatement, insert_statement, of_many
from ..tables import activities, entries, lot_uses, lots
from ..tables.types import BigInt
from .lots import LOT_COLUMNS, lots_of, read_lots

#: A correction is of a grant; a refund puts what was spent back into the lots it came from.
EntryKind = Literal["grant", "correction", "spend", "refund"]
_OF_GRANTS = ("grant", "correction")
_OF_SPENDS = ("spend", "refund")
_IS_GRANT = or_(*(entries.c.kind == kind for kind in _OF_GRANTS))
_IS_SPEND = or_(*(entries.c.kind == kind for kind in _OF_SPENDS))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    #: Counts the member's entries.
    no: int
    #: The activity it follows from.
    seq: int
    kind: EntryKind
    rule: str
    version: int
    #: The outside key of what caused it.
    key: str
    #: Below zero takes.
    points: int
    at: datetime
    recorded_at: datetime
    day: date
    expires_on: date | None = None
    #: The day from which its lot counts; None for `day`.
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """That an entry of an activity gave or took points."""

    member_id: int
    #: The activity's.
    seq: int
    points: int


_INSERT = insert_statement(entries)
_LOT = ("member_id", "no", "points", "given_on", "expires_on")
#: All of a lot's points are left at first.
_LEFT = bindparam("points", type_=lots.c.points.type)
_INSERT_LOTS = PreparedStatement(
    insert(lots).values({name: bindparam(name) for name in _LOT} | {"left": _LEFT}).inline()
)
_INSERT_USES = insert_statement(lot_uses)
_TAKE = PreparedStatement(
    update(lots)
    .where(lots.c.member_id == bindparam("member"), lots.c.no == bindparam("lot"))
    .values(left=lots.c.left - bindparam("taken"))
)


def give(uow: UnitOfWork, member_id: int, given: Sequence[Entry]) -> None:
    """Appends entries that give points, each with its lot."""
    uow.journal += [PointsMoved(member_id, entry.seq, entry.points) for entry in given]
    uow.write(_INSERT, [_row(member_id, entry) for entry in given])
    uow.write(
        _INSERT_LOTS,
        [
            {
                "member_id": member_id,
                "no": entry.no,
                "points": entry.points,
                "given_on": entry.given_on or entry.day,
                "expires_on": entry.expires_on,
            }
            for entry in given
        ],
    )


def take(uow: UnitOfWork, member_id: int, entry: Entry, takes: Iterable[LotWithdrawal]) -> None:
    """Appends an entry that takes points from the lots named, which must add up to it."""
    parts = list(takes)
    if sum(part.points for part in parts) != -entry.points:
        raise ValueError("an entry must take exactly what its lots give")
    _use(uow, member_id, entry, parts)


def put_back(uow: UnitOfWork, member_id: int, entry: Entry, took: Iterable[LotWithdrawal]) -> None:
    """Appends an entry that puts points back into the lots they were taken from. Of what comes
    back nobody was warned, so that all warnings of those lots are owed anew."""
    parts = [LotWithdrawal(each.no, -each.points) for each in took]
    if -sum(part.points for part in parts) != entry.points:
        raise ValueError("an entry must put back exactly what its lots get")
    _use(uow, member_id, entry, parts)
    uow.run(
        update(lots)
        .where(lots.c.member_id == member_id, lots.c.no.in_([part.no for part in parts]))
        .values(warned_on=None, warned_for=None, warnings=0)
    )


def _use(uow: UnitOfWork, member_id: int, entry: Entry, parts: list[LotWithdrawal]) -> None:
    uow.journal.append(PointsMoved(member_id, entry.seq, entry.points))
    uow.write(_INSERT, [_row(member_id, entry)])
    uow.write(_TAKE, [{"member": member_id, "lot": t.no, "taken": t.points} for t in parts])
    uow.write(
        _INSERT_USES,
        [
            {"member_id": member_id, "entry_no": entry.no, "lot_no": t.no, "points": t.points}
            for t in parts
        ],
    )


def _row(member_id: int, entry: Entry) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "no": entry.no,
        "seq": entry.seq,
        "kind": entry.kind,
        "rule": entry.rule,
        "version": entry.version,
        "key": entry.key,
        "points": entry.points,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "business_date": entry.day,
    }


_OF: BindParameter[int] = bindparam("member", type_=BigInt)
_OPEN_LOTS = PreparedStatement(select(lots_of(_OF)), on_sqlite=select(lots_of(_OF, on_sqlite=True)))
_OPEN_LOTS_OF = of_many(
    select(lots.c.member_id, *LOT_COLUMNS)
    .where(lots.c.left > 0)
    .order_by(lots.c.member_id, lots.c.no),
    lots.c.member_id,
    "members",
)


def open_lots(uow: UnitOfWork, member_id: int) -> tuple[Lot, ...]:
    """The lots that still hold points, in the order they were given."""
    return read_lots(uow.ask(_OPEN_LOTS, {"member": member_id})[0].open_lots)


def open_lots_of(uow: UnitOfWork, member_ids: Iterable[int]) -> dict[int, tuple[Lot, ...]]:
    """The same for many members; one without any is not in it."""
    found: dict[int, tuple[Lot, ...]] = {}
    for row in uow.ask(_OPEN_LOTS_OF, {"members": member_ids}):
        found[row.member_id] = (*found.get(row.member_id, ()), Lot(*row[1:]))
    return found


_LOTS_BY_RULE = PreparedStatement(
    select(entries.c.rule, *LOT_COLUMNS)
    .join(entries, and_(entries.c.member_id == lots.c.member_id, entries.c.no == lots.c.no))
    .where(lots.c.member_id == bindparam("member"), lots.c.left > 0)
    .order_by(lots.c.no)
)


def open_lots_by_rule(uow: UnitOfWork, member_id: int) -> tuple[tuple[Lot, str], ...]:
    """The lots that still hold points, each with the rule that gave it."""
    rows = uow.ask(_LOTS_BY_RULE, {"member": member_id})
    return tuple((Lot(*row[1:]), row.rule) for row in rows)


def note_warning(uow: UnitOfWork, member_id: int, lot: Lot) -> None:
    uow.run(
        update(lots)
        .where(lots.c.member_id == member_id, lots.c.no == lot.no)
        .values(warned_on=lot.warned_on, warned_for=lot.warned_for, warnings=lot.warnings)
    )


def forget_warnings(uow: UnitOfWork, member_id: int, *, after: date) -> None:
    """Warnings noted on a day later than `after` are owed again."""
    uow.run(
        update(lots)
        .where(lots.c.member_id == member_id, lots.c.warned_on > after)
        .values(warned_on=None, warned_for=None, warnings=0)
    )


_GRANTED = PreparedStatement(
    select(entries.c.seq, entries.c.rule, func.sum(entries.c.points).label("points"))
    .where(entries.c.member_id == bindparam("member"), _IS_GRANT)
    .group_by(entries.c.seq, entries.c.rule)
)


def granted(uow: UnitOfWork, member_id: int) -> dict[tuple[int, str], int]:
    """What each rule gave for each activity, corrections included: `{(seq, rule): points}`."""
    rows = uow.ask(_GRANTED, {"member": member_id})
    return {(seq, rule): int(points) for seq, rule, points in rows}


def by_whom(uow: UnitOfWork, member_id: int, made_by: str) -> int:
    """The points that came to by all that was recorded by them of the member, but for stamps of old
    cards."""
    same = and_(activities.c.member_id == entries.c.member_id, activities.c.seq == entries.c.seq)
    query = select(func.coalesce(func.sum(entries.c.points), 0)).select_from(entries)
    its = (
        entries.c.member_id == member_id,
        activities.c.made_by == made_by,
        entries.c.rule != STAMPS,
    )
    return int(uow.run(query.join(activities, same).where(*its)).scalar_one())


_LOTS_OF_GRANTS = PreparedStatement(
    select(entries.c.seq, entries.c.rule, func.max(entries.c.no).label("no"))
    .where(entries.c.member_id == bindparam("member"), _IS_GRANT, entries.c.points > 0)
    .group_by(entries.c.seq, entries.c.rule)
)


def lots_of_grants(uow: UnitOfWork, member_id: int) -> dict[tuple[int, str], int]:
    """The number of the lot that each rule gave for each activity, by activity and rule; the latest
    where it was corrected since."""
    rows = uow.ask(_LOTS_OF_GRANTS, {"member": member_id})
    return {(row.seq, row.rule): row.no for row in rows}


#: Joins what was taken from lots to the entries that took it.
_SAME_ENTRY = and_(lot_uses.c.member_id == entries.c.member_id, lot_uses.c.entry_no == entries.c.no)


_TOTAL = func.sum(entries.c.points)
_SPENT = PreparedStatement(
    select(entries.c.seq, _TOTAL.label("points"))
    .where(entries.c.member_id == bindparam("member"), _IS_SPEND)
    .group_by(entries.c.seq)
    .having(_TOTAL != 0)
)


def spent(uow: UnitOfWork, member_id: int) -> dict[int, int]:
    """What was taken for each activity that took points, less what was put back: `{seq: points}`.
    Those that came to nothing are left out."""
    rows = uow.ask(_SPENT, {"member": member_id})
    return {row.seq: -int(row.points) for row in rows}


_TAKEN = func.sum(lot_uses.c.points)
_TOOK = PreparedStatement(
    select(lot_uses.c.lot_no, _TAKEN.label("points"))
    .join(entries, _SAME_ENTRY)
    .where(
        lot_uses.c.member_id == bindparam("member"),
        entries.c.seq == bindparam("number"),
        _IS_SPEND,
    )
    .group_by(lot_uses.c.lot_no)
    .having(_TAKEN != 0)
    .order_by(lot_uses.c.lot_no)
)


def took(uow: UnitOfWork, member_id: int, seq: int) -> tuple[LotWithdrawal, ...]:
    """What activity `seq` took from which lots, less what was put back."""
    rows = uow.ask(_TOOK, {"member": member_id, "number": seq})
    return tuple(LotWithdrawal(row.lot_no, int(row.points)) for row in rows)


_GAVE = entries.alias("gave")
_RAN_OUT = PreparedStatement(
    select(_GAVE.c.seq, _GAVE.c.rule, _TAKEN.label("points"))
    .select_from(lot_uses)
    .join(entries, _SAME_ENTRY)
    .join(_GAVE, and_(_GAVE.c.member_id == lot_uses.c.member_id, _GAVE.c.no == lot_uses.c.lot_no))
    .where(lot_uses.c.member_id == bindparam("member"), _IS_SPEND, entries.c.rule == "expiry")
    .group_by(_GAVE.c.seq, _GAVE.c.rule)
)
_TAKEN_BACK = PreparedStatement(
    select(entries.c.seq, entries.c.rule, func.sum(entries.c.points).label("points"))
    .where(
        entries.c.member_id == bindparam("member"),
        entries.c.kind == "correction",
        entries.c.points < 0,
    )
    .group_by(entries.c.seq, entries.c.rule)
)


def expired(uow: UnitOfWork, member_id: int) -> dict[tuple[int, str], int]:
    """How many of the points that each rule gave for each activity ran out and were not taken back
    since: `{(seq, rule): points}`."""
    ran_out = uow.ask(_RAN_OUT, {"member": member_id})
    if not ran_out:
        return {}
    rows = uow.ask(_TAKEN_BACK, {"member": member_id})
    back = {(row.seq, row.rule): int(row.points) for row in rows}
    sums = {(row.seq, row.rule): int(row.points) for row in ran_out}
    left = {key: points + back.get(key, 0) for key, points in sums.items()}
    return {key: points for key, points in left.items() if points > 0}


def points_by_activity(uow: UnitOfWork, member_id: int, seqs: Sequence[int]) -> dict[int, int]:
    """What each of the activities came to in points, spends and corrections included."""
    rows = uow.run(
        select(entries.c.seq, func.sum(entries.c.points).label("points"))
        .where(entries.c.member_id == member_id, entries.c.seq.in_(seqs))
        .group_by(entries.c.seq)
    )
    return {row.seq: int(row.points) for row in rows}


_POINTS = func.sum(entries.c.points)
_GRANTED_ON = PreparedStatement(
    select(entries.c.rule, _POINTS.label("points"))
    .where(
        entries.c.member_id == bindparam("member"),
        entries.c.business_date == bindparam("day"),
        _IS_GRANT,
    )
    .group_by(entries.c.rule)
    .having(_POINTS != 0)
    .order_by(func.min(entries.c.no))
)


def granted_on(uow: UnitOfWork, member_id: int, day: date) -> tuple[tuple[str, int], ...]:
    """What each rule gave for business day `day`, corrections included, in the order of giving."""
    rows = uow.ask(_GRANTED_ON, {"member": member_id, "day": day})
    return tuple((row.rule, int(row.points)) for row in rows)


_GAVE_LOTS = PreparedStatement(
    select(entries.c.no, entries.c.points).where(
        entries.c.member_id == bindparam("member"),
        _IS_GRANT,
        entries.c.points > 0,
    )
)
_USED = PreparedStatement(
    select(lot_uses.c.lot_no, _TAKEN.label("points"))
    .where(lot_uses.c.member_id == bindparam("member"))
    .group_by(lot_uses.c.lot_no)
)
_LOTS = PreparedStatement(
    select(lots.c.no, lots.c.points, lots.c.left).where(lots.c.member_id == bindparam("member"))
)


def lots_off(uow: UnitOfWork, member_id: int) -> list[int]:
    """The numbers of lots whose entries and uses don't come to what is left in them."""
    whose = {"member": member_id}
    gave = {row.no: row.points for row in uow.ask(_GAVE_LOTS, whose)}
    used = {row.lot_no: int(row.points) for row in uow.ask(_USED, whose)}
    rows = uow.ask(_LOTS, whose)
    off = {
        row.no
        for row in rows
        if not (
            row.points == gave.get(row.no) and 0 <= row.left == row.points - used.get(row.no, 0)
        )
    }
    return sorted(off | ({*gave, *used} - {row.no for row in rows}))


_MEMBER: BindParameter[int] = bindparam("member", type_=BigInt)
_SUMS = PreparedStatement(
    select(
        select(func.coalesce(_TOTAL, 0))
        .where(entries.c.member_id == _MEMBER)
        .scalar_subquery()
        .label("summed"),
        select(func.coalesce(func.sum(lots.c.left), 0))
        .where(lots.c.member_id == _MEMBER)
        .scalar_subquery()
        .label("left_over"),
    )
)


def balance(uow: UnitOfWork, member_id: int) -> tuple[int, int]:
    """`(sum of entries, sum of what is left in the lots)`: equal, or something is wrong."""
    [(summed, left)] = uow.ask(_SUMS, {"member": member_id})
    return int(summed), int(left)
