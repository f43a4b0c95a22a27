"""What messages about the inner circle speak of, read for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.store import UnitOfWork
from bot.store.events import seats, trial_parts, trials
from bot.store.events.trials import StoredTrial
from handlers.actions.telling.circle_messages import SayCircleInvite, SayOfTrial
from handlers.actions.telling.messages import SayRank, SayReached
from rules.events.circle import CircleSeat
from rules.events.trial import TrialFigures, TrialPart

_OF_CIRCLE = SayRank | SayReached | SayCircleInvite | SayOfTrial


@dataclass(frozen=True, slots=True)
class CircleAtHand:
    """What messages about the circle speak of: the seats of who reads them, by member; the trials,
    what came together in each, and who took which part, by member and trial."""

    seats: dict[int, CircleSeat] = field(default_factory=dict)
    trials: dict[int, StoredTrial] = field(default_factory=dict)
    figures: dict[int, TrialFigures] = field(default_factory=dict)
    parts: dict[tuple[int, int], TrialPart] = field(default_factory=dict)


def circle_at_hand(uow: UnitOfWork, said: Iterable[tuple[int, object]]) -> CircleAtHand:
    """What is needed for what is said, each with the member it goes to."""
    spoken = [(member, say) for member, say in said if isinstance(say, _OF_CIRCLE)]
    if not spoken:
        return CircleAtHand()
    readers = {member for member, _ in spoken}
    ids = {say.trial for _, say in spoken if isinstance(say, SayOfTrial)}
    theirs = seats.of_members(uow, readers)
    if not ids:
        return CircleAtHand(theirs)
    known = trials.many(uow, ids)
    parts = trial_parts.of_members(uow, readers, ids)
    return CircleAtHand(theirs, known, trial_parts.figures(uow, ids), parts)
