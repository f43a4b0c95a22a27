"""What is on today: the campaigns that add to what is done on a day, and where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ..base import Id
from ..facts import Facts
from ..programme.campaigns import Campaign, in_birth_month
from ..programme.programme import Programme


@dataclass(frozen=True, slots=True)
class DayAtShop:
    """A business day, and what is so in the shop on it."""

    on: date
    #: A public holiday.
    holiday: bool
    #: The stores at which staff switched a campaign on, by its id.
    switched_on: Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class RunningCampaign:
    """A campaign that is on."""

    campaign: Campaign
    #: Where; everywhere, where none is named.
    stores: tuple[Id, ...] = ()


def running(
    programme: Programme, day: DayAtShop, *, facts: Facts | None = None, store: Id | None = None
) -> tuple[RunningCampaign, ...]:
    """The campaigns that are on for this member, and at this store, where one is named. Without
    `facts` those are left out that are on for whoever's birth month it is."""
    is_open = programme.shop.is_open(day.on)
    known = [
        (campaign, _stores(campaign, day))
        for campaign in _of_day(programme, day)
        # On a closed day only who is there after all can have switched something on.
        if is_open or campaign.staff_switch
    ]
    if store is not None:
        known = [(each, None) for each, stores in known if stores is None or store in stores]
    return tuple(
        RunningCampaign(campaign, stores or ())
        for campaign, stores in known
        if stores != () and _is_for(campaign, facts, day)
    )


def switchable(programme: Programme, day: DayAtShop, store: Id) -> tuple[Campaign, ...]:
    """The campaigns that staff may switch on at that store on that day."""
    return tuple(
        campaign
        for campaign in _of_day(programme, day)
        if campaign.staff_switch and (not campaign.stores or store in campaign.stores)
    )


def _of_day(programme: Programme, day: DayAtShop) -> list[Campaign]:
    return [
        campaign
        for campaign in programme.campaigns
        if campaign.runs_on(day.on) and (not campaign.holidays or day.holiday)
    ]


def _stores(campaign: Campaign, day: DayAtShop) -> tuple[Id, ...] | None:
    """The stores where it is on; None for all."""
    if not campaign.staff_switch:
        return campaign.stores or None
    on = sorted(day.switched_on.get(campaign.id, ()))
    return tuple(store for store in on if not campaign.stores or store in campaign.stores)


def _is_for(campaign: Campaign, facts: Facts | None, day: DayAtShop) -> bool:
    if facts is None:
        return not campaign.birth_month
    given, most = facts.tallies.get(campaign.rule_id), campaign.limit.ever
    return (
        (not campaign.birth_month or in_birth_month(facts, day.on))
        and campaign.is_for(facts, day.on)
        and (most is None or given is None or given.ever < most)
    )
