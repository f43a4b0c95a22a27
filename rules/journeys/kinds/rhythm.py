"""A word to somebody who comes less often than they used to."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from rules.base import Impossible
from rules.sending.policy import JourneyTopic
from rules.wording.words import Words

from ..absence import AbsenceJourney
from ..candidates import Candidates, ClubOnDay
from ..journey import Guess
from ..member import DAY, JourneyReason, MemberOnDay
from ..parts import Days, JourneyId, PictureKind, Priority, RestDays, UsefulHours, VisitsMin


class Rhythm(AbsenceJourney):
    """Drifting away, by the member's own rhythm."""

    kind: Literal["rhythm"] = "rhythm"
    id: JourneyId = "rhythm"
    #: Not asked any more: programmes of before say after how many times the usual gap.
    times: Annotated[Decimal, Field(ge=1.5, le=5, decimal_places=1)] | None = None
    #: Who comes every day is not lost after a weekend.
    days_min: Days = 7
    #: Who is away longer has lapsed.
    days_max: Days = 59
    visits_min: VisitsMin = 5
    topic: JourneyTopic = "comeback"
    priority: Priority = 3
    useful_hours: UsefulHours = 24 * 5
    again_after_days: RestDays = 30
    picture: PictureKind = "calendar"

    buttons = ("card", "rewards")
    guess = Guess(reach=0.1, base=0.4, lift=0.1)

    @model_validator(mode="after")
    def _some_days(self) -> "Rhythm":
        if self.days_max < self.days_min:
            raise Impossible("days_order")
        return self

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        # Who drifts before `days_min` is written as much later.
        late = self.late_days(club) + self.days_min
        away_by = club.day - DAY * self.days_min
        yield self.among(span=club.drifting_for(0, late=late), away_by=away_by)

    def reasons(self, member: MemberOnDay) -> Sequence[JourneyReason] | str:
        """From the day on which they drift, and not so long that other words are needed."""
        silence = member.silence_before_drift
        if silence is None:
            return "no_rhythm"
        since = member.away_until(max(self.days_min, silence))
        ends = member.away_until(self.days_max + 1)
        if since >= ends:
            return "rhythm_too_slow"
        period, values = member.facts.away_since.isoformat(), {"days": member.days_away}
        return [JourneyReason(period, since, ends, values=values)]

    def explained(self, words: Words) -> str:
        return words.say("journey.explained.rhythm", first=self.days_min, last=self.days_max)
