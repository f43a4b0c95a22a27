"""Stock: how many of each reward were handed out, and what they were worth then. Counted here,
outside the rules, as it is shared by all members."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from rules.programme.programme import Programme
from rules.programme.rewards import Reward, Withheld

from ..engine.db import UnitOfWork
from ..tables import reward_uses
from . import reward_codes


@dataclass(frozen=True, slots=True)
class Used:
    """How many of a reward were handed out and not given back."""

    times: int = 0
    #: What they were worth in all, each by what it was worth then.
    yen: int = 0


def take(uow: UnitOfWork, reward: Reward) -> bool:
    """Counts one more of `reward` as handed out; False when as many were as there are.

    Transactions that take the same reward wait for each other.
    """
    hold(uow, reward.id)
    more = update(reward_uses).where(reward_uses.c.reward == reward.id)
    if reward.codes is not None and not reward_codes.left(uow, [reward.id])[reward.id]:
        return False
    if reward.stock is not None:
        more = more.where(reward_uses.c.used < reward.stock)
    used = {"used": reward_uses.c.used + 1, "yen": reward_uses.c.yen + reward.value_yen}
    return uow.run(more.values(used)).rowcount == 1


def hold(uow: UnitOfWork, reward: str) -> None:
    """Lets nobody else take that reward before this transaction ends."""
    uow.insert_new(reward_uses, [{"reward": reward, "used": 0, "yen": 0}])
    its = update(reward_uses).where(reward_uses.c.reward == reward)
    uow.run(its.values(used=reward_uses.c.used))


def give_back(uow: UnitOfWork, reward: Reward) -> None:
    """Counts one less of `reward`, as it was when it was handed out; never below none, so that a
    use from before there was a count can be given back too."""
    uow.run(
        update(reward_uses)
        .where(reward_uses.c.reward == reward.id, reward_uses.c.used > 0)
        .values(used=reward_uses.c.used - 1, yen=reward_uses.c.yen - reward.value_yen)
    )


def all_used(uow: UnitOfWork) -> dict[str, Used]:
    """Of each reward that was handed out."""
    return {row.reward: Used(row.used, row.yen) for row in uow.run(select(reward_uses))}


def left(uow: UnitOfWork, rewards: Collection[Reward]) -> dict[str, int]:
    """How many are left of those rewards that are limited. Asks nobody where none is."""
    limited = {reward.id: reward.stock for reward in rewards if reward.stock is not None}
    taken = all_used(uow) if limited else {}
    found = {name: max(0, all_ - taken.get(name, Used()).times) for name, all_ in limited.items()}
    return found | reward_codes.left(uow, [each.id for each in rewards if each.codes])


def withheld(
    uow: UnitOfWork, programme: Programme, held_until: datetime | None, *, now: datetime
) -> Withheld:
    """The rewards that are not handed out now to a member whose card is held until then."""
    return programme.withheld(left(uow, programme.rewards), held_until, now)
