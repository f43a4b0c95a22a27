"""Thanks when all purchases together pass a round amount."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic

from ..candidates import ACTED_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import JourneyId, MeasureDays, Priority, UsefulHours


class SpendMilestone(Journey):
    """All purchases together passed another full `every_yen`."""

    kind: Literal["spend"] = "spend"
    id: JourneyId = "spend"
    every_yen: Annotated[int, Field(ge=1_000, le=10_000_000)] = 50_000
    topic: JourneyTopic = "birthday"
    priority: Priority = 7
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 5

    own_placeholders = ("amount",)
    buttons = ("card", "rewards")
    guess = Guess(reach=0.05, base=0.5, lift=0.1)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        # The instant of an activity may lie on the day after its business day.
        first = club.day - DAY * (self.late_days(club) + 1)
        yield self.among(span=ACTED_ON.span(first, club.day))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """All that was ever spent passed another full amount: told the day after."""
        left = member.facts.spend
        reached = left // self.every_yen
        if not reached:
            return "spend_below"
        for day in reversed(member.facts.days):
            left -= day.yen
            if left // self.every_yen < reached:
                amount = reached * self.every_yen
                return JourneyReason(str(amount), day.on + DAY, values={"amount": amount})
        return "too_late"

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"yen": self.every_yen}

    def lacks(self, programme: Programme) -> str | None:
        return None if programme.purchase else "[purchase]"

    def is_owed(self, programme: Programme) -> bool:
        return any(rule.on == "spend" for rule in programme.earning)
