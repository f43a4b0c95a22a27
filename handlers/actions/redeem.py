"""Taking a reward for points."""

from datetime import datetime

from bot.store import UnitOfWork, members
from rules.activity import By, Redemption
from rules.timeline import Timeline

from .once import once
from .outcome import Outcome
from .record import Request, carry_out


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
    # The price is not part of what was asked: a repeat after a new price list is still a repeat.
    asked = f"redeem {member_id} {reward} {store} {by}"

    def work() -> Outcome:
        member = members.lock(uow, member_id)
        offered = timeline.at(min(at, now)).programme.reward(reward)
        what = Redemption(reward, offered.cost if offered else 0)
        return carry_out(
            uow, timeline, member, Request(key, member_id, what, at, by, store), now=now
        )

    return once(uow, key, asked, work, now=now)
