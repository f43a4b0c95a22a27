"""Taking a reward for points."""

from datetime import datetime

from bot.store import UnitOfWork
from rules.activity import By, Redemption
from rules.timeline import Timeline

from .outcome import Outcome
from .record import Request, record


def redeem(
    uow: UnitOfWork,
    timeline: Timeline,
    member_id: int,
    reward: str,
    *,
    key: str,
    at: datetime,
    by: By,
    store: str | None = None,
    now: datetime,
) -> Outcome:
    """Takes the reward's cost from the member's points, the ones that expire first before others.

    Refused with reward_gone, reward_rank, reward_used_up or reward_points.
    """
    offered = timeline.at(at).programme.reward(reward)
    cost = offered.cost if offered else 0
    request = Request(key, member_id, Redemption(reward, cost), at, by, store)
    return record(uow, timeline, request, now=now)
