"""Thanks after a visit, and how was it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.sending.policy import JourneyTopic

from ..asking import AskingJourney
from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, Priority, RestDays, UsefulHours, VisitsMin


class AfterVisit(AskingJourney):
    """Thanks, and how was it: `after_days` after a visit, now and then."""

    kind: Literal["after_visit"] = "after_visit"
    id: JourneyId = "after_visit"
    after_days: Annotated[int, Field(ge=1, le=30)] = 1
    visits_min: VisitsMin = 2
    topic: JourneyTopic = "visits"
    priority: Priority = 8
    useful_hours: UsefulHours = 24 * 2
    again_after_days: RestDays = 90

    buttons = ("feedback",)
    guess = Guess(reach=0.2, base=0.5, lift=0.1)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        last = club.day - DAY * self.after_days
        yield self.among(span=LAST_VISIT_ON.span(last - DAY * self.late_days(club), last))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        last = member.facts.last_visit_on
        if last is None:
            return "never_came"
        return JourneyReason(last.isoformat(), last + DAY * self.after_days)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}
