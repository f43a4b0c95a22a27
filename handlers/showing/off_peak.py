"""Off-peak hours of each branch, by the visits of the last weeks."""

from datetime import date, timedelta

from bot.calendar import is_public_holiday
from bot.store.finding import visit_hours
from handlers.club import Club
from rules.explaining.off_peak import OffPeakLook
from rules.journeys.kinds.off_peak import OffPeakHours
from rules.programme.programme import Programme
from rules.programme.visit_hours import (
    CountedVisits,
    hours_with_campaign,
    ordinary_days,
    week_of,
    whole_hours,
)
from rules.science.off_peak import NoOffPeak, OffPeak, off_peak
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
    by_store = {
        store.id: _of_store(programme, store.id, counted, ordinary, today)
        for store in programme.stores
        if only in (None, store.id)
    }
    return OffPeakLook(today, first, by_store, people)


def _of_store(
    programme: Programme,
    store: str,
    counted: list[CountedVisits],
    ordinary: list[date],
    today: date,
) -> OffPeak | NoOffPeak | None:
    if not whole_hours(programme, store):
        return None
    week = week_of(programme, store, counted, ordinary)
    return off_peak(week, hours_with_campaign(programme, store, week, today))
