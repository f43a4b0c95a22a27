"""A word to somebody who stays away."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.base import Impossible
from rules.sending.policy import JourneyTopic
from rules.wording.words import Words

from ..absence import AbsenceJourney
from ..candidates import Candidates, ClubOnDay
from ..journey import Guess
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


class Lapsed(AbsenceJourney):
    """Away for so many days: in steps, and after the last one nothing more. For who drifts later
    than the first step, all of them are as much later."""

    kind: Literal["lapsed"] = "lapsed"
    id: JourneyId = "lapsed"
    steps: Annotated[tuple[LapsedStep, ...], Field(min_length=1, max_length=5)] = (
        LapsedStep(days=60),
        LapsedStep(days=90),
        LapsedStep(days=150),
    )
    visits_min: VisitsMin = 1
    topic: JourneyTopic = "comeback"
    priority: Priority = 1
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 14
    picture: PictureKind = "comeback"

    buttons = ("card", "rewards")
    guess = Guess(reach=0.04, base=0.08, lift=0.05)

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
        late, first = self.late_days(club), self.steps[0].days
        for step in self.steps:
            yield from self.away(club, step.days, late=late, drifting=step.days - first)

    def reasons(self, member: MemberOnDay) -> Sequence[JourneyReason]:
        """One for each step; each is over when the next begins."""
        later = member.drifts_later(self.steps[0].days)
        begins = [member.away_until(step.days + later) for step in self.steps]
        since, values = member.facts.away_since.isoformat(), {"days": member.days_away}
        return [
            JourneyReason(f"{since}:{step.days}", begins[place], ends, place, values=values)
            for place, (step, ends) in enumerate(zip(self.steps, (*begins[1:], None), strict=True))
        ]

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        if not due.step:
            return super().forms(member, due)
        return ("last" if due.step == len(self.steps) - 1 else "again",)

    def explained(self, words: Words) -> str:
        days = words.numbers(step.days for step in self.steps)
        return words.say("journey.explained.lapsed", days=days) + self.later_words(words)
