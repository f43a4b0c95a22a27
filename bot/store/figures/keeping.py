"""Keeping the sums: whose life changed, and what that changes in them.

Whoever writes a member's row marks it in the same statement, so that a scan does nothing more for
figures. The mark is taken off in the transaction that corrects the sums, which holds the member's
row: nobody changes their history meanwhile, and what breaks off is done anew. What goes by how long
ago something was changes by itself: each life says on which day it is to be looked at again. Of
whom something can't be read stands with what they had added, and their mark goes all the same, so
that they keep nobody else from it; they are tried again with their next change, or when all is
counted anew.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Table, delete, false, func, insert, select, true, union_all, update

from rules.figures.costs import CostKey, cost_sums
from rules.figures.life import Life, packed, unpacked
from rules.figures.sources import SourceKey, source_sums
from rules.figures.sums import VERSION, Key
from rules.outlook.adding import Added, added, sums_on

from ..engine.db import Store, UnitOfWork
from ..tables import (
    FIGURES_ARE_DUE,
    cost_figures,
    figure_lives,
    figure_marks,
    figure_people,
    figures,
    members,
    notes,
    source_figures,
)
from . import lives
from .lives import DayOf
from .summing import SumsTable

log = structlog.get_logger(__name__)

_VERSION = "figures_version"
#: Held by who counts, together with others who do; and alone by who empties the sums.
_OUR_NOTE = select(notes.c.value).where(notes.c.name == _VERSION)
_MEMBERS = 2_000
#: More are not behind in the run of a day.
_MANY = 200
_FIGURES = SumsTable("figures", store="text", rank="text", figure="text")
_OF_SOURCES = SumsTable("source_figures", source_id="bigint", figure="text")
_OF_COSTS = SumsTable("cost_figures", name="text")


def count_due(uow: UnitOfWork) -> int:
    """How many members' changes aren't in the sums yet."""
    return int(
        uow.run(select(func.count()).select_from(members).where(FIGURES_ARE_DUE)).scalar_one()
    )


def anybody_due(uow: UnitOfWork, today: date) -> bool:
    """Whether there is something to correct."""
    due = select(members.c.id).where(FIGURES_ARE_DUE).limit(1).subquery()
    moved = select(figure_lives.c.member_id).where(figure_lives.c.moves_on <= today)
    either = union_all(select(due), select(moved.limit(1).subquery()))
    return uow.run(either).first() is not None


def is_behind(uow: UnitOfWork) -> bool:
    """Whether so much is missing in the sums that whoever reads them should know."""
    some = select(members.c.id).where(FIGURES_ARE_DUE).limit(_MANY).subquery()
    return int(uow.run(select(func.count()).select_from(some)).scalar_one()) == _MANY


def is_of_this_version(uow: UnitOfWork) -> bool:
    """Whether the sums are those that this version of Kayoi makes."""
    return bool(uow.run(_OUR_NOTE).scalar() == str(VERSION))


def begin_anew(store: Store) -> None:
    """Lets everybody be counted anew: first all are marked, a page in a transaction, then the sums
    are emptied, so that what breaks off in between is done again. Who was counted meanwhile is
    marked once more as they are emptied, when nobody counts."""
    with store.read() as uow:
        last = uow.run(select(func.max(members.c.id))).scalar() or 0
    for start in range(0, last + 1, _MEMBERS):
        its = members.c.id.between(start, start + _MEMBERS - 1)
        with store.begin() as uow:
            uow.run(update(members).where(its).values(figures_due=true()))
    with store.begin() as uow:
        uow.insert_new(notes, [{"name": _VERSION, "value": ""}])
        uow.run(_OUR_NOTE.with_for_update())
        uow.run(update(members).where(members.c.figures_due.is_(False)).values(figures_due=true()))
        for table in (
            figures, figure_marks, figure_people, figure_lives, source_figures, cost_figures
        ):  # fmt: skip
            uow.run(delete(table))
        uow.run(update(notes).where(notes.c.name == _VERSION).values(value=str(VERSION)))


def correct(uow: UnitOfWork, day_of: DayOf, today: date, *, limit: int) -> int:
    """Brings some of those whose lives changed into the sums; gives how many were looked at. Whom
    somebody else holds right now is left for later."""
    uow.run(_OUR_NOTE.with_for_update(read=True))
    due = _due(uow, today, limit)
    if not due:
        return 0
    held = _held(uow, due)
    people = [each for each, into in held.items() if into is None]
    found: dict[int, Life] = {each: () for each, into in held.items() if into is not None}
    found |= lives.of_people(uow, people, day_of)
    before = _counted(uow, found)
    read = {each: life for each, life in found.items() if each in before}
    for each in held.keys() - read.keys():
        log.error("figures_unreadable", member_id=each)
    uow.run(update(members).where(members.c.id.in_(list(held))).values(figures_due=false()))
    unread = list(held.keys() - read.keys())
    if unread:
        rest = figure_lives.c.member_id.in_(unread)
        uow.run(update(figure_lives).where(rest).values(moves_on=None))
    _write(uow, read, before, today)
    return len(held)


def _due(uow: UnitOfWork, today: date, limit: int) -> list[int]:
    """Some of those who did something, and, where these are few, whose life moves by itself."""
    due = select(members.c.id).where(FIGURES_ARE_DUE).order_by(members.c.id).limit(limit)
    found = list(uow.run(due).scalars())
    if len(found) == limit:
        return found
    moved = (
        select(figure_lives.c.member_id)
        .where(figure_lives.c.moves_on <= today)
        .order_by(figure_lives.c.moves_on, figure_lives.c.member_id)
        .limit(limit - len(found))
    )
    return [*found, *set(uow.run(moved).scalars()).difference(found)]


def _held(uow: UnitOfWork, due: Sequence[int]) -> dict[int, int | None]:
    """The members, nobody else's until the transaction ends, each with who took them over. Whoever
    took somebody over is counted along, with their cards."""
    into = _into(uow, due)
    wanted = sorted({*due, *into.values()})
    rows = uow.run(
        select(members.c.id, members.c.merged_into)
        .where(members.c.id.in_(wanted))
        .order_by(members.c.id)
        .with_for_update(skip_locked=True)
    ).all()
    held = {row.id: row.merged_into for row in rows}
    # Of a card and its keeper both or none.
    return {each: by for each, by in held.items() if by is None or into.get(each) in held}


def _into(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, int]:
    """Who stands for those of them who were merged into another, also by way of others."""
    found: dict[int, int] = {}
    at_hand = {each: each for each in ids}
    while at_hand:
        asked = select(members.c.id, members.c.merged_into).where(
            members.c.id.in_(set(at_hand.values())), members.c.merged_into.is_not(None)
        )
        taken = {row.id: row.merged_into for row in uow.run(asked)}
        at_hand = {each: taken[by] for each, by in at_hand.items() if by in taken}
        found |= at_hand
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """A life as it stands in the sums, and the day on which it was counted; None for never."""

    life: Life = ()
    on: date | None = None

    def sums(self) -> Counter[Key]:
        return sums_on(self.life, self.on) if self.on else Counter()


def _write(
    uow: UnitOfWork, found: Mapping[int, Life], before: Mapping[int, _Counted], today: date
) -> None:
    changed = {
        each: life
        for each, life in found.items()
        if before[each] != (_Counted(life, today) if life else _Counted())
    }
    if not changed:
        return
    total, of_sources, of_costs = Counter[Key](), Counter[SourceKey](), Counter[CostKey]()
    adds: dict[int, Added] = {}
    for each, life in changed.items():
        adds[each], was = added(life, today), before[each]
        total.update(adds[each].sums)
        total.subtract(was.sums())
        of_sources.update(source_sums(life))
        of_sources.subtract(source_sums(was.life))
        of_costs.update(cost_sums(life))
        of_costs.subtract(cost_sums(was.life))
    _replace(uow, figure_lives, changed, _life_rows(changed, adds, today))
    _replace(uow, figure_marks, changed, _mark_rows(adds))
    _replace(uow, figure_people, changed, _people_rows(adds))
    _FIGURES.add(uow, total)
    _OF_SOURCES.add(uow, of_sources)
    _OF_COSTS.add(uow, of_costs)


_Rows = Iterator[dict[str, Any]]


def _replace(uow: UnitOfWork, table: Table, whose: Iterable[int], rows: _Rows) -> None:
    """Puts rows in the place of those that these members had."""
    uow.run(delete(table).where(table.c.member_id.in_(list(whose))))
    new = list(rows)
    if new:
        uow.run(insert(table), new)


def _life_rows(changed: Mapping[int, Life], adds: Mapping[int, Added], today: date) -> _Rows:
    for each, life in changed.items():
        if life:
            moves_on = adds[each].moves_on
            yield {
                "member_id": each, "life": packed(life), "counted_on": today, "moves_on": moves_on
            }  # fmt: skip


def _mark_rows(adds: Mapping[int, Added]) -> _Rows:
    for each, add in adds.items():
        for (figure, store), mark in add.marks.items():
            yield {"member_id": each, "figure": figure, "store": store, **mark._asdict()}


def _people_rows(adds: Mapping[int, Added]) -> _Rows:
    for each, add in adds.items():
        for stands in add.standings:
            yield {
                "member_id": each, "store": stands.store, "last_on": stands.last_on,
                "visits": stands.visits, "yen": stands.yen,
            }  # fmt: skip


def _counted(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, _Counted]:
    """What stands in the sums of each; without those of whom it can't be read."""
    found: dict[int, _Counted] = dict.fromkeys(ids, _Counted())
    for row in uow.run(select(figure_lives).where(figure_lives.c.member_id.in_(list(found)))):
        try:
            found[row.member_id] = _Counted(unpacked(row.life), row.counted_on)
        except (zlib.error, ValueError, TypeError):
            del found[row.member_id]
    return found
