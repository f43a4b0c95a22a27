"""One visit more, and there is a rank or a badge."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from rules.judging.one_visit_short import NearGoal, close_to
from rules.outlook.next_step import next_step
from rules.programme.badges import VisitCount
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic

from ..candidates import Candidates, ClubOnDay, IndexedDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import JourneyId, Priority, RestDays, UsefulHours, VisitsMin

#: Up to and with this day one visit brings a rank or a badge.
_CLOSE_UNTIL = IndexedDay("close_until", lambda facts, _: facts.close_until)


class OneShort(Journey):
    """One visit short of a rank or a badge."""

    kind: Literal["one_short"] = "one_short"
    id: JourneyId = "one_short"
    to: Annotated[tuple[Literal["rank", "badge"], ...], Field(min_length=1)] = ("rank", "badge")
    #: Of a rank: sent in the last so many days it can be made in.
    days_left_max: Annotated[int, Field(ge=1, le=62)] = 10
    #: Sent so long after the last visit, which told them itself.
    wait_days: Annotated[int, Field(ge=1, le=30)] = 3
    visits_min: VisitsMin = 1
    topic: JourneyTopic = "ranks"
    priority: Priority = 4
    useful_hours: UsefulHours = 24 * 5
    again_after_days: RestDays = 20

    own_placeholders = ("target", "until")
    buttons = ("card", "rank")
    guess = Guess(reach=0.1, base=0.4, lift=0.1)
    persuades = True
    own_day = _CLOSE_UNTIL

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        programme = club.programme
        if programme.ranks or any(isinstance(b.needs, VisitCount) for b in programme.badges):
            yield self.among(span=_CLOSE_UNTIL.span(club.day, date.max))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """What one visit brings, where it is the next step that the card names, once the last visit
        is `wait_days` ago."""
        last = member.facts.last_visit_on
        if last is None:
            return "never_came"
        for close in close_to(member.programme, member.facts, member.day):
            since = last + DAY * self.wait_days
            if close.to not in self.to or not member.visits_possible(close.until + DAY):
                continue
            if close.to == "rank":
                since = max(since, close.until + DAY - DAY * self.days_left_max)
            if since <= member.day and _is_named(member, close):
                return _short_of(member, close, since)
        return "not_one_short"

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        return (due.values["to"],)

    def taps(self, due: DueMessage) -> tuple[str, ...]:
        return ("card", "badges") if due.values["to"] == "badge" else self.buttons

    def is_idle(self, programme: Programme) -> bool:
        by_visits = programme.ranks is not None and programme.ranks.measure == "visits"
        needs = [badge.needs for badge in programme.badges if not badge.hidden]
        return not by_visits and not any(isinstance(need, VisitCount) for need in needs)


def _is_named(member: MemberOnDay, close: NearGoal) -> bool:
    withheld = member.background.withheld
    step = next_step(member.programme, member.facts, member.day, withheld)
    return (step.target, step.visits) == (close.target, 1)


def _short_of(member: MemberOnDay, close: NearGoal, since: date) -> JourneyReason:
    until = close.until if close.to == "rank" else None
    period = f"rank:{close.target}:{until}" if until else f"badge:{close.target}"
    values = {"until": until and member.last_open(until), "to": close.to}
    return JourneyReason(period, since, close.until + DAY, target=close.target, values=values)
