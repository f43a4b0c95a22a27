"""Somebody on some day: all that a journey looks at, and what it has for them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ..base import Lang
from ..facts import Facts
from ..outlook.next_step import visits_possible
from ..programme.points import Lot
from ..programme.programme import Programme
from ..programme.rewards import NOTHING_WITHHELD, Withheld
from ..science.drift import drift_on, silence_before_drift
from ..science.learned import ReturnModels
from ..science.pattern import pattern_of
from ..shop import Shop
from ..wording.words import Words

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the member beside the facts."""

    language: Lang = "ja"
    #: The points they have.
    lots: tuple[Lot, ...] = ()
    #: The day on which this journey was last queued for them; None: never.
    sent_on: date | None = None
    #: When staff last spoke with them on the telephone.
    called_on: date | None = None
    #: An answer in the chat invited them to the fan steps.
    told_steps: bool = False
    #: The rewards that aren't handed out to them now.
    withheld: Withheld = NOTHING_WITHHELD


@dataclass(frozen=True, slots=True)
class MemberOnDay:
    """A member on business day `day`. `facts` are settled up to it (`decide.advance`)."""

    programme: Programme
    facts: Facts
    day: date
    #: What the club has learned of its members' returns.
    models: ReturnModels
    background: Background = Background()

    @property
    def shop(self) -> Shop:
        return self.programme.shop

    @property
    def language(self) -> Lang:
        return self.background.language

    @property
    def drift_on(self) -> date | None:
        """The day on which they drift, if they don't come before; None for who never came."""
        return drift_on(self.models, self.shop, self.facts)

    def chance_within(self, days: int) -> float:
        """By the models, of a visit within so many days from this one; 0 for who never came."""
        pattern = pattern_of(self.facts, self.day)
        return 0.0 if pattern is None else self.models.chance_within(pattern, days)

    @property
    def silence_before_drift(self) -> int | None:
        """For how many days they stay away before they drift; None where the models don't tell,
        and for who rests or left: nobody waits for them."""
        if self.facts.membership != "active":
            return None
        return silence_before_drift(self.models, self.facts)

    def drifts_later(self, days: int) -> int:
        """How many days later than after `days` away they drift: who comes rarely is not missed
        before. 0 for whoever drifts by then."""
        return max(0, (self.silence_before_drift or 0) - days)

    @property
    def days_away(self) -> int:
        return (self.day - self.facts.away_since).days

    def away_until(self, days: int) -> date:
        """The day on which they will have been away for `days`, those not counted on which the
        shop was specially closed."""
        return self.shop.forth(self.facts.away_since, days)

    def visits_possible(self, end: date) -> int:
        """How many visits they can still make from today to `end` (exclusive)."""
        return visits_possible(self.programme, self.facts, self.day, end)

    def last_open(self, until: date) -> date:
        """The last day up to and with `until` on which they can come, asked now."""
        return self.shop.last_open(until, since=self.day)

    def name_of(self, target: str | None) -> str:
        """The name of the rank, badge or reward with that id; empty for none."""
        programme, wanted = self.programme, target or ""
        rank = programme.ranks.get(wanted) if programme.ranks else None
        found = programme.badge(wanted) or programme.reward(wanted) or rank
        return found.name.in_(self.language) if found else ""

    def gift(self, *, points: int, reward: str | None) -> str:
        """What is given, in words: 「100ポイント」, 「「本日の焼き菓子」」, or both."""
        return Words(self.programme, self.language).gift(points=points, reward=reward)


@dataclass(frozen=True, slots=True)
class JourneyReason:
    """A reason to write: `period` makes it the only one of its kind for this member."""

    period: str
    #: The first day on which it holds.
    since: date
    #: The first day on which it no longer will; None: open.
    ends: date | None = None
    #: The journey's step, from 0.
    step: int = 0
    #: The rank, badge or reward it is about.
    target: str | None = None
    #: What its texts may name, and what it needs to know to choose among them.
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueMessage:
    """To be written, once per (member, journey, period). Step, target and values are those of
    the reason."""

    period: str
    #: Not to be written after this moment (UTC).
    useful_until: datetime
    step: int
    target: str | None
    values: dict[str, Any]
    #: Queued and drawn already, but not to go out before this moment (UTC); None: at once.
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueLater:
    """Queued too early: due from `since` to `useful_until` (UTC), if they don't come before."""

    since: datetime
    useful_until: datetime


@dataclass(frozen=True, slots=True)
class NotDue:
    """Not to be written; `reason` names its sentence in the texts (`journey.not_due.<reason>`)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message in the making: for whom, why, for which arm of the test, and everything that its
    texts may name."""

    member: MemberOnDay
    due: DueMessage
    arm: str
    values: dict[str, Any]
