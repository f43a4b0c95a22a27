"""Off-peak hours of each branch, by the visits of the last weeks."""

from datetime import date, timedelta

from bot.calendar import is_public_holiday
from bot.store.finding import visit_hours
from handlers.club import Club
from rules.explaining.off_peak import BranchLook, CampaignSince, OffPeakLook
from rules.journeys.kinds.off_peak import OffPeakHours
from rules.programme.programme import Programme
from rules.programme.visit_hours import (
    CountedVisits,
    campaigns_by_hour,
    hours_of,
    ordinary_days,
    week_of,
    whole_hours,
)
from rules.science.off_peak import Seen, WeekHour, off_peak
from rules.shop import days

#: So far back visits are looked at: a season, and long enough for each weekday to come round.
WEEKS = 12
_DAY = timedelta(days=1)


def look(club: Club, *, only: str | None = None) -> OffPeakLook:
    """What the visits up to yesterday show of each branch, or of one."""
    now = club.now()
    programme = club.timeline().at(now).programme
    shop = programme.shop
    today = shop.business_date(now)
    first = today - WEEKS * 7 * _DAY
    within: int = OffPeakHours.model_fields["within_days"].default
    with club.store.read() as uow:
        counted = visit_hours.between(uow, first, today)
        people = visit_hours.count_here_since(uow, shop.opens(today - within * _DAY))
    among = list(days(first, today))
    holidays = frozenset(day for day in among if is_public_holiday(shop.country, day))
    ordinary = ordinary_days(shop, among, holidays)
    stores = [store.id for store in programme.stores if only in (None, store.id)]
    branches = {
        store: _look_at(programme, store, counted, ordinary, today)
        for store in stores
        if whole_hours(programme, store)
    }
    return OffPeakLook(today, first, {store: branches.get(store) for store in stores}, people)


def _look_at(
    programme: Programme,
    store: str,
    counted: list[CountedVisits],
    ordinary: list[date],
    today: date,
) -> BranchLook:
    """What was found at a branch, and how the campaigns go there that it has for certain hours."""
    week = week_of(programme, store, counted, ordinary)
    running: list[CampaignSince] = []
    taken: frozenset[WeekHour] = frozenset()
    for campaign in campaigns_by_hour(programme, store, today):
        taken |= hours_of(campaign, week)
        if campaign.starts is None or campaign.starts >= today:
            continue
        since = [day for day in ordinary if day >= campaign.starts]
        lately = week_of(programme, store, counted, since)
        of_it = sum((lately[hour] for hour in hours_of(campaign, lately)), Seen())
        others = sum(lately.values(), Seen()) - of_it
        if of_it.hours and others.hours:
            running.append(CampaignSince(campaign, of_it, others))
    return BranchLook(off_peak(week, taken), tuple(running))
