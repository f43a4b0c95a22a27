"""A test that is ended: what was known of the message then, and what is sent from then on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from .journey import Journey
from .results import Comparison, JourneyResult, Word
from .words import arms_of

#: decided: the test is over, so that fewer are held back. rolled_out: besides, one arm goes to
#: everybody else. undone: the test goes on as the programme has it.
Step = Literal["decided", "rolled_out", "undone"]


@dataclass(frozen=True, slots=True)
class JourneyDecision:
    """What was decided of a version of a journey. The newest of several counts."""

    journey: str
    version: int
    #: Counts from 1 for each version.
    number: int
    at: datetime
    step: Step
    #: Who did: the owner, by a command, or the night.
    by: Literal["owner", "night"]
    #: The arm that brings most, or is sent to everybody; None: all arms go on.
    arm: str | None = None
    #: What was known then; None where it was too early for anything.
    word: Word | None = None
    #: How many more come for a hundred messages, with the range.
    about: float | None = None
    low: float | None = None
    high: float | None = None
    #: How many episodes were complete.
    episodes: int = 0


@dataclass(frozen=True, slots=True)
class NoDecision:
    """Why nothing is decided (`journey.deciding.no.<code>`)."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, when, and what is in force until then."""

    by: Literal["owner", "night"]
    at: datetime
    #: The newest of the version's decisions; None for none.
    last: JourneyDecision | None

    @property
    def in_force(self) -> JourneyDecision | None:
        return in_force(self.last)

    def takes(self, journey: Journey, step: Step, **known: Any) -> JourneyDecision:
        number = self.last.number + 1 if self.last else 1
        return JourneyDecision(journey.id, journey.version, number, self.at, step, self.by, **known)


def in_force(last: JourneyDecision | None) -> JourneyDecision | None:
    """What holds after the newest decision: nothing where that took the others back."""
    return last if last and last.step != "undone" else None


def arm_for_all(journey: Journey, decision: JourneyDecision | None) -> str | None:
    """The arm that everybody is sent; None where arms are drawn, also since the programme has
    dropped the one that was rolled out."""
    if decision is None or decision.step != "rolled_out":
        return None
    return decision.arm if decision.arm in _arms(journey) else None


def decide(result: JourneyResult, decider: Decider) -> JourneyDecision | NoDecision:
    """Ends the test with what is known now."""
    if decider.in_force:
        return NoDecision("already", {"at": decider.in_force.at})
    if result.whole is None and not result.between:
        return NoDecision("alone")
    subject = _subject(result, result.winner)
    if subject is None or subject.effect is None:
        months = result.whole.months if result.whole else None
        return NoDecision("early" if months else "early_unknown", {"count": months})
    if subject.effect.word == "fails":
        # To end its test would send more of it.
        return NoDecision("fails")
    return decider.takes(result.journey, "decided", arm=result.winner, **_known(subject))


def roll_out(
    result: JourneyResult, decider: Decider, arm: str | None = None
) -> JourneyDecision | NoDecision:
    """From now on `arm` (None: the winner) goes to everybody but the share that stays held back."""
    journey, before = result.journey, decider.in_force
    arms = _arms(journey)
    if arm is not None and arm not in arms:
        return NoDecision("no_arm", {"arm": arm, "arms": arms})
    if arm is None:
        decided = before.arm if before else None
        arm = result.winner or (decided if decided in arms else None)
    if arm is None:
        return NoDecision("no_winner", {"arms": arms})
    if before and before.step == "rolled_out" and before.arm == arm:
        return NoDecision("rolled_out", {"arm": arm, "at": before.at})
    subject = _subject(result, arm)
    return decider.takes(journey, "rolled_out", arm=arm, **(_known(subject) if subject else {}))


def undo(journey: Journey, decider: Decider) -> JourneyDecision | NoDecision:
    """Takes back what was decided: the test goes on as the programme has it."""
    if decider.in_force is None:
        return NoDecision("nothing")
    return decider.takes(journey, "undone")


def promote(result: JourneyResult, decider: Decider) -> JourneyDecision | None:
    """What the night does by itself: rolls the winner out, where the programme wants that, and
    nobody has decided anything of this version yet, or taken it back."""
    if result.journey.promote != "winner" or decider.last or result.winner is None:
        return None
    found = roll_out(result, decider)
    return found if isinstance(found, JourneyDecision) else None


def _arms(journey: Journey) -> Sequence[str]:
    return [arm.id for arm in arms_of(journey)]


def _subject(result: JourneyResult, arm: str | None) -> Comparison | None:
    """What is known of that arm, against silence or against another; of all arms for None."""
    of_arm = next((each for each in (*result.arms, *result.between) if each.arm == arm), None)
    first = next(iter(result.between), None)
    if of_arm is None and first is not None and arm is not None and arm == first.against:
        return _turned(first)
    return of_arm or result.whole or first


def _turned(seen: Comparison) -> Comparison:
    """The same, seen from the other side."""
    effect = seen.effect
    if effect is not None:
        word: Word = "works" if effect.high < 0 else "unknown"
        about, low, high = -effect.about, -effect.high, -effect.low
        effect = replace(effect, about=about, low=low, high=high, word=word)
    return replace(
        seen, arm=seen.against, against=seen.arm, mine=seen.other, other=seen.mine, effect=effect
    )


def _known(subject: Comparison) -> dict[str, Any]:
    episodes = subject.mine.sums.episodes + subject.other.sums.episodes
    effect = subject.effect
    if effect is None:
        return {"episodes": episodes}
    return {
        "word": effect.word,
        "about": effect.about,
        "low": effect.low,
        "high": effect.high,
        "episodes": episodes,
    }
