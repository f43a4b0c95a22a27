"""Stock: how many of each reward were handed out, and what they were worth then. Counted here,
outside the rules, as it is shared by all members."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from rules.programme.programme import Programme
from rules.programme.rewards import Reward, Withheld

from ..engine.db import UnitOfWork
from ..orders import reservations
from ..orders.reservations import MayReserve
from ..tables import reward_uses
from . import reward_codes


@dataclass(frozen=True, slots=True)
class Used:
    """How many of a reward were handed out and not given back."""

    times: int = 0
    #: What they were worth in all, each by what it was worth then.
    yen: int = 0


def take(uow: UnitOfWork, reward: Reward, *, now: datetime, reserved: int | None = None) -> bool:
    """Counts one more of `reward` as handed out; False when as many were, or are set aside, as
    there are. `reserved`: the reservation for which it is handed out, if it is for one.

    Transactions that take the same reward wait for each other.
    """
    hold(uow, reward.id)
    if not has_left(uow, reward, now=now, but=reserved):
        return False
    used = {"used": reward_uses.c.used + 1, "yen": reward_uses.c.yen + reward.value_yen}
    uow.run(update(reward_uses).where(reward_uses.c.reward == reward.id).values(used))
    return True


def has_left(uow: UnitOfWork, reward: Reward, *, now: datetime, but: int | None = None) -> bool:
    """Whether there is one of it that is neither handed out nor set aside, `but` for that one
    reservation. Certain for whoever holds the reward (`hold`)."""
    if reward.stock is None and reward.codes is None:
        return True
    its = select(reward_uses.c.used, reservations.count_of(now, but=but).label("aside"))
    used, aside = uow.run(its.where(reward_uses.c.reward == reward.id)).one()
    if reward.stock is not None and used + aside >= reward.stock:
        return False
    return reward.codes is None or reward_codes.left(uow, [reward.id])[reward.id] > aside


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


def left(uow: UnitOfWork, rewards: Collection[Reward], *, now: datetime) -> dict[str, int]:
    """How many are left of those rewards that are limited. Asks nobody where none is."""
    limited = {reward.id: reward.stock for reward in rewards if reward.stock is not None}
    coded = [reward.id for reward in rewards if reward.codes]
    if not (limited or coded):
        return {}
    counts = select(reward_uses, reservations.count_of(now).label("aside"))
    taken = {row.reward: (row.used, row.aside) for row in uow.run(counts)}
    none = (0, 0)
    found = {name: max(0, all_ - sum(taken.get(name, none))) for name, all_ in limited.items()}
    codes = reward_codes.left(uow, coded).items()
    return found | {name: max(0, n - taken.get(name, none)[1]) for name, n in codes}


def withheld(
    uow: UnitOfWork, programme: Programme, member: MayReserve, *, now: datetime
) -> Withheld:
    """The rewards that are not handed out to the member now."""
    aside = reservations.reserved_for(uow, member, now=now)
    held_until = member.held_until
    return programme.withheld(left(uow, programme.rewards, now=now), held_until, now, aside)
