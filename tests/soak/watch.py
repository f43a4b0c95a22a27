"""The watch over what is sent: every promise of the sending rules, checked by other means than the
rules use themselves."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.base import WEEKDAYS
from rules.journeys.journey import Journey
from rules.programme.points import NoExpiry
from rules.programme.programme import Programme

from .people import Person


@dataclass(frozen=True, slots=True)
class Push:
    """A message that went out."""

    journey: str
    period: str
    at: datetime


@dataclass(slots=True)
class Watch:
    """Everything that was sent, and the promises it kept. AssertionError for one that it broke."""

    programme: Programme
    plan: int
    sent: dict[int, list[Push]] = field(default_factory=lambda: defaultdict(list))
    by_month: Counter[date] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    #: How often points went of somebody whom no message reached.
    unwarned: int = 0

    def pushed(
        self, person: Person, journey: Journey, period: str, *, at: datetime, by_hand: int
    ) -> None:
        """Notes a push, after looking whether it may have gone out; `by_hand` of the month's
        messages the shop sent itself."""
        earlier = self.sent[person.number]
        self._by_the_clock(at, journey)
        self._to_somebody_who_wants_it(person, journey)
        self._within_the_caps(earlier, at)
        assert (journey.id, period) not in [(p.journey, p.period) for p in earlier], "sent twice"
        if journey.kind == "birthday":
            self._one_birthday(earlier, journey, at)
        month = at.astimezone(self._zone).date().replace(day=1)
        self.by_month[month] += 1
        left = self.plan - self.by_month[month] - by_hand
        assert left >= self.programme.sending.quota_reserve, "the shop's reserve was touched"
        earlier.append(Push(journey.id, period, at))
        self.by_kind[journey.kind] += 1

    def expired(self, person: Person, due: date, day: date) -> None:
        """Looks whether the person was warned in time of points due to go on `due` that went on
        `day`, or nobody could and nobody has seen them for long."""
        expiry, facts, shop = self.programme.points.expiry, person.facts, self.programme.shop
        assert not isinstance(expiry, NoExpiry)
        assert day >= due, "points went before their day"
        assert facts.membership != "paused", "points went in a pause"
        warnings = [
            shop.business_date(push.at)
            for push in self.sent[person.number]
            if push.journey == "points_expiring" and push.period.startswith(due.isoformat())
        ]
        silent = person.blocked or "points" in person.topics_left or facts.membership == "left"
        if not silent:
            assert warnings, "points went unwarned"
        if warnings:
            assert (day - warnings[-1]).days >= min(expiry.warn_days), "points went too soon"
        else:
            self.unwarned += 1
            seen = max(facts.joined_on, facts.last_visit_on or facts.joined_on)
            assert (day - seen).days >= 90, "points of somebody seen lately went unwarned"

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.programme.shop.timezone)

    def _by_the_clock(self, at: datetime, journey: Journey) -> None:
        policy, here = self.programme.sending, at.astimezone(self._zone)
        minutes = here.hour * 60 + here.minute
        begins = policy.quiet_until.hour * 60 + policy.quiet_until.minute
        ends = policy.quiet_from.hour * 60 + policy.quiet_from.minute
        assert begins <= minutes < ends, f"sent at {here}"
        assert WEEKDAYS[here.weekday()] not in policy.quiet_weekdays, f"sent on {here}"
        for period in policy.quiet_days:
            assert not period.on <= here.date() <= (period.until or period.on), f"sent on {here}"
        is_new_year = (here.month, here.day) == (1, 1)
        assert not is_new_year or journey.kind == "new_year", "sent on New Year's Day"
        assert self.programme.shop.is_open(here.date()), f"sent on {here}, a closed day"

    def _to_somebody_who_wants_it(self, person: Person, journey: Journey) -> None:
        assert not person.erased, "sent to somebody who was erased"
        assert not person.blocked, "sent to somebody who blocked the account"
        assert journey.topic not in person.topics_left, "sent on a topic they left"
        assert person.facts.membership in journey.states, "sent to somebody who rests or left"

    def _within_the_caps(self, earlier: list[Push], at: datetime) -> None:
        policy = self.programme.sending
        for days, most in (
            (1, policy.per_day_max), (7, policy.per_week_max), (30, policy.per_month_max),
        ):  # fmt: skip
            lately = [push for push in earlier if at - push.at < timedelta(days=days)]
            assert len(lately) < most, f"more than {most} in {days} days"

    def _one_birthday(self, earlier: list[Push], journey: Journey, at: datetime) -> None:
        before = [push for push in earlier if push.journey == journey.id]
        assert all(at - push.at > timedelta(days=150) for push in before), "a birthday twice"
