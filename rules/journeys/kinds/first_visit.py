"""Thanks after the first visit."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic

from ..asking import AskingJourney
from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import Audience, JourneyId, MeasureDays, PictureKind, Priority, UsefulHours


class FirstVisit(AskingJourney):
    """`after_days` after the first visit, as long as no second one came."""

    kind: Literal["first_visit"] = "first_visit"
    id: JourneyId = "first_visit"
    after_days: Annotated[int, Field(ge=1, le=30)] = 3
    topic: JourneyTopic = "visits"
    priority: Priority = 4
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 4
    picture: PictureKind = "card"

    buttons = ("card", "earn")
    guess = Guess(reach=0.04, base=0.35, lift=0.1)
    persuades = True
    names_next_step = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        last = club.day - DAY * self.after_days
        span = LAST_VISIT_ON.span(last - DAY * self.late_days(club), last)
        yield self.among(span=span, visits_max=1)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        first = member.facts.first_visit_on
        if first is None:
            return "never_came"
        if member.facts.visits > 1:
            return "came_again"
        return JourneyReason("once", first + DAY * self.after_days)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}

    def meets(self, other: Audience) -> bool:
        return other.visits_min <= 1 and super().meets(other)

    def is_idle(self, programme: Programme) -> bool:
        return self.visits_min > 1
