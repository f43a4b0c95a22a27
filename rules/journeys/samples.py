"""What a test can find at a club's size, so that nobody waits for what can't be seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..science.samples import Trial, smallest_lift
from .journey import Guess, Journey
from .words import arms_of

#: Who waits for more than so many times what a message is likely to bring, waits for nothing.
_WISHFUL = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a year can show."""

    #: How many episodes fall due in it.
    episodes: float
    #: The smallest number of visitors more, for a hundred messages, that shows; None where not even
    #: what nobody would hope for does.
    lift: float | None


def outlook(trial: Trial, *, messages: float = 1.0) -> Outlook:
    """What a year of `trial` can show, where an episode sends so many messages on average."""
    lift = smallest_lift(trial)
    if lift is None or lift > _WISHFUL * trial.planned_lift:
        return Outlook(trial.episodes, None)
    return Outlook(trial.episodes, 100 * lift / messages)


def before_it_starts(tested: Sequence[tuple[Journey, float]], *, members: int) -> Outlook | None:
    """What a year can show of these messages together, in a club of so many members that holds back
    such shares of them; None where nobody is held back."""
    trials = [
        _trial(journey, journey.guess, members, 1 - share, share)
        for journey, share in tested
        if journey.guess and share and members > 0
    ]
    return outlook(_together(trials)) if trials else None


def of_versions(journey: Journey, *, members: int, share: float) -> Outlook | None:
    """What a year can show between the two smallest of its versions; None where there is one."""
    guess, weights = journey.guess, sorted(arm.weight for arm in arms_of(journey))
    if guess is None or len(weights) < 2 or members <= 0:
        return None
    one, two = ((1 - share) * weight / sum(weights) for weight in weights[:2])
    return outlook(_trial(journey, guess, members, one, two))


def _together(trials: Sequence[Trial]) -> Trial:
    """One test of all of them, each by its episodes."""
    total = sum(each.episodes for each in trials)

    def mean(of: Callable[[Trial], float]) -> float:
        return sum(of(each) * each.episodes for each in trials) / total

    return Trial(
        total,
        mean(lambda each: each.share),
        mean(lambda each: each.against),
        mean(lambda each: each.base),
        mean(lambda each: each.planned_lift),
        measure_days=max(each.measure_days for each in trials),
    )


def _trial(journey: Journey, guess: Guess, members: int, share: float, against: float) -> Trial:
    return Trial(
        12 * members * guess.reach, share, against, guess.base, guess.lift,
        measure_days=journey.measure_days,
    )  # fmt: skip
