"""A year of a campaign as a bar: where the days lie on which it is on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..programme.campaigns import Campaign
from ..shop import add_months, next_month

_DAY = timedelta(days=1)
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, from where they begin and how long they are, in months from the year's
    first."""

    begins: float
    length: float


def year_bar(campaign: Campaign, first: date) -> tuple[Stretch, ...]:
    """The stretches of days on which the campaign may be on, by its dates, weekdays and days of
    the month, in the twelve months from `first`, the first day of a month."""
    return tuple(
        Stretch(place(begins, first), place(after, first) - place(begins, first))
        for begins, after in _stretches(campaign, first)
    )


def place(day: date, first: date) -> float:
    """Where `day` begins, in months from `first`: half of February lies as far in as half of March,
    so that all months are as wide."""
    months = (day.year - first.year) * MONTHS + day.month - first.month
    begins = day.replace(day=1)
    return round(months + (day - begins).days / (next_month(begins) - begins).days, 3)


def months_of(first: date) -> tuple[date, ...]:
    """The first days of the twelve months."""
    return tuple(add_months(first, count) for count in range(MONTHS))


def _stretches(campaign: Campaign, first: date) -> Iterator[tuple[date, date]]:
    """Each by its first day, and the day after its last."""
    end, day, begins = add_months(first, MONTHS), first, None
    while day < end:
        if campaign.runs_on(day):
            begins = begins or day
        elif begins:
            yield begins, day
            begins = None
        day += _DAY
    if begins:
        yield begins, end
