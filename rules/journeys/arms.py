"""Who reads which version, and who is held back: drawn anew for each episode, never by chance.

An episode is a member's period of a journey: an absence, a birthday, a rank within reach. The same
episode always falls on the same side, on every machine and however often it is asked; the next one
of the same member is another draw. The draws of arm and holdout are separate, so that a larger
holdout moves nobody from arm to arm.

The draws of two journeys have nothing to do with each other, nor have those of two steps of one
absence: so each one's effect stays unbiased where their windows overlap, and episodes tell as much
as they are many. P. Klasnja et al., "Microrandomized trials: an experimental design for developing
just-in-time adaptive interventions", Health Psychology 34 (2015), 1220-1228.
"""

from itertools import accumulate

from ..programme.programme import Programme
from ..science.lot import lot
from .journey import Journey
from .words import arms_of

#: The share held back where a message should bring somebody in: until it is known whether it does,
#: and from then on.
OPEN_HOLDOUT, SETTLED_HOLDOUT = 0.3, 0.1


def share_held_back(journey: Journey, programme: Programme, *, decided: bool = False) -> float:
    """With which probability an episode is held back. What the owner says counts, but nobody is
    held back from what they are owed; once it is `decided` what the journey's version brings, no
    more are than it takes to go on measuring."""
    if journey.is_owed(programme):
        return 0
    share = journey.holdout
    if share is None:
        share = OPEN_HOLDOUT if journey.persuades else 0
    return min(share, SETTLED_HOLDOUT) if decided else share


def is_held_back(journey: Journey, salt: str, period: str, share: float) -> bool:
    """Whether that episode gets nothing, to see what the message does: with that probability.
    `salt` is a string that stays the member's."""
    return _draw(journey, salt, period, "holdout") < share


def arm_of(journey: Journey, salt: str, period: str) -> str:
    """The arm of that episode, by the arms' weights."""
    arms = arms_of(journey)
    place = _draw(journey, salt, period, "arm") * sum(arm.weight for arm in arms)
    ends = accumulate(arm.weight for arm in arms)
    return next(arm.id for arm, end in zip(arms, ends, strict=True) if place < end)


def _draw(journey: Journey, salt: str, period: str, what: str) -> float:
    """A number from 0 up to 1 that only depends on the episode, the test and `what` is drawn."""
    return lot(f"{what}:{journey.id}:{journey.version}", salt, period)
