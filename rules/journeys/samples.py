"""What a test can find at a club's size, so that nobody waits for what can't be seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..science.samples import Trial, smallest_lift
from .journey import Guess, Journey
from .words import arms_of

#: For so many days a club must have seen a journey, for its own number of episodes to be believed.
KNOWN_FROM_DAYS = 90
#: Who waits for more than so many times what a message is likely to bring, waits for nothing.
_WISHFUL = 2


@dataclass(frozen=True, slots=True)
class ClubSize:
    """How large a club is, and how often its messages fall due."""

    members: int
    #: How many episodes a journey has a year, by its id, where the club's own past tells.
    episodes: Mapping[str, float] = field(default_factory=dict)

    def a_year(self, journey: Journey, guess: Guess) -> float:
        """How many episodes `journey` has a year."""
        return self.episodes.get(journey.id, 12 * self.members * guess.reach)


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


def before_it_starts(tested: Sequence[tuple[Journey, float]], size: ClubSize) -> Outlook | None:
    """What a year can show of these messages together, in a club of that size that holds back such
    shares of them; None where nobody is held back."""
    trials = [
        _trial(journey, journey.guess, size, (1 - share, share))
        for journey, share in tested
        if journey.guess and share and size.members > 0
    ]
    return outlook(_together(trials)) if trials else None


def of_versions(journey: Journey, size: ClubSize, *, share: float) -> Outlook | None:
    """What a year can show between the two smallest of its versions; None where there is one."""
    guess, weights = journey.guess, sorted(arm.weight for arm in arms_of(journey))
    if guess is None or len(weights) < 2 or size.members <= 0:
        return None
    one, two = ((1 - share) * weight / sum(weights) for weight in weights[:2])
    return outlook(_trial(journey, guess, size, (one, two)))


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


def _trial(journey: Journey, guess: Guess, size: ClubSize, sides: tuple[float, float]) -> Trial:
    return Trial(
        size.a_year(journey, guess), *sides, guess.base, guess.lift,
        measure_days=journey.measure_days,
    )  # fmt: skip
