"""What a member's last month was, to those who came steadily."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.outlook.month import MonthRecap, last_month
from rules.sending.policy import JourneyTopic
from rules.shop import add_months, month_start
from rules.wording.highlights import recap_lines
from rules.wording.texts import month_word
from rules.wording.words import Words

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import JourneyId, PictureKind, Priority, UsefulHours


class MonthEnds(Journey):
    """At the beginning of a month, to those who came `visits_in_month` times or more in the one
    before: their days, points and badges as one picture."""

    kind: Literal["month_recap"] = "month_recap"
    id: JourneyId = "month_recap"
    visits_in_month: Annotated[int, Field(ge=1, le=31)] = 3
    topic: JourneyTopic = "visits"
    priority: Priority = 8
    useful_hours: UsefulHours = 24 * 7
    picture: PictureKind = "month"

    own_placeholders = ("month", "count")
    buttons = ("history", "card")
    names_next_step = True
    guess = Guess(reach=0.3, base=0.8, lift=0.03)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        first = month_start(club.day)
        if club.day < first + DAY * self.late_days(club):
            span = LAST_VISIT_ON.span(add_months(first, -1), club.day)
            yield self.among(span=span, visits_min=self.visits_in_month)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        recap = last_month(member.facts, member.day)
        if recap.visits < self.visits_in_month:
            return "few_in_month"
        period = f"{recap.month:%Y-%m}"
        return JourneyReason(period, month_start(member.day), values={"recap": recap})

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        recap: MonthRecap = due.values["recap"]
        return {"month": month_word(member.language, recap.month), "count": recap.visits}

    def gifts(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        return recap_lines(Words(member.programme, member.language), due.values["recap"])

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.visits_in_month}
