"""Best wishes in the birth month or on the birthday."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.activity import Trigger
from rules.facts import Birthday
from rules.programme.programme import Programme
from rules.programme.rewards import in_hand
from rules.sending.policy import JourneyTopic
from rules.shop import day_in_year, days, month_start, next_month
from rules.wording.explain_earning import campaign_sentence
from rules.wording.highlights import voucher_lines
from rules.wording.texts import month_word
from rules.wording.words import Words

from ..candidates import Candidates, ClubOnDay
from ..journey import Guess, Journey
from ..member import DAY, DueMessage, JourneyReason, MemberOnDay
from ..parts import (
    JourneyId,
    MeasureDays,
    PictureKind,
    Priority,
    RestDays,
    UsefulHours,
)

#: A wish for a birthday is no more one when it comes later than the third day.
_WISH_DAYS = 3


class BirthdayGreeting(Journey):
    """In the birth month or on the birthday, or some days before. Once a year, however often the
    date is corrected."""

    kind: Literal["birthday"] = "birthday"
    id: JourneyId = "birthday"
    #: None: what the programme celebrates.
    when: Literal["month", "day"] | None = None
    days_before: Annotated[int, Field(ge=0, le=60)] = 0
    topic: JourneyTopic = "birthday"
    priority: Priority = 1
    measure_days: MeasureDays = 31
    useful_hours: UsefulHours = 24 * 31
    # From a December birthday corrected to a January one, there would be two within weeks.
    again_after_days: RestDays = 180
    picture: PictureKind = "birthday"

    own_placeholders = ("month",)
    buttons = ("card", "rewards")
    guess = Guess(reach=0.05, base=0.5, lift=0.1)

    def candidates(self, club: ClubOnDay) -> Iterator[Candidates]:
        # A wish comes some days before at the earliest, and a few days after at the latest.
        first, last = club.day - DAY * _WISH_DAYS, club.day + DAY * self.days_before
        months = {day.month for day in days(first, last + DAY)}
        yield from (self.among(birth_month=month) for month in sorted(months))

    def trigger(self, member: MemberOnDay) -> JourneyReason | str:
        """28 February stands in for the 29th."""
        born = member.facts.birthday
        if born is None:
            return "no_birthday"
        when = self._celebrated(member.programme)
        for year in (member.day.year, member.day.year + 1):
            starts, ends = _celebration(born, year, monthly=when == "month")
            since = starts - DAY * self.days_before
            if since <= member.day < ends:
                values = {"month": date(year, born.month, 1), "starts": starts}
                return JourneyReason(str(year), since, ends, values=values)
        return "another_time"

    def _celebrated(self, programme: Programme) -> Literal["month", "day"]:
        return self.when or programme.profile.birthday_is

    def forms(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        when = self._celebrated(member.programme)
        return (f"{when}_soon" if member.day < due.values["starts"] else when,)

    def named(self, member: MemberOnDay, due: DueMessage) -> dict[str, Any]:
        month = month_word(member.language, due.values["month"])
        return {**super().named(member, due), "month": month}

    def brought(self, member: MemberOnDay, due: DueMessage) -> tuple[Trigger, date] | None:
        is_given = member.facts.counts.get(f"birthday:{due.period}")
        return ("birthday", due.values["starts"]) if is_given else None

    def gifts(self, member: MemberOnDay, due: DueMessage) -> tuple[str, ...]:
        words, starts = Words(member.programme, member.language), due.values["starts"]
        held = [v for v in in_hand(member.facts, member.day) if v.reason == "birthday"]
        campaigns = [
            campaign
            for campaign in member.programme.campaigns
            if campaign.birth_month
            and (campaign.starts is None or campaign.starts <= starts)
            and (campaign.ends is None or starts <= campaign.ends)
        ]
        return (
            *voucher_lines(words, (v for v in held if v.given_on >= starts)),
            *(f"✨ {campaign_sentence(words, campaign)}" for campaign in campaigns),
        )

    def explained(self, words: Words) -> str:
        when = self._celebrated(words.programme)
        key = f"birthday_{when}_before" if self.days_before else f"birthday_{when}"
        return words.say(f"journey.explained.{key}", count=self.days_before)

    def is_owed(self, programme: Programme) -> bool:
        given = (reward.given.kind for reward in programme.rewards if reward.given)
        earned = (rule.on for rule in programme.earning)
        multiplied = any(campaign.birth_month for campaign in programme.campaigns)
        return "birthday" in given or "birthday" in earned or multiplied


def _celebration(born: Birthday, year: int, *, monthly: bool) -> tuple[date, date]:
    """When it is, as a half-open range."""
    day = day_in_year(year, born.month, born.day)
    if monthly:
        return month_start(day), next_month(day)
    return day, day + DAY * _WISH_DAYS
