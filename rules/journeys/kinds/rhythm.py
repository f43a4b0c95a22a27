"""A word to somebody who comes less often than they used to."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.base import Impossible
from rules.sending.policy import Topic
from rules.wording.words import Words

from ..candidates import Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import JourneyReason, MemberOnDay
from ..parts import Days, JourneyId, PictureKind, Priority, RestDays, UsefulHours, VisitsMin


class Rhythm(Journey):
    """Away for longer than the member's own usual gap."""

    kind: Literal["rhythm"] = "rhythm"
    id: JourneyId = "rhythm"
    #: After so many times the usual gap.
    times: Annotated[Decimal, Field(ge=1.5, le=5, decimal_places=1)] = Decimal(2)
    #: Who comes every day is not lost after a weekend.
    days_min: Days = 7
    #: Who is away longer has lapsed.
    days_max: Days = 59
    visits_min: VisitsMin = 5
    topic: Topic = "comeback"
    priority: Priority = 3
    useful_hours: UsefulHours = 24 * 5
    again_after_days: RestDays = 30
    picture: PictureKind = "calendar"

    own_placeholders = ("days",)
    about_absence = True
    buttons = ("card", "rewards")
    guess = Guess(reach=0.1, base=0.4, lift=0.1)
    persuades = True

    @model_validator(mode="after")
    def _some_days(self) -> "Rhythm":
        if self.days_max < self.days_min:
            raise Impossible("days_order")
        return self

    def broken_after(self, gap: int) -> int:
        """For how many days somebody who usually comes every `gap` days is away before it means
        something."""
        return max(self.days_min, ceil(self.times * gap))

    def broken_on(self, member: MemberOnDay) -> date | None:
        """The day on which it means something if they haven't come; None for who has no rhythm
        yet."""
        gap = member.facts.usual_gap
        return None if gap is None else member.away_until(self.broken_after(gap))

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        late = self.late_days(club)
        for gap in range(1, floor(self.days_max / self.times) + 1):
            away = club.away_for(self.broken_after(gap), late=late)
            yield self.among(gap_days=gap, span=away)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """Away for longer than their own gaps, and not so long that other words are needed."""
        since = self.broken_on(member)
        if since is None:
            return "no_rhythm"
        ends = member.away_until(self.days_max + 1)
        if since >= ends:
            return "rhythm_too_slow"
        if member.day < since:
            return "came_lately"
        period = member.facts.away_since.isoformat()
        return JourneyReason(period, since, ends, values={"days": member.days_away})

    def explained(self, words: Words) -> str:
        times, first, last = words.times(self.times), self.days_min, self.days_max
        return words.say("journey.explained.rhythm", times=times, first=first, last=last)
