"""On which side of its test an episode falls: asked by the job that queues, by the preview, and by
the list of calls, which all must say the same."""

from dataclasses import dataclass
from typing import Literal

from .arms import arm_of, is_held_back, share_held_back
from .deciding import JourneyDecision, arm_for_all
from .journey import Journey
from .member import MemberOnDay
from .words import arm_named


@dataclass(frozen=True, slots=True)
class Draw:
    """The side that was drawn."""

    arm: str
    #: Why nothing is sent: it is of the share held back, or drawn to an arm that is for others.
    withheld: Literal["held_out", "other_audience"] | None
    #: With which probability it was to be held back.
    share: float
    #: By the models of that moment, of a visit within the journey's `measure_days`.
    chance: float


def draw(
    journey: Journey,
    member: MemberOnDay,
    salt: str,
    period: str,
    decision: JourneyDecision | None = None,
) -> Draw:
    """For an episode of the member with that `salt` (see `arms`); `decision` is what was decided of
    the journey's version and holds."""
    share = share_held_back(journey, member.programme, decided=decision is not None)
    arm = arm_for_all(journey, decision) or arm_of(journey, salt, period)
    withheld: Literal["held_out", "other_audience"] | None = None
    if is_held_back(journey, salt, period, share):
        withheld = "held_out"
    elif arm_named(journey, arm).leaves_out(member.facts, member.language):
        withheld = "other_audience"
    return Draw(arm, withheld, share, member.chance_within(journey.measure_days))
