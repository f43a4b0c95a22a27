"""Who took which part in what the inner circle tries."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, false, func, or_, select, update

from rules.events.trial import TrialFigures, TrialNews, TrialPart

from ..engine.db import UnitOfWork
from ..tables import circle_seats, line_accounts, members, trial_parts
from ..tables.club import STANDS

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
#: What was undone is no part.
_TOOK_PART = trial_parts.c.sample_no.is_not(None) | trial_parts.c.choice.is_not(None)


def _its(member_id: int, trial_id: int) -> ColumnElement[bool]:
    return (trial_parts.c.member_id == member_id) & (trial_parts.c.trial_id == trial_id)


def get(uow: UnitOfWork, member_id: int, trial_id: int) -> TrialPart:
    """What they did in it; nothing, where they took no part."""
    found = of_members(uow, [member_id], [trial_id]).get((member_id, trial_id))
    return found or TrialPart(member_id, trial_id)


def of_members(
    uow: UnitOfWork, member_ids: Collection[int], trial_ids: Collection[int]
) -> dict[tuple[int, int], TrialPart]:
    """What these members did in these trials, by member and trial."""
    found = select(trial_parts).where(
        trial_parts.c.member_id.in_(list(member_ids)), trial_parts.c.trial_id.in_(list(trial_ids))
    )
    return {(row.member_id, row.trial_id): _part(row) for row in uow.run(found)}


def of_member(uow: UnitOfWork, member_id: int) -> list[TrialPart]:
    """All that a member took part in, the first first."""
    mine = select(trial_parts).where(trial_parts.c.member_id == member_id)
    return [_part(row) for row in uow.run(mine.order_by(trial_parts.c.trial_id))]


def of_trial(uow: UnitOfWork, trial_id: int, *, limit: int) -> list[TrialPart]:
    """Those who took part in it, who took a sample first in front."""
    its = select(trial_parts).where(trial_parts.c.trial_id == trial_id, _TOOK_PART)
    order = (trial_parts.c.sample_no.is_(None), trial_parts.c.sample_no, trial_parts.c.member_id)
    return [_part(row) for row in uow.run(its.order_by(*order).limit(limit))]


def put(uow: UnitOfWork, part: TrialPart) -> None:
    """Writes it, in place of what was known of their part before."""
    values = {name: getattr(part, name) for name in TrialPart.__dataclass_fields__}
    if not uow.insert_new(trial_parts, [values]):
        uow.run(update(trial_parts).where(_its(part.member_id, part.trial_id)).values(values))


def figures(uow: UnitOfWork, trial_ids: Collection[int]) -> dict[int, TrialFigures]:
    """What came together in each."""
    its = trial_parts.c.trial_id.in_(list(trial_ids))
    counted = select(
        trial_parts.c.trial_id,
        func.count(trial_parts.c.sample_no),
        func.count(trial_parts.c.fetched_at),
    )
    samples = {row[0]: row for row in uow.run(counted.where(its).group_by(trial_parts.c.trial_id))}
    by_choice = select(trial_parts.c.trial_id, trial_parts.c.choice, func.count()).where(
        its, trial_parts.c.choice.is_not(None)
    )
    grouped = by_choice.group_by(trial_parts.c.trial_id, trial_parts.c.choice)
    votes: dict[int, Counter[str]] = {each: Counter() for each in trial_ids}
    for trial_id, choice, count in uow.run(grouped):
        votes[trial_id][choice] = count
    return {
        each: TrialFigures(
            samples[each][1] if each in samples else 0,
            samples[each][2] if each in samples else 0,
            votes[each].total(),
            dict(votes[each]),
        )
        for each in trial_ids
    }


def next_sample(uow: UnitOfWork, trial_id: int) -> tuple[int, int]:
    """How many samples of a trial that is locked are somebody's, and the next number."""
    its = trial_parts.c.trial_id == trial_id
    counted = select(func.count(trial_parts.c.sample_no), func.max(trial_parts.c.sample_no))
    row = uow.run(counted.where(its)).one()
    return int(row[0]), int(row[1] or 0) + 1


def unfetched(uow: UnitOfWork, member_id: int) -> list[TrialPart]:
    """The samples that the member took and hasn't fetched, the first first."""
    mine = select(trial_parts).where(
        trial_parts.c.member_id == member_id,
        trial_parts.c.sample_no.is_not(None),
        trial_parts.c.fetched_at.is_(None),
    )
    return [_part(row) for row in uow.run(mine.order_by(trial_parts.c.sampled_at))]


