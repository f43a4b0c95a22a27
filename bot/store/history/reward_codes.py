"""Codes for a web shop: brought in sealed, each handed out once, counted outside the rules."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select, update

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import reward_codes

T = TypeVar("T")
#: What a code is sealed for.
SEALED_FOR = "reward code"
_CODES = reward_codes.c
#: So many values one statement takes on every database.
_BATCH = 200
#: Whose a code is that was handed to somebody who is erased by now: nobody else gets it.
_FORGOTTEN = 0


@dataclass(frozen=True, slots=True)
class HandedCode:
    """A code that a member was given."""

    reward: str
    #: Its own, of the reward's codes.
    number: int
    sealed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many codes of a reward there are."""

    left: int = 0
    given: int = 0
    #: Of those left, how many somebody had been given before.
    back: int = 0

    @property
    def all(self) -> int:
        return self.left + self.given


def known(uow: UnitOfWork, reward: str, sealed: Collection[str]) -> set[str]:
    """Those that were brought in before."""
    found: set[str] = set()
    for some in _batches(sealed):
        its = (_CODES.reward == reward, _CODES.sealed.in_(some))
        found |= set(uow.run(select(_CODES.sealed).where(*its)).scalars())
    return found


def add(uow: UnitOfWork, reward: str, sealed: Iterable[str], *, at: datetime) -> int:
    """Brings in those that are new, in their order; gives how many were. The caller lets nobody
    else add to the same reward at the same time."""
    wanted = list(dict.fromkeys(sealed))
    there = known(uow, reward, wanted)
    number = next_number(uow, _CODES.number, reward=reward)
    rows = [
        {"reward": reward, "number": number + n, "sealed": each, "added_at": at}
        for n, each in enumerate(each for each in wanted if each not in there)
    ]
    return sum(uow.insert_new(reward_codes, some) for some in _batches(rows))


def _batches(all_: Collection[T]) -> Iterator[list[T]]:
    rest = list(all_)
    return (rest[start : start + _BATCH] for start in range(0, len(rest), _BATCH))


def give(uow: UnitOfWork, reward: str, member_id: int, seq: int, *, at: datetime) -> bool:
    """Hands one out, those last that had been given before; False where none is left. Who takes
    the same one at this moment is waited for, and one of them takes another."""
    free = (
        select(_CODES.number)
        .where(_CODES.reward == reward, _CODES.member_id.is_(None))
        .order_by(_CODES.back_at.is_not(None), _CODES.number)
        .limit(1)
    )
    while (number := uow.run(free).scalar()) is not None:
        its = (_CODES.reward == reward, _CODES.number == number, _CODES.member_id.is_(None))
        whose = {"member_id": member_id, "seq": seq, "given_at": at}
        if uow.run(update(reward_codes).where(*its).values(**whose)).rowcount == 1:
            return True
    return False


def give_back(uow: UnitOfWork, member_id: int, seq: int, *, at: datetime) -> None:
    """Takes back what the member was given with that activity, if anything was."""
    nobody = {"member_id": None, "seq": None, "given_at": None, "back_at": at}
    its = (_CODES.member_id == member_id, _CODES.seq == seq)
    uow.run(update(reward_codes).where(*its).values(**nobody))


def left(uow: UnitOfWork, rewards: Collection[str]) -> dict[str, int]:
    """How many are left of each of `rewards`."""
    if not rewards:
        return {}
    its = (_CODES.reward.in_(list(rewards)), _CODES.member_id.is_(None))
    count = select(_CODES.reward, func.count()).where(*its).group_by(_CODES.reward)
    found = {reward: int(n) for reward, n in uow.run(count)}
    return {reward: found.get(reward, 0) for reward in rewards}


def counts(uow: UnitOfWork) -> dict[str, CodeCount]:
    """Of each reward that has codes."""
    is_given, was_given = _CODES.member_id.is_not(None), _CODES.back_at.is_not(None)
    by = select(_CODES.reward, is_given, was_given, func.count()).group_by(
        _CODES.reward, is_given, was_given
    )
    found: dict[str, CodeCount] = {}
    for reward, given, back, n in uow.run(by):
        had = found.get(reward, CodeCount())
        found[reward] = CodeCount(
            had.left + (0 if given else n),
            had.given + (n if given else 0),
            had.back + (n if back and not given else 0),
        )
    return found


def of(uow: UnitOfWork, member_ids: Collection[int], *, limit: int) -> Iterator[HandedCode]:
    """What these were given, the newest first."""
    found = select(_CODES.reward, _CODES.number, _CODES.sealed, _CODES.given_at).where(
        _CODES.member_id.in_(list(member_ids))
    )
    newest = found.order_by(_CODES.given_at.desc(), _CODES.number.desc()).limit(limit)
    return (HandedCode(row.reward, row.number, row.sealed, row.given_at) for row in uow.run(newest))


def forget(uow: UnitOfWork, member_ids: Collection[int]) -> None:
    """Takes out whose the codes are that the member was given; they stay handed out."""
    nobody = {"member_id": _FORGOTTEN, "seq": None}
    uow.run(update(reward_codes).where(_CODES.member_id.in_(member_ids)).values(**nobody))
