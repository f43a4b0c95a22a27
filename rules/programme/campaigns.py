"""Campaigns: dated extras on top of the earning rules (5のつく日, a rainy day, お中元 season)."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..activity import Activity, Purchase, Trigger
from ..base import WEEKDAYS, Hours, Id, Impossible, LocalText, Points, Strict, Weekday
from ..facts import Facts
from ..first import FirstFor, may_on
from ..shop import Shop
from .earning import CONFIRMING, Earnings, Limit, Occurrence, give, join
from .purchases import brought_late


class Bonus(Strict):
    """So many points more."""

    kind: Literal["bonus"]
    points: Points


class CampaignMultiplier(Strict):
    """The points of the plain earning rules, `times` over. Several campaigns, and multipliers of
    the earning rules, add their extras up: twice and three times make four times."""

    kind: Literal["multiplier"]
    times: Annotated[Decimal, Field(gt=1, le=10, decimal_places=2)]


class Campaign(Strict):
    """An extra for a while. All conditions given must hold."""

    id: Id
    name: LocalText
    on: Annotated[tuple[Trigger, ...], Field(min_length=1)] = ("visit", "purchase")
    effect: Annotated[Bonus | CampaignMultiplier, Field(discriminator="kind")]
    #: The first day; None: no beginning.
    starts: date | None = None
    #: The last day; None: no end.
    ends: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    #: For 5のつく日.
    days_of_month: tuple[Annotated[int, Field(ge=1, le=31)], ...] = ()
    #: On public holidays only.
    holidays: bool = False
    #: In the member's own birth month only.
    birth_month: bool = False
    hours: Hours | None = None
    ranks: tuple[Id, ...] = ()
    #: It begins for these, and later for all (or all of `ranks`).
    first: FirstFor | None = None
    stores: tuple[Id, ...] = ()
    #: Only on days on which staff switched it on (rain).
    staff_switch: bool = False
    needs_staff: bool = False
    limit: Limit = Limit()

    @model_validator(mode="after")
    def _possible_dates(self) -> "Campaign":
        if self.starts and self.ends and self.ends < self.starts:
            raise Impossible("ends_before", last="ends", first="starts")
        if self.first and self.starts and self.first.until < self.starts:
            raise Impossible("ends_before", last="first.until", first="starts")
        if self.first and self.ends and self.ends <= self.first.until:
            raise Impossible("ends_before", last="ends", first="first.until")
        return self

    @property
    def rule_id(self) -> str:
        """How ledger entries name this campaign."""
        return f"campaign:{self.id}"

    def runs_on(self, day: date) -> bool:
        """Whether its dates, weekdays and days of the month take in `day`."""
        return (
            (self.starts is None or self.starts <= day)
            and (self.ends is None or day <= self.ends)
            and (not self.weekdays or WEEKDAYS[day.weekday()] in self.weekdays)
            and (not self.days_of_month or day.day in self.days_of_month)
        )

    def is_for(self, facts: Facts, day: date) -> bool:
        """Whether it is for the member on `day`, by rank and by whom it is first."""
        return may_on(self.first, self.ranks, facts, day)

    def is_over(self, day: date) -> bool:
        """Whether its last day lies before `day`."""
        return self.ends is not None and self.ends < day


def in_force(campaign: Campaign, shop: Shop, facts: Facts, activity: Activity) -> bool:
    """Whether `campaign` touches `activity` of this member.

    A receipt brought later is looked at by its own date, so that none is kept for a better day; its
    hour, and what was noted of the day it was brought, say nothing of it.
    """
    day = _bought_on(shop, activity)
    return (
        campaign.runs_on(day)
        and (not campaign.birth_month or in_birth_month(facts, day))
        and campaign.is_for(facts, day)
        and (not campaign.stores or activity.store in campaign.stores)
        and _on_the_spot(campaign, shop, activity, is_late=day != activity.day)
    )


def _on_the_spot(campaign: Campaign, shop: Shop, activity: Activity, *, is_late: bool) -> bool:
    """Whether the conditions hold that only somebody who was there knows of."""
    if not (campaign.holidays or campaign.hours or campaign.staff_switch):
        return True
    return (
        not is_late
        and (not campaign.holidays or activity.holiday)
        and (campaign.hours is None or campaign.hours.cover(_clock(shop, activity.at)))
        and (not campaign.staff_switch or campaign.id in activity.switches)
    )


def _bought_on(shop: Shop, activity: Activity) -> date:
    if not isinstance(activity.what, Purchase):
        return activity.day
    clock = shop.local(activity.at).date()
    return brought_late(activity.what, activity.day, clock) or activity.day


def add_campaigns(
    campaigns: tuple[Campaign, ...],
    shop: Shop,
    facts: Facts,
    earned: Earnings,
    occurrence: Occurrence,
) -> Earnings:
    """`earned`, and what the campaigns in force on this occurrence add to it.

    `facts` is the member before the activity: a rank just reached does not multiply the visit that
    reached it. Of a profile they look at the whole, not at its steps.
    """
    activity = occurrence.activity
    for campaign in campaigns:
        if occurrence.trigger not in campaign.on or occurrence.step is not None:
            continue
        if not in_force(campaign, shop, facts, activity):
            continue
        points = _points(campaign, earned.base)
        if points == 0:
            continue
        if campaign.needs_staff and activity.by not in CONFIRMING:
            earned = join(earned, Earnings(earned.facts, waiting=(campaign.rule_id,)))
            continue
        given = give(earned.facts, campaign.rule_id, campaign.limit, points, activity)
        earned = join(earned, given)
    return earned


def _points(campaign: Campaign, base: int) -> int:
    match campaign.effect:
        case Bonus(points=points):
            return points
        case CampaignMultiplier(times=times):
            return int(base * (times - 1))


def in_birth_month(facts: Facts, day: date) -> bool:
    """Whether `day` is in the member's birth month."""
    return facts.birthday is not None and facts.birthday.month == day.month


def _clock(shop: Shop, at: datetime) -> time:
    return shop.local(at).time()
