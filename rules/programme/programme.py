"""The programme: everything a shop decides about its club, in one validated, frozen value."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from ..activity import Trigger
from ..base import LANGS, Hours, Lang, LocalText, Strict
from ..first import segments_asked
from ..heard.cases import CasePolicy
from ..heard.letters import LettersPolicy
from ..heard.surveys import Survey
from ..own_texts import OwnForms, OwnText
from ..premises import HttpsUrl, Premises
from ..profile.fan_steps import FanSteps
from ..sending.policy import SendingPolicy
from ..shop import Branch, BranchList, Shop
from .badges import Badge, TimedVisits
from .birthdays import ProfilePolicy
from .campaigns import Campaign
from .card import CardPolicy
from .counter import CounterPolicy
from .earning import CONFIRMABLE, EarningRule
from .limits import Limits
from .newsletter import Newsletter
from .points import PointsPolicy, StampCards
from .purchases import PurchasePolicy
from .ranks import Circle, Ladder, RollingDays
from .rewards import Reserved, Reward, Withheld
from .streaks import Streak
from .subscriptions import Subscription, Subscriptions, subscription_of
from .theme import Theme, Voice


class VisitPolicy(Strict):
    """What counts as a visit."""

    #: So many in a business day.
    per_day_max: Annotated[int, Field(ge=1, le=24)] = 1
    #: So far apart.
    gap_minutes_min: Annotated[int, Field(ge=0, le=1_440)] = 0
    #: By the code on the counter too.
    counter_qr: bool = True
    #: So long after it was shown a counter's code may be sent.
    counter_code_minutes: Annotated[int, Field(ge=2, le=30)] = 5
    #: By a beacon too.
    beacon: bool = False


class ReferralPolicy(Strict):
    """When a referral counts, for both sides: at the friend's joining, at their first visit, or at
    their first purchase."""

    counts_at: Literal["registration", "first_visit", "first_purchase"] = "first_visit"


class Privacy(Strict):
    """What is told at joining: what the data is for, and where the policy can be read."""

    purpose: LocalText
    #: None: the club's own page says it.
    policy_url: HttpsUrl | None = None
    contact: LocalText


class Programme(Strict):
    """One club, all but its journeys, which look at the rest (`rules.journeys.programme`). Missing
    parts (`ranks`, `purchase` …) are things this club does without."""

    format: Literal[1]
    shop: Shop
    theme: Theme = Theme()
    voice: Voice = Voice()
    card: CardPolicy = CardPolicy()
    stores: BranchList
    points: PointsPolicy
    stamp_cards: StampCards | None = None
    visits: VisitPolicy = VisitPolicy()
    counter: CounterPolicy = CounterPolicy()
    limits: Limits = Limits()
    purchase: PurchasePolicy | None = None
    profile: ProfilePolicy = ProfilePolicy()
    privacy: Privacy
    referral: ReferralPolicy = ReferralPolicy()
    fan_steps: FanSteps | None = None
    newsletter: Newsletter | None = None
    circle: Circle | None = None
    sending: SendingPolicy = SendingPolicy()
    cases: CasePolicy = CasePolicy()
    letters: LettersPolicy | None = None
    ranks: Ladder | None = None
    streaks: tuple[Streak, ...] = ()
    subscriptions: Subscriptions = ()
    earning: Annotated[tuple[EarningRule, ...], Field(max_length=200)] = ()
    campaigns: Annotated[tuple[Campaign, ...], Field(max_length=200)] = ()
    badges: Annotated[tuple[Badge, ...], Field(max_length=200)] = ()
    rewards: Annotated[tuple[Reward, ...], Field(max_length=200)] = ()
    surveys: Annotated[tuple[Survey, ...], Field(max_length=20)] = ()
    words: Annotated[tuple[OwnText, ...], Field(max_length=1_500)] = ()

    def store(self, store: str | None) -> Branch | None:
        return next((branch for branch in self.stores if branch.id == store), None)

    def store_of_beacon(self, hwid: str) -> Branch | None:
        return next((s for s in self.stores if hwid.lower() in s.beacons), None)

    def hours_of(self, store: str | None) -> Hours | None:
        """When that branch is open; None when the programme doesn't say."""
        branch = self.store(store)
        return (branch.hours if branch else None) or self.shop.hours

    def is_open(self, store: str | None, day: date) -> bool:
        """Whether that branch is open on a business day at all."""
        branch = self.store(store)
        return self.shop.is_open(day) and not (branch and branch.is_shut(day))

    def premises(self, store: str | None) -> Premises:
        """What is told of that branch: its own, else the shop's."""
        branch, told = self.store(store), {}
        for name in Premises.model_fields:
            own = getattr(branch, name, None)
            told[name] = own if own is not None else getattr(self.shop, name)
        return Premises.model_construct(**told)

    def open_for(self, store: str, at: datetime) -> timedelta | None:
        """How long that branch is open yet, None where it is closed. Whose hours nobody told is
        taken to be open until the day ends."""
        hours, shop = self.hours_of(store), self.shop
        here, day = shop.local(at), shop.business_date(at)
        if hours is None:
            return shop.opens(day + timedelta(days=1)) - at
        if not self.is_open(store, day) or not hours.cover(here.time()):
            return None
        return hours.left(here.time())

    def reward(self, reward: str) -> Reward | None:
        return self._reward_by_id.get(reward)

    def withheld(
        self,
        left: Mapping[str, int],
        held_until: datetime | None,
        now: datetime,
        reserved: tuple[Reserved, ...] = (),
    ) -> Withheld:
        """What isn't handed out to a member whose card is held until then, and for whom that is set
        aside; of limited rewards so many are `left`."""
        held = [
            reward.id
            for reward in self.rewards
            if self.limits.holds_back(reward.value_yen, held_until, now)
        ]
        return Withheld(left, frozenset(held), reserved)

    def segments_asked(self, day: date) -> tuple[str, ...]:
        """The segments by which it is judged on `day` for whom something is first."""
        of_rewards = (each.first for each in self.rewards)
        firsts = (*of_rewards, *(each.first for each in self.campaigns))
        named = (each for first in firsts for each in segments_asked(first, day))
        return tuple(dict.fromkeys(named))

    def subscription(self, subscription: str) -> Subscription | None:
        return subscription_of(self.subscriptions, subscription)

    def survey(self, survey: str) -> Survey | None:
        return next((each for each in self.surveys if each.id == survey), None)

    def badge(self, badge: str) -> Badge | None:
        return self._badge_by_id.get(badge)

    def own_forms(self, lang: Lang, key: str) -> OwnForms | None:
        """What the shop says in place of our text `key`; None where it says nothing."""
        return self._own_forms.get((lang, key))

    def earning_on(self, trigger: Trigger) -> tuple[EarningRule, ...]:
        """The earning rules that look at `trigger`, in their order."""
        return self._earning_by_trigger.get(trigger, ())

    def campaigns_on(self, trigger: Trigger) -> tuple[Campaign, ...]:
        """The campaigns that look at `trigger`, in their order."""
        return self._campaigns_by_trigger.get(trigger, ())

    @cached_property
    def _reward_by_id(self) -> dict[str, Reward]:
        return {reward.id: reward for reward in self.rewards}

    @cached_property
    def _badge_by_id(self) -> dict[str, Badge]:
        return {badge.id: badge for badge in self.badges}

    @cached_property
    def _own_forms(self) -> dict[tuple[Lang, str], OwnForms]:
        said = {(lang, own.id): own.forms(lang) for own in self.words for lang in LANGS}
        return {key: forms for key, forms in said.items() if any(forms)}

    @cached_property
    def _earning_by_trigger(self) -> dict[Trigger, tuple[EarningRule, ...]]:
        triggers = {rule.on for rule in self.earning}
        return {on: tuple(rule for rule in self.earning if rule.on == on) for on in triggers}

    @cached_property
    def _campaigns_by_trigger(self) -> dict[Trigger, tuple[Campaign, ...]]:
        triggers = {on for campaign in self.campaigns for on in campaign.on}
        return {on: tuple(c for c in self.campaigns if on in c.on) for on in triggers}

    @cached_property
    def eco_actions(self) -> tuple[str, ...]:
        """The eco actions that earning rules name, in their order."""
        named = [action for rule in self.earning if rule.on == "eco" for action in rule.actions]
        return tuple(dict.fromkeys(named))

    @cached_property
    def confirmable(self) -> tuple[EarningRule, ...]:
        """The earning rules that wait for staff, eco actions aside."""
        return tuple(rule for rule in self.earning if rule.needs_staff and rule.on in CONFIRMABLE)

    @cached_property
    def given_rewards(self) -> tuple[Reward, ...]:
        """The rewards that something gives by itself; a promise gives the others."""
        return tuple(r for r in self.rewards if r.given and r.given.kind != "comeback")

    @cached_property
    def timed_badges(self) -> tuple[Badge, ...]:
        """The badges that look at when a visit was."""
        return tuple(b for b in self.badges if isinstance(b.needs, TimedVisits))

    @cached_property
    def memory_days(self) -> int:
        """How many days of day totals the rules look back on, closed days allowed for."""
        window = revival = 0
        if self.ranks and isinstance(self.ranks.window, RollingDays):
            window = self.ranks.window.days
        if self.ranks and self.ranks.revival:
            revival = self.ranks.revival.days
        shut = sum(((p.until or p.on) - p.on).days + 1 for p in self.shop.closed)
        return max(62, window, revival) + min(shut, 366)
