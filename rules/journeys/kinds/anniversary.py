"""Thanks on the anniversary of joining."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from rules.activity import Trigger
from rules.programme.badges import full_years
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.shop import add_months, day_in_year

from ..asking import AskingJourney
from ..candidates import JOINED_ON, Candidates, ClubOnDay
from ..journey import Guess
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import JourneyId, MeasureDays, PictureKind, Priority, UsefulHours

#: Years of membership are looked for so far back.
_YEARS_MAX = 50


class AnniversaryGreeting(AskingJourney):
    """Each full year of membership."""

    kind: Literal["anniversary"] = "anniversary"
    id: JourneyId = "anniversary"
    topic: JourneyTopic = "birthday"
    priority: Priority = 5
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 7
    picture: PictureKind = "card"

    own_placeholders = ("years",)
    buttons = ("card", "rewards")
    guess = Guess(reach=0.06, base=0.5, lift=0.1)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        for years in range(1, _YEARS_MAX + 1):
            first = add_months(club.day - DAY * self.late_days(club), -12 * years)
            # Who joined on 29 February has it on 1 March.
            last = add_months(club.day, -12 * years)
            yield self.among(span=JOINED_ON.span(first - DAY, last))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """Another full year; who joined on 29 February has it on 1 March."""
        joined = member.facts.joined_on
        years = full_years(joined, member.day)
        if years < 1:
            return "first_year"
        since = day_in_year(joined.year + years, joined.month, joined.day)
        if full_years(joined, since) < years:
            since += DAY
        return JourneyReason(str(years), since, values={"years": years, "count": years})

    def brought(self, member: MemberOnDay, due: DueMessage) -> tuple[Trigger, date] | None:
        return "anniversary", member.day - 14 * DAY

    def is_owed(self, programme: Programme) -> bool:
        return any(rule.on == "anniversary" for rule in programme.earning)
