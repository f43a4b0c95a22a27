"""Best wishes for the New Year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.sending.policy import JourneyTopic
from rules.wording.words import Words
from rules.zodiac import animal_of

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import Days, JourneyId, MeasureDays, PictureKind, Priority, UsefulHours

#: Wishes are given until 7 January (松の内); after it they come too late.
_WISH_DAYS = 7


class NewYearGreeting(Journey):
    """In the first days of January, to those who came in the last `within_days`: spread over
    `spread_days`, so that the answers don't all come on one, and on New Year's Day, too, if the
    shop is open. Where it is shut, on the first open day of the first seven."""

    kind: Literal["new_year"] = "new_year"
    id: JourneyId = "new_year"
    within_days: Days = 366
    spread_days: Annotated[int, Field(ge=1, le=5)] = 3
    topic: JourneyTopic = "birthday"
    priority: Priority = 4
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * _WISH_DAYS
    picture: PictureKind = "new_year"

    own_placeholders = ("year", "animal")
    buttons = ("card",)
    guess = Guess(reach=0.06, base=0.5, lift=0.05)
    wishes_new_year = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        first = _new_years_day(club.day)
        if club.day < first + DAY * (_WISH_DAYS + club.missed_days):
            yield self.among(span=LAST_VISIT_ON.span(first - DAY * self.within_days, club.day))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """Once a year; the day of their own goes by the one on which they joined."""
        facts, first = member.facts, _new_years_day(member.day)
        if facts.last_visit_on is None:
            return "never_came"
        if facts.last_visit_on < first - DAY * self.within_days:
            return "away_for_long"
        since = first + DAY * (facts.joined_on.toordinal() % self.spread_days)
        return JourneyReason(str(first.year), since, first + DAY * _WISH_DAYS)

    def trigger_of(self, member: MemberOnDay, period: str) -> JourneyReason | str:
        """What was queued is due, whatever the programme says of the days by now."""
        reason = self.trigger(member)
        since = _new_years_day(member.day)
        return reason if isinstance(reason, str) else replace(reason, since=since)

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        words = Words(member.programme, member.language)
        animal = words.say(f"zodiac.{animal_of(int(due.period)).id}")
        return {**super().named(member, due), "year": due.period, "animal": animal}

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"days": self.within_days}


def _new_years_day(day: date) -> date:
    return day.replace(month=1, day=1)
