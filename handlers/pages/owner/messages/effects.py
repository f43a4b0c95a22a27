"""Pictures of what messages bring: the range in which it lies, on one scale for all of a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from rules.broadcasts.trial import ArmAgainst
from rules.explaining.result_words import visitors
from rules.journeys.results import Comparison

from ...staff.frame.words import words_now

#: No scale shows less than so many visitors of a hundred, nor more.
_LEAST, _MOST, _STEP = 10, 100, 5


@dataclass(frozen=True, slots=True)
class EffectRange:
    """So many more visitors for a hundred messages."""

    about: float
    low: float
    high: float
    #: "works", "unknown" or "fails".
    word: str
    #: So many pay for the messages; None where nobody knows what a visit earns.
    break_even: float | None = None

    @property
    def spread(self) -> float:
        """How wide it is, and so how exactly its figures may be told."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class EffectPicture:
    """A range on its scale: each figure as a share of the width, in hundredths."""

    range: EffectRange
    #: At both ends of the scale, below and above nought.
    scale: int
    #: The same in words.
    label: str

    def at(self, visitors: float) -> float:
        """Where that many stand, 0 to 100."""
        within = max(-self.scale, min(self.scale, visitors))
        return round(50 + 50 * within / self.scale, 2)


def range_of(seen: Comparison | None) -> EffectRange | None:
    """A journey's messages against sending nothing; None while nothing is to be said."""
    if seen is None or seen.effect is None:
        return None
    effect = seen.effect
    likely = effect.about if effect.word == "unknown" else effect.likely
    about = effect.about if likely is None else max(effect.low, min(effect.high, likely))
    return EffectRange(about, effect.low, effect.high, effect.word, seen.break_even)


def range_of_arm(seen: ArmAgainst) -> EffectRange | None:
    """A broadcast's version against another, or against nothing."""
    if seen.word == "early":
        return None
    word = {"more": "works", "fewer": "fails"}.get(seen.word, "unknown")
    return EffectRange(seen.about, seen.low, seen.high, word)


def scale_of(ranges: Iterable[EffectRange | None]) -> int:
    """One scale for all of them, in steps of five visitors."""
    ends = [max(abs(each.low), abs(each.high)) for each in ranges if each]
    return min(_MOST, max(_LEAST, ceil(max(ends, default=0) / _STEP) * _STEP))


def picture(found: EffectRange, scale: int) -> EffectPicture:
    """The range on that scale, and in the reader's words."""
    words = words_now()
    told = {"about": found.about, "low": found.low, "high": found.high}
    said = {name: visitors(words, count, found.spread) for name, count in told.items()}
    return EffectPicture(found, scale, words.say("owner.results.picture", **said))


def alone(found: EffectRange | None) -> EffectPicture | None:
    """The same on a scale of its own."""
    return picture(found, scale_of([found])) if found else None
