"""A word to somebody who stays away."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.base import Impossible
from rules.sending.policy import Topic
from rules.wording.words import Words

from ..candidates import Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DueMessage, JourneyReason, MemberOnDay
from ..parts import (
    JourneyId,
    JourneyStep,
    MeasureDays,
    PictureKind,
    Priority,
    UsefulHours,
    VisitsMin,
)


class LapsedStep(JourneyStep):
    """After `days` without a visit."""

    days: Annotated[int, Field(ge=7, le=730)]


class Lapsed(Journey):
    """Away for so many days: in steps, and after the last one nothing more."""

    kind: Literal["lapsed"] = "lapsed"
    id: JourneyId = "lapsed"
    steps: Annotated[tuple[LapsedStep, ...], Field(min_length=1, max_length=5)] = (
        LapsedStep(days=60),
        LapsedStep(days=90),
        LapsedStep(days=150),
    )
    visits_min: VisitsMin = 1
    topic: Topic = "comeback"
    priority: Priority = 1
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 14
    picture: PictureKind = "comeback"

    own_placeholders = ("days",)
    about_absence = True
    buttons = ("card", "rewards")
    guess = Guess(reach=0.04, base=0.08, lift=0.05)
    persuades = True

    @model_validator(mode="after")
    def _steps_rise(self) -> "Lapsed":
        days = [step.days for step in self.steps]
        if days != sorted(set(days)):
            raise Impossible("steps_rise")
        return self

    @property
    def own_steps(self) -> tuple[JourneyStep, ...]:
        return self.steps

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        late = self.late_days(club)
        yield from (self.among(span=club.away_for(s.days, late=late)) for s in self.steps)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The last step that they have been away for; each is over when the next begins."""
        ends = None
        for place in reversed(range(len(self.steps))):
            days = self.steps[place].days
            since = member.away_until(days)
            if since <= member.day:
                period = f"{member.facts.away_since.isoformat()}:{days}"
                return JourneyReason(period, since, ends, place, values={"days": member.days_away})
            ends = since
        return "came_lately"

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        if not due.step:
            return super().forms(member, due)
        return ("last" if due.step == len(self.steps) - 1 else "again",)

    def explained(self, words: Words) -> str:
        days = words.numbers(step.days for step in self.steps)
        return words.say("journey.explained.lapsed", days=days)
