"""The invitation to the fan steps."""

from collections.abc import Iterator
from typing import Literal

from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, Draft, JourneyReason, MemberOnDay
from ..parts import (
    JourneyId,
    MeasureDays,
    PictureKind,
    Priority,
    TextPart,
    UsefulHours,
)


class FanStepsInvitation(Journey):
    """The invitation to the fan steps, for those who were not told by an answer in the chat."""

    kind: Literal["fan_steps"] = "fan_steps"
    id: JourneyId = "fan_steps"
    topic: JourneyTopic = "ranks"
    priority: Priority = 6
    measure_days: MeasureDays = 30
    useful_hours: UsefulHours = 24 * 3
    picture: PictureKind = "card"

    buttons = ("fan_steps_begin", "fan_steps_decline")
    guess = Guess(reach=0.03, base=0.6, lift=0.1)
    names_next_step = True
    looks_at_chat = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        if steps := club.programme.fan_steps:
            first = club.day - DAY * (self.late_days(club) + 1)
            span = LAST_VISIT_ON.span(first, club.day)
            yield self.among(span=span, visits_min=steps.visits_in_month)

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """Invited by a visit that was not answered in the chat."""
        invited = member.facts.fan_invited_on
        if invited is None or member.programme.fan_steps is None:
            return "not_invited"
        if member.facts.fan is not None:
            return "answered"
        if member.background.told_steps:
            return "told_in_chat"
        return JourneyReason("once", invited + DAY)

    def our_text(self, what: TextPart, draft: Draft) -> str:
        steps = draft.member.programme.fan_steps
        if what == "body" and steps:
            return steps.message.in_(draft.member.language)
        return super().our_text(what, draft)

    def lacks(self, programme: Programme) -> str | None:
        return None if programme.fan_steps else "[fan_steps]"
