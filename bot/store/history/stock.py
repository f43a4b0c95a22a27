"""Stock: how many of each reward were handed out. Counted here, outside the rules, as it is shared
by all members."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from rules.programme.programme import Programme
from rules.programme.rewards import Reward, Withheld

from ..engine.db import UnitOfWork
from ..tables import reward_uses


def take(uow: UnitOfWork, reward: str, limit: int | None) -> bool:
    """Counts one more of `reward` as handed out; False when `limit` were already (None: no limit).

    Transactions that take the same reward wait for each other.
    """
    uow.insert_new(reward_uses, [{"reward": reward, "used": 0}])
    more = update(reward_uses).where(reward_uses.c.reward == reward)
    if limit is not None:
        more = more.where(reward_uses.c.used < limit)
    return uow.run(more.values(used=reward_uses.c.used + 1)).rowcount == 1


def give_back(uow: UnitOfWork, reward: str) -> None:
    """Counts one less of `reward`; never below none, so that a use from before there was a count
    can be given back too."""
    uow.run(
        update(reward_uses)
        .where(reward_uses.c.reward == reward, reward_uses.c.used > 0)
        .values(used=reward_uses.c.used - 1)
    )


def all_used(uow: UnitOfWork) -> dict[str, int]:
    """How many of each reward were handed out and not given back."""
    return {row.reward: row.used for row in uow.run(select(reward_uses))}


def left(uow: UnitOfWork, rewards: Iterable[Reward]) -> dict[str, int]:
    """How many are left of those rewards that are limited. Asks nobody where none is."""
    limited = {reward.id: reward.stock for reward in rewards if reward.stock is not None}
    taken = all_used(uow) if limited else {}
    return {name: max(0, stock - taken.get(name, 0)) for name, stock in limited.items()}


def withheld(
    uow: UnitOfWork, programme: Programme, held_until: datetime | None, *, now: datetime
) -> Withheld:
    """The rewards that are not handed out now to a member whose card is held until then."""
    return programme.withheld(left(uow, programme.rewards), held_until, now)
