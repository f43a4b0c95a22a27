"""On which days a campaign adds something, as far as that is known beforehand: for calendars."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..facts import Facts
from ..first import came_first, holds_one
from ..programme.campaigns import Campaign
from ..programme.programme import Programme
from .on_today import DayAtShop, running


@dataclass(frozen=True, slots=True)
class CampaignDays:
    """The days, of those asked for, on which a campaign is on."""

    campaign: Campaign
    days: tuple[date, ...]


def campaign_days(
    programme: Programme, days: Iterable[date], holidays: Collection[date], facts: Facts | None
) -> tuple[CampaignDays, ...]:
    """The campaigns for this member with days of their own among `days`, of which `holidays` are
    public ones; in the programme's order. What is on every day, and what staff switch on when it
    rains, marks none."""
    found: dict[str, list[date]] = {}
    for day in days:
        at_shop = DayAtShop(day, day in holidays, {})
        for each in running(programme, at_shop, facts=facts):
            if has_days(each.campaign):
                found.setdefault(each.campaign.id, []).append(day)
    return tuple(
        CampaignDays(campaign, tuple(found[campaign.id]))
        for campaign in programme.campaigns
        if campaign.id in found
    )


def has_days(campaign: Campaign) -> bool:
    """Whether it is on on some days only, and which can be known beforehand."""
    return not campaign.staff_switch and bool(
        campaign.starts
        or campaign.ends
        or campaign.weekdays
        or campaign.days_of_month
        or campaign.holidays
    )


def coming(
    programme: Programme, day: date, *, within_days: int, facts: Facts
) -> tuple[Campaign, ...]:
    """The campaigns for this member that begin within so many days after `day`, the next first."""
    begin = {each.id: begins_on(each, facts) for each in programme.campaigns}
    soon = [
        campaign
        for campaign in programme.campaigns
        if (starts := begin[campaign.id])
        and 0 < (starts - day).days <= within_days
        and has_days(campaign)
        and begins_for(campaign, facts)
    ]
    return tuple(sorted(soon, key=lambda campaign: begin[campaign.id] or day))


def begins_on(campaign: Campaign, facts: Facts) -> date | None:
    """The day on which it begins for somebody like them: the first, where they had it before the
    others, or it isn't for some first; None where it has no first day."""
    first, starts = campaign.first, campaign.starts
    if first is None or starts is None or came_first(first, facts, starts):
        return starts
    return first.until + timedelta(days=1)


def begins_for(campaign: Campaign, facts: Facts) -> bool:
    """Whether it will bring something to somebody like them: of their rank, at a store where they
    come, in a birth month that it reaches. Who came to no store yet may choose any."""
    starts = begins_on(campaign, facts)
    return (
        (holds_one(facts, campaign.ranks) if starts is None else campaign.is_for(facts, starts))
        and (
            not (campaign.stores and facts.stores)
            or not set(campaign.stores).isdisjoint(facts.stores)
        )
        and (not campaign.birth_month or _is_born_within(campaign, facts))
    )


def season(programme: Programme, day: date, *, within_days: int) -> tuple[Campaign, ...]:
    """The campaigns with days of their own that aren't over, and begin within so many days."""
    return tuple(
        campaign
        for campaign in programme.campaigns
        if has_days(campaign)
        and not campaign.is_over(day)
        and (campaign.starts is None or (campaign.starts - day).days <= within_days)
    )


def _is_born_within(campaign: Campaign, facts: Facts) -> bool:
    """Whether the campaign reaches into the birth month of the first year it runs."""
    first, last = campaign.starts, campaign.ends
    if facts.birthday is None or first is None:
        return False
    if last is None or (last - first).days >= 365:
        return True
    months = (last.year - first.year) * 12 + last.month - first.month
    return (facts.birthday.month - first.month) % 12 <= months
