"""The hours of a shop's week, and what was seen in them on ordinary days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ..base import WEEKDAYS
from ..science.off_peak import Seen, WeekHour
from ..shop import Shop
from .campaigns import Campaign
from .programme import Programme

_DAY = timedelta(days=1)
_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class CountedVisits:
    """So many visits on a business day, at a store, in the quarter of an hour that begins at
    `clock` (UTC)."""

    day: date
    #: None where nobody knows.
    store: str | None
    clock: time
    visits: int


def whole_hours(programme: Programme, store: str | None) -> range:
    """The whole hours of a business day in which that branch is open: 25 is one o'clock at night.
    None of them where its hours aren't told."""
    hours, day_start = programme.hours_of(store), _minutes(programme.shop.day_starts_at)
    if hours is None:
        return range(0)
    opens = _minutes(hours.start)
    if opens < day_start:
        opens += _DAY_HOURS * 60
    closes = opens + int(hours.left(hours.start).total_seconds()) // 60
    return range(-(-opens // 60), min(closes, day_start + _DAY_HOURS * 60) // 60)


def week_of(
    programme: Programme,
    store: str | None,
    counted: Iterable[CountedVisits],
    ordinary: Iterable[date],
) -> dict[WeekHour, Seen]:
    """What was seen of each hour of the week at that branch, or of the only one there is, on those
    `ordinary` days on which anybody came: a day without one is a closed one that nobody noted."""
    hours, days = whole_hours(programme, store), set(ordinary)
    is_only = len(programme.stores) == 1
    here = [each for each in counted if each.day in days and (is_only or each.store == store)]
    weekdays = Counter(day.weekday() for day in {each.day for each in here})
    visits: Counter[WeekHour] = Counter()
    for each in here:
        visits[each.day.weekday(), _hour(programme.shop, each)] += each.visits
    return {
        (weekday, hour): Seen(seen, visits[weekday, hour])
        for weekday, seen in weekdays.items()
        for hour in hours
    }


def ordinary_days(shop: Shop, among: Iterable[date], holidays: frozenset[date]) -> list[date]:
    """Those of the days on which the shop is open as in any week, and no public holiday is."""
    return [day for day in among if shop.is_open(day) and day not in holidays]


def campaigns_by_hour(programme: Programme, store: str | None, since: date) -> list[Campaign]:
    """The campaigns for certain hours of that branch that are there on `since` or still to come."""
    return [
        campaign
        for campaign in programme.campaigns
        if campaign.hours and not campaign.is_over(since)
        if not campaign.stores or store in campaign.stores
    ]


def hours_of(campaign: Campaign, week: Iterable[WeekHour]) -> frozenset[WeekHour]:
    """Those hours of a week for which the campaign is."""
    return frozenset(hour for hour in week if _takes_in(campaign, hour))


def _takes_in(campaign: Campaign, week_hour: WeekHour) -> bool:
    weekday, hour = week_hour
    clock = time(hour % _DAY_HOURS)
    on_day = not campaign.weekdays or WEEKDAYS[weekday] in campaign.weekdays
    return on_day and (campaign.hours is None or campaign.hours.cover(clock))


def _hour(shop: Shop, counted: CountedVisits) -> int:
    """The hour of the business day, on the shop's clock."""
    opens = shop.opens(counted.day)
    at = datetime.combine(opens.date(), counted.clock, tzinfo=opens.tzinfo)
    here = shop.local(at if at >= opens else at + _DAY)
    return (here.date() - counted.day).days * _DAY_HOURS + here.hour


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
