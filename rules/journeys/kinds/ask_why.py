"""Asking a good customer who stays away what is the matter; staff telephone first."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.sending.policy import JourneyTopic
from rules.wording.words import Words

from ..absence import AbsenceJourney
from ..candidates import Candidates, ClubOnDay
from ..journey import Guess
from ..member import DAY, DueLater, DueMessage, JourneyReason, MemberOnDay
from ..parts import JourneyId, MeasureDays, Priority, RestDays, UsefulHours, VisitsMin


class AskWhy(AbsenceJourney):
    """A good customer stayed away: asked why, once; who drifts later, as much later. Staff have
    `call_days` to telephone first; nobody who was reached is asked again by a message."""

    kind: Literal["ask_why"] = "ask_why"
    id: JourneyId = "ask_why"
    days: Annotated[int, Field(ge=14, le=730)] = 70
    call_days: Annotated[int, Field(ge=0, le=60)] = 7
    visits_min: VisitsMin = 10
    topic: JourneyTopic = "comeback"
    priority: Priority = 2
    measure_days: MeasureDays = 60
    useful_hours: UsefulHours = 24 * 7
    again_after_days: RestDays = 180

    buttons = ("survey",)
    guess = Guess(reach=0.02, base=0.05, lift=0.05)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        yield from self.away(club, self.days, late=self.late_days(club) + self.call_days)

    def reasons(self, member: MemberOnDay) -> Sequence[JourneyReason] | str:
        """Away for long. It begins with the days in which staff telephone, since a call is a good
        part of what is tested: whom they reach by then is among those it was meant for."""
        first = self._first_day_to_call(member)
        called = member.background.called_on
        if called is not None and member.facts.away_since <= called < first:
            return "called"
        return [JourneyReason(self.period_of(member), first, values={"days": member.days_away})]

    def sends_on(self, reason: JourneyReason) -> date:
        """After staff had their days to telephone."""
        return reason.since + DAY * self.call_days

    def still_due(self, member: MemberOnDay, period: str) -> DueMessage | None:
        return None if _was_called(member) else super().still_due(member, period)

    def due_later(self, member: MemberOnDay, period: str) -> DueLater | None:
        return None if _was_called(member) else super().due_later(member, period)

    def explained(self, words: Words) -> str:
        call = self.call_days
        first = words.say("journey.explained.call_first", call=call) if call else ""
        return super().explained(words) + self.later_words(words) + first

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.days, "visits": self.visits_min}

    def period_of(self, member: MemberOnDay) -> str:
        """The absence they are in, called about or written about."""
        return f"{member.facts.away_since.isoformat()}:{self.days}"

    # ── The calls before it ──

    def callees(self, club: ClubOnDay) -> Iterator[Candidates]:
        """Whom staff may have to telephone on that day; `is_to_call` decides."""
        return self.away(club, self.days, late=self.call_days)

    def is_to_call(self, member: MemberOnDay) -> bool:
        """Whether it waits for staff to telephone them."""
        first = self._first_day_to_call(member)
        is_for = self.not_for(member) is None
        is_time = first <= member.day < first + DAY * self.call_days
        return is_for and is_time and not _was_called(member)

    def _first_day_to_call(self, member: MemberOnDay) -> date:
        return member.away_until(self.days + member.drifts_later(self.days))


def _was_called(member: MemberOnDay) -> bool:
    """Whether staff spoke with them in this absence."""
    called = member.background.called_on
    return called is not None and called >= member.facts.away_since
