"""Thanks after a visit, and how was it."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from ...sending.policy import Topic
from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, Found, MemberOnDay
from ..parts import Count, Hours, JourneyId, Priority, RestDays


class AfterVisit(Journey):
    """Thanks, and how was it: `after_days` after a visit, now and then."""

    kind: Literal["after_visit"] = "after_visit"
    id: JourneyId = "after_visit"
    after_days: Annotated[int, Field(ge=1, le=30)] = 1
    visits_min: Count = 2
    topic: Topic = "visits"
    priority: Priority = 8
    useful_hours: Hours = 24 * 2
    again_after_days: RestDays = 90

    buttons = ("feedback",)
    guess = Guess(reach=0.2, base=0.5, lift=0.1)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        last = club.day - DAY * self.after_days
        yield self.among(span=LAST_VISIT_ON.span(last - DAY * self.late_days(club), last))

    def trigger(self, member: MemberOnDay) -> Found | str:
        last = member.facts.last_visit_on
        if last is None:
            return "never_came"
        return Found(last.isoformat(), last + DAY * self.after_days)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.after_days}
