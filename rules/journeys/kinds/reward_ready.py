"""Points for a reward that lie unused."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.programme.programme import Programme
from rules.programme.rewards import Reward, on_offer, standing
from rules.sending.policy import JourneyTopic

from ..candidates import ACTIVE_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, Priority, RestDays, UsefulHours


class RewardReady(Journey):
    """Points for a reward are there, and for `after_days` the member did nothing that keeps
    them."""

    kind: Literal["reward_ready"] = "reward_ready"
    id: JourneyId = "reward_ready"
    after_days: Annotated[int, Field(ge=1, le=180)] = 21
    topic: JourneyTopic = "points"
    priority: Priority = 7
    useful_hours: UsefulHours = 24 * 5
    again_after_days: RestDays = 60

    own_placeholders = ("target",)
    buttons = ("rewards", "card")
    guess = Guess(reach=0.05, base=0.3, lift=0.1)
    persuades = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        costs = [r.cost for r in club.programme.rewards if r.cost and not r.is_for_others]
        if costs:
            last = club.day - DAY * self.after_days
            quiet = ACTIVE_ON.span(last - DAY * self.late_days(club), last)
            yield self.among(span=quiet, balance_min=min(costs))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The dearest reward that can be had, if they did nothing for a while."""
        ready = [reward for reward in member.programme.rewards if _is_ready(reward, member)]
        if not ready:
            return "no_reward_ready"
        quiet = member.facts.active_on
        dearest = max(ready, key=lambda reward: (reward.cost or 0, reward.id))
        since = quiet + DAY * self.after_days
        ends = dearest.ends + DAY if dearest.ends else None
        return JourneyReason(f"{dearest.id}:{quiet.isoformat()}", since, ends, target=dearest.id)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}

    def is_idle(self, programme: Programme) -> bool:
        return not programme.rewards


def _is_ready(reward: Reward, member: MemberOnDay) -> bool:
    now = standing(reward, member.facts, member.day, member.background.withheld)
    return now.ready and on_offer(reward, member.day) and not reward.is_for_others