def take_back(uow: UnitOfWork, member_id: int, key: str) -> None:
    """Takes back what was done under that outside key: a sample that was taken, or fetched."""
    mine = trial_parts.c.member_id == member_id
    uow.run(
        update(trial_parts)
        .where(mine, trial_parts.c.fetched_key == key)
        .values(fetched_at=None, fetched_key=None)
    )
    uow.run(
        update(trial_parts)
        .where(mine, trial_parts.c.sampled_key == key)
        .values(sample_no=None, sampled_at=None, sampled_key=None)
    )


def to_ask(uow: UnitOfWork, *, until: datetime, limit: int) -> list[TrialPart]:
    """Those who fetched a sample up to then and weren't asked about it yet."""
    found = select(trial_parts).where(
        trial_parts.c.fetched_at.is_not(None),
        trial_parts.c.asked_at.is_(None),
        trial_parts.c.fetched_at <= until,
    )
    order = (trial_parts.c.fetched_at, trial_parts.c.member_id)
    return [_part(row) for row in uow.run(found.order_by(*order).limit(limit))]


def note_asked(uow: UnitOfWork, part: TrialPart, *, at: datetime) -> None:
    put(uow, replace(part, asked_at=at))


def concerned(uow: UnitOfWork, trial_id: int, *, after: int, limit: int) -> Sequence[int]:
    """Who took part in it and is still in the circle, by the members' ids from `after` on."""
    found = _concerned(trial_id).where(trial_parts.c.member_id > after)
    return list(uow.run(found.order_by(trial_parts.c.member_id).limit(limit)).scalars())


def count_concerned(uow: UnitOfWork, trial_id: int) -> int:
    """How many these are in all."""
    counted = select(func.count()).select_from(_concerned(trial_id).subquery())
    return int(uow.run(counted).scalar_one())


def _concerned(trial_id: int) -> Select[tuple[int]]:
    return (
        select(trial_parts.c.member_id)
        .join(circle_seats, circle_seats.c.member_id == trial_parts.c.member_id)
        .join(members, members.c.id == trial_parts.c.member_id)
        .where(
            trial_parts.c.trial_id == trial_id,
            _TOOK_PART,
            circle_seats.c.state == "in",
            STANDS,
        )
    )


def untold(uow: UnitOfWork, trial_id: int, news: TrialNews, *, limit: int) -> list[int]:
    """Who of the circle is to be told that by a person, as LINE doesn't reach them: of what is
    offered, who didn't take it yet; else who took part."""
    found = (
        select(circle_seats.c.member_id)
        .join(members, members.c.id == circle_seats.c.member_id)
        .outerjoin(line_accounts, line_accounts.c.user_id == members.c.line_user_id)
        .outerjoin(
            trial_parts,
            (trial_parts.c.member_id == circle_seats.c.member_id)
            & (trial_parts.c.trial_id == trial_id),
        )
        .where(
            circle_seats.c.state == "in",
            STANDS,
            func.coalesce(_TOOK_PART, false()) == (news != "invite"),
            func.coalesce(trial_parts.c.told, "") != news,
            or_(members.c.line_user_id.is_(None), line_accounts.c.blocked.is_(True)),
        )
    )
    if news == "invite":
        found = found.where(members.c.membership == "active")
    return list(uow.run(found.order_by(circle_seats.c.member_id).limit(limit)).scalars())


def take_over(uow: UnitOfWork, keep_id: int, other_id: int) -> None:
    """What the other card did is the keeper's. Of two votes the later one counts, of two samples
    the one that was fetched, else the keeper's."""
    mine = {each.trial_id: each for each in of_member(uow, keep_id)}
    for theirs in of_member(uow, other_id):
        own = mine.get(theirs.trial_id)
        put(uow, replace(_together(own, theirs) if own else theirs, member_id=keep_id))
        uow.run(delete(trial_parts).where(_its(other_id, theirs.trial_id)))


def _together(own: TrialPart, theirs: TrialPart) -> TrialPart:
    samples = sorted(
        (own, theirs), key=lambda each: (each.fetched_at is None, each.sample_no is None)
    )
    vote = max((own, theirs), key=lambda each: each.voted_at or _NEVER)
    told = max((own, theirs), key=lambda each: each.told_at or _NEVER)
    return replace(
        samples[0],
        choice=vote.choice,
        voted_at=vote.voted_at,
        told=told.told,
        told_at=told.told_at,
    )


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Keeps that somebody voted and had a sample, for the count, and nothing by which it is known
    whose it was."""
    mine = trial_parts.c.member_id.in_(member_ids)
    nothing = dict.fromkeys(("sampled_key", "fetched_key", "told", "told_at"))
    uow.run(update(trial_parts).where(mine).values(nothing))
    uow.run(delete(trial_parts).where(mine, ~_TOOK_PART))


def _part(row: Row[Any]) -> TrialPart:
    return TrialPart(**{name: getattr(row, name) for name in TrialPart.__dataclass_fields__})
