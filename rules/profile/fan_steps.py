"""The fan steps (ファン認定ステップ): whoever comes often is invited, and may climb a short ladder.

That they said yes or no is part of their history (`FanStepsAnswered`); each step follows from it,
and from what is known of them anyway.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..activity import StepId
from ..base import Impossible, LocalText, Strict
from ..facts import Facts, FanLadder, changed
from .steps import told

#: What a ladder may be of. All but a visit count where they happened before, too.
FanStep = Literal["visit", "profile", "event", "newsletter", "review"]


class FanSteps(Strict):
    """The invitation to the fan steps, once, at so many visits in a month; and the steps."""

    visits_in_month: Annotated[int, Field(ge=1, le=31)] = 3
    message: LocalText
    #: In the order in which they are named.
    steps: Annotated[tuple[FanStep, ...], Field(min_length=1, max_length=5)] = ("visit", "profile")
    #: So many visits from then on make the step of that name.
    visits: Annotated[int, Field(ge=1, le=31)] = 1

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({*self.steps}) < len(self.steps):
            raise Impossible("fan_steps_twice")
        return self

    def done(self, facts: Facts, asked: Collection[StepId]) -> tuple[FanStep, ...]:
        """The steps that they have done; `asked` is what makes a profile whole."""
        counts = facts.counts
        has: dict[FanStep, bool] = {
            "visit": facts.fan is not None and facts.fan.visits >= self.visits,
            "profile": bool(counts.get("profile")) or told(facts).issuperset(asked),
            "event": bool(counts.get("event")),
            "newsletter": bool(counts.get("newsletter")),
            "review": bool(counts.get("review")),
        }
        return tuple(step for step in self.steps if has[step])


def answer(facts: Facts, day: date, *, accepted: bool) -> Facts:
    """`facts` after a yes or a no. Who has done all steps stays there; a yes after a no goes on
    where they were."""
    ladder = facts.fan or FanLadder()
    if ladder.done_on is not None or (ladder.climbs and accepted):
        return facts
    if accepted:
        ladder = replace(ladder, begun_on=ladder.begun_on or day, declined_on=None)
    else:
        ladder = replace(ladder, declined_on=ladder.declined_on or day)
    return changed(facts, fan=ladder)


def with_visit(facts: Facts) -> Facts:
    """`facts` with one visit more of those that count on the ladder."""
    if facts.fan is None or not facts.fan.climbs:
        return facts
    return changed(facts, fan=replace(facts.fan, visits=facts.fan.visits + 1))


def climb(steps: FanSteps | None, facts: Facts, day: date, asked: Collection[StepId]) -> Facts:
    """`facts` with the ladder done, where its last step is."""
    ladder = facts.fan
    if steps is None or ladder is None or not ladder.climbs:
        return facts
    if len(steps.done(facts, asked)) < len(steps.steps):
        return facts
    return changed(facts, fan=replace(ladder, done_on=day))


def together(mine: FanLadder, theirs: FanLadder) -> FanLadder:
    """Of two cards of one person: what either has done; a yes outweighs a no."""
    begun = [day for day in (mine.begun_on, theirs.begun_on) if day]
    declined = [day for day in (mine.declined_on, theirs.declined_on) if day]
    done = [day for day in (mine.done_on, theirs.done_on) if day]
    is_yes = mine.climbs or theirs.climbs or bool(done)
    return FanLadder(
        begun_on=min(begun, default=None),
        declined_on=None if is_yes else max(declined, default=None),
        visits=mine.visits + theirs.visits,
        done_on=min(done, default=None),
    )
