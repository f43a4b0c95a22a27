"""A campaign of the season that begins."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.base import Id
from rules.outlook.campaign_days import begins_for, begins_on, has_days
from rules.programme.campaigns import Campaign
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.wording.explain_earning import campaign_sentence
from rules.wording.words import Words

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import Days, JourneyId, Priority, UsefulHours, VisitsMin


class CampaignBegins(Journey):
    """Once for each campaign: on the day on which it begins for them or `days_before`, to those who
    came in the last `within_days` and whom it is for. Those that begin on one day are told
    together."""

    kind: Literal["campaign"] = "campaign"
    id: JourneyId = "campaign"
    #: Its id; None: each that has a first day, but those of certain hours (`off_peak`).
    campaign: Id | None = None
    days_before: Annotated[int, Field(ge=0, le=30)] = 0
    within_days: Days = 180
    visits_min: VisitsMin = 1
    topic: JourneyTopic = "points"
    priority: Priority = 6
    useful_hours: UsefulHours = 24 * 5

    own_placeholders = ("target",)
    buttons = ("today", "card")
    guess = Guess(reach=0.6, base=0.5, lift=0.05)
    persuades = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        late, told = DAY * self.late_days(club), self.told(club.programme)
        before = DAY * self.days_before
        on_days = [day - before for each in told for day in _first_days(each)]
        days = [on for on in on_days if on <= club.day < on + late]
        if days:
            yield self.among(span=LAST_VISIT_ON.span(min(days) - DAY * self.within_days, club.day))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """The last day on which some begin that are for them."""
        told, by = self.told(member.programme), member.day + DAY * self.days_before
        if not any(day <= by for each in told for day in _first_days(each)):
            return "no_campaign"
        if member.facts.last_visit_on is None:
            return "never_came"
        mine = [each for each in told if begins_for(each, member.facts)]
        starts = [on for each in mine if (on := begins_on(each, member.facts)) and on <= by]
        return self._reason(member, max(starts)) if starts else "for_others"

    def trigger_of(self, member: MemberOnDay, period: str) -> JourneyReason | str:
        """Those of its day, whatever has begun since."""
        told, facts = self.told(member.programme), member.facts
        alone = next((each for each in told if period == _alone(each)), None)
        if alone is not None:
            on = begins_on(alone, facts)
            return self._reason(member, on, alone) if on else "no_campaign"
        days = {day.isoformat(): day for each in told for day in _first_days(each)}
        return self._reason(member, days[period]) if period in days else "no_campaign"

    def _reason(
        self, member: MemberOnDay, starts: date, alone: Campaign | None = None
    ) -> JourneyReason | str:
        """What begins on that day for them, or the one of it. Its day alone names the period:
        whoever was told of it isn't told again because it is told earlier by now, or one more
        begins then. One that began for others before, and begins alone, is told of under its own
        name, by which whoever was told with the first isn't told again."""
        since, came = starts - DAY * self.days_before, member.facts.last_visit_on
        if came is None or came < since - DAY * self.within_days:
            return "away_for_long"
        facts = member.facts
        told = (alone,) if alone else self.told(member.programme)
        begin = [each for each in told if begins_on(each, facts) == starts]
        for_them = tuple(each for each in begin if begins_for(each, facts))
        if not for_them:
            return "for_others"
        ends = [each.ends for each in for_them]
        last = max((each for each in ends if each), default=None) if all(ends) else None
        is_alone = len(for_them) == 1 and for_them[0].first is not None
        return JourneyReason(
            _alone(for_them[0]) if is_alone else starts.isoformat(),
            since,
            last + DAY if last else None,
            values={"campaigns": for_them, "starts": starts},
        )

    def told(self, programme: Programme) -> tuple[Campaign, ...]:
        those = self.may_tell_of(programme)
        if self.campaign is None:
            return tuple(each for each in those if not each.hours)
        return tuple(each for each in those if each.id == self.campaign)

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        words = Words(member.programme, member.language)
        return {"target": words.listed(words.name(c.name) for c in due.values["campaigns"])}

    def gifts(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        words = Words(member.programme, member.language)
        return tuple(f"✨ {campaign_sentence(words, each)}" for each in due.values["campaigns"])

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        return ("on",) if due.values["starts"] <= member.day else ()

    @property
    def tells_of(self) -> str | None:
        return self.campaign

    def may_tell_of(self, programme: Programme) -> tuple[Campaign, ...]:
        return tuple(each for each in programme.campaigns if each.starts and has_days(each))

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"count": self.days_before, "days": self.within_days}

    def explained(self, words: Words) -> str:
        form = "campaign_before" if self.days_before else "campaign"
        return words.say(f"journey.explained.{form}", **self.explained_with)

    def is_idle(self, programme: Programme) -> bool:
        return not self.told(programme)


def _first_days(campaign: Campaign) -> tuple[date, ...]:
    """The days on which it begins: for all, or for some and then for the others."""
    if campaign.starts is None:
        return ()
    first = campaign.first
    return (campaign.starts, first.until + DAY) if first else (campaign.starts,)


def _alone(campaign: Campaign) -> str:
    """The period of it alone: the same for whoever has it first and for the others."""
    return f"{campaign.starts}:{campaign.id}"
