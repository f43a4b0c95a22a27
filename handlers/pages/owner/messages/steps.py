"""What an owner may decide of a journey's test now, and what each step means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handlers.showing.journey_counts import KeptResults
from rules.journeys.arms import share_held_back
from rules.journeys.deciding import (
    Decider,
    JourneyDecision,
    NoDecision,
    Step,
    decide,
    roll_out,
    undo,
)
from rules.journeys.results import JourneyResult
from rules.journeys.words import arms_of
from rules.wording.words import Words

from ...current import current_club


@dataclass(frozen=True, slots=True)
class StepOffered:
    """What one may decide of a journey's test."""

    step: Step
    #: The version that goes to everybody, by its id and by how it begins; "" for none.
    arm: str = ""
    called: str = ""
    #: What it does, in a line.
    does: str = ""
    #: Whether it is what the figures speak for.
    is_best: bool = False


def step_text(step: str) -> str:
    """The text of its button."""
    return f"owner.results.step.{step}"


def decision_now(
    kept: KeptResults, result: JourneyResult, step: str, arm: str
) -> JourneyDecision | NoDecision:
    """What would be decided by that step now, or why nothing."""
    last = kept.decisions.get(result.journey.id)
    decider = Decider("owner", current_club().now(), last)
    if step == "decided":
        return decide(result, decider)
    if step == "rolled_out":
        return roll_out(result, decider, arm)
    return undo(result.journey, decider)


def steps_offered(
    words: Words, kept: KeptResults, result: JourneyResult, called: Mapping[str, str]
) -> Iterator[StepOffered]:
    """What can be decided now."""
    arms = [each.id for each in arms_of(result.journey)]
    offered = [_offered(words, result, "decided", is_best=result.is_clear)]
    # Where nothing is known of any, there is nothing to choose by yet.
    if any(each.effect for each in result.between):
        for arm in arms:
            step = _offered(words, result, "rolled_out", is_best=arm == result.winner)
            offered.append(replace(step, arm=arm, called=called.get(arm, arm)))
    offered.append(_offered(words, result, "undone"))
    for each in offered:
        if isinstance(decision_now(kept, result, each.step, each.arm), JourneyDecision):
            yield each


def share_after(words: Words, result: JourneyResult) -> int:
    """How many of a hundred are sent nothing once the test is over."""
    return round(100 * share_held_back(result.journey, words.programme, decided=True))


def _offered(
    words: Words, result: JourneyResult, step: Step, *, is_best: bool = False
) -> StepOffered:
    """The step with what it does, and what becomes of several versions."""
    arms = len(arms_of(result.journey))
    which = f"{step}_arms" if step == "decided" and arms > 1 else step
    does = words.say(f"owner.results.does.{which}", arms=arms)
    return StepOffered(step, does=does, is_best=is_best)
