"""Who reads which version, and who is held back: drawn from the member, never by chance.

The same member always falls on the same side of a test, on every machine and however often it is
asked. Both draws are separate, so that a larger holdout moves nobody from arm to arm.
"""

from hashlib import sha256
from itertools import accumulate

from .journey import Journey
from .words import arms_of

_PARTS = 2**32


def is_held_back(journey: Journey, salt: str) -> bool:
    """Whether the member with that `salt` gets nothing, to see what the message does."""
    return _draw(journey, salt, "holdout") < journey.holdout


def arm_of(journey: Journey, salt: str) -> str:
    """The arm of the member with that `salt` (a string that stays theirs), by the arms' weights."""
    arms = arms_of(journey)
    place = _draw(journey, salt, "arm") * sum(arm.weight for arm in arms)
    ends = accumulate(arm.weight for arm in arms)
    return next(arm.id for arm, end in zip(arms, ends, strict=True) if place < end)


def _draw(journey: Journey, salt: str, what: str) -> float:
    """A number from 0 up to 1 that only depends on the member, the test and `what` is drawn."""
    digest = sha256(f"{what}:{journey.id}:{journey.version}:{salt}".encode()).digest()
    return int.from_bytes(digest[:4]) / _PARTS
