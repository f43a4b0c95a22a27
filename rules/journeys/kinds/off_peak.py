"""A campaign for hours in which few come."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.base import Id
from rules.programme.campaigns import Campaign
from rules.programme.programme import Programme
from rules.sending.policy import JourneyTopic
from rules.wording.explain_earning import campaign_sentence
from rules.wording.words import Words

from ..candidates import LAST_VISIT_ON, Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import Days, JourneyId, Priority, RestDays, UsefulHours, VisitsMin

#: The Monday from which the weeks of a campaign without a first day are counted.
_MONDAY = date(2024, 1, 1)


class OffPeakHours(Journey):
    """On a campaign's first day, and every `every_weeks` while it runs, to those who came in the
    last `within_days`. The campaign is for everybody: what is held back is the message."""

    kind: Literal["off_peak"] = "off_peak"
    id: JourneyId = "off_peak"
    #: Its id; None: the first one with hours of its own.
    campaign: Id | None = None
    every_weeks: Annotated[int, Field(ge=2, le=26)] = 4
    within_days: Days = 60
    visits_min: VisitsMin = 1
    topic: JourneyTopic = "points"
    priority: Priority = 7
    useful_hours: UsefulHours = 24 * 7
    again_after_days: RestDays = 14

    own_placeholders = ("target",)
    buttons = ("card",)
    guess = Guess(reach=0.5, base=0.5, lift=0.05)
    persuades = True

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        campaign = self._campaign(club.programme)
        since = self._since(campaign, club.day) if campaign else None
        if since and club.day < since + DAY * self.late_days(club):
            yield self.among(span=LAST_VISIT_ON.span(since - DAY * self.within_days, club.day))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """Once for each of the campaign's stretches of weeks, to whom it can be for."""
        campaign, facts = self._campaign(member.programme), member.facts
        since = self._since(campaign, member.day) if campaign else None
        if campaign is None or since is None:
            return "no_campaign"
        if facts.last_visit_on is None:
            return "never_came"
        if facts.last_visit_on < since - DAY * self.within_days:
            return "away_for_long"
        if not campaign.is_for(facts, member.day):
            return "other_rank"
        if campaign.stores and set(campaign.stores).isdisjoint(facts.stores):
            return "other_store"
        ends = campaign.ends + DAY if campaign.ends else None
        values = {"campaign": campaign}
        return JourneyReason(f"{campaign.id}:{since.isoformat()}", since, ends, values=values)

    def _campaign(self, programme: Programme) -> Campaign | None:
        """The campaign it tells of, where the programme has it."""
        those = self.may_tell_of(programme)
        return next((each for each in those if self.campaign in (None, each.id)), None)

    def _since(self, campaign: Campaign, day: date) -> date | None:
        """The first day of the weeks that `day` is in; None while the campaign doesn't run."""
        first = campaign.starts or _MONDAY
        if day < first or (campaign.ends and day > campaign.ends):
            return None
        return day - (day - first) % (DAY * 7 * self.every_weeks)

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        return {"target": due.values["campaign"].name.in_(member.language)}

    def gifts(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        words = Words(member.programme, member.language)
        return (f"✨ {campaign_sentence(words, due.values['campaign'])}",)

    def told(self, programme: Programme) -> tuple[Campaign, ...]:
        campaign = self._campaign(programme)
        return (campaign,) if campaign else ()

    @property
    def tells_of(self) -> str | None:
        return self.campaign

    def may_tell_of(self, programme: Programme) -> tuple[Campaign, ...]:
        return tuple(each for each in programme.campaigns if each.hours)

    @property
    def explained_with(self) -> dict[str, Any]:
        return {"weeks": self.every_weeks, "days": self.within_days}

    def is_idle(self, programme: Programme) -> bool:
        return self._campaign(programme) is None
