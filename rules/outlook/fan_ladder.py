"""The fan steps as they stand for a member: invited or not, on the ladder, done with it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..facts import Facts
from ..profile.fan_steps import FanStep, FanSteps
from ..programme.programme import Programme
from ..shop import month_start

#: "early": not invited yet; "invited": asked, without an answer.
LadderState = Literal["early", "invited", "climbing", "declined", "done"]


@dataclass(frozen=True, slots=True)
class LadderNow:
    """How far a member is."""

    state: LadderState
    steps: FanSteps
    done: tuple[FanStep, ...]
    #: The visits of theirs that count on it.
    visits: int
    #: How many visits of this month are missing for the invitation.
    missing: int
    #: Since when it is done.
    done_on: date | None

    @property
    def left(self) -> tuple[FanStep, ...]:
        """The steps yet to do, in order."""
        return tuple(step for step in self.steps.steps if step not in self.done)

    @property
    def may_begin(self) -> bool:
        return self.state in ("invited", "declined")


def ladder_now(programme: Programme, facts: Facts, day: date) -> LadderNow | None:
    """None where the club has no fan steps."""
    steps = programme.fan_steps
    if steps is None:
        return None
    ladder = facts.fan
    came = facts.totals(month_start(day), day + timedelta(days=1)).visits
    return LadderNow(
        _state(facts),
        steps,
        # What is done stays so, whatever the programme asks of others by now.
        steps.steps
        if ladder is not None and ladder.done_on
        else steps.done(facts, programme.profile.asked),
        ladder.visits if ladder else 0,
        max(0, steps.visits_in_month - came),
        ladder.done_on if ladder else None,
    )


def _state(facts: Facts) -> LadderState:
    ladder = facts.fan
    if ladder is not None and ladder.done_on is not None:
        return "done"
    if ladder is not None and ladder.climbs:
        return "climbing"
    if ladder is not None and ladder.declined_on is not None:
        return "declined"
    return "invited" if facts.fan_invited_on is not None else "early"
