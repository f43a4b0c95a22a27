"""The week ahead, as far as the programme says it: its campaigns, its closed days, its letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from ..base import Lang
from ..figures.periods import DaySpan
from ..programme.programme import Programme

_DAY = timedelta(days=1)
DAYS = 7


AheadCode = Literal[
    "event", "campaign_begins", "campaign_ends", "closed", "closed_store", "letters", "broadcast",
    "birthdays", "points",
]  # fmt: skip


class HasName(Protocol):
    """What is called something in each language."""

    def in_(self, lang: Lang, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that comes (`owner.monday.ahead.<code>`), on which day, and whose name it has."""

    code: AheadCode
    on: date
    name: HasName | None = None
    #: How many it concerns, where that is known.
    count: int = 0


def week_from(day: date) -> DaySpan:
    """The seven days that begin with it."""
    return DaySpan(day, day + (DAYS - 1) * _DAY)


def of_programme(
    programme: Programme, week: DaySpan, store: str | None = None
) -> Iterator[Upcoming]:
    """What the programme has within the week; of that store, where one is named."""
    yield from _campaigns(programme, week, store)
    yield from _closed(programme, week, store)
    policy = programme.letters
    if policy is not None and store is None:
        begins = policy.next_after(week.first - _DAY)
        if begins <= week.last:
            yield Upcoming("letters", begins)


def _campaigns(programme: Programme, week: DaySpan, store: str | None) -> Iterator[Upcoming]:
    for each in programme.campaigns:
        if store is not None and each.stores and store not in each.stores:
            continue
        if each.starts is not None and week.first <= each.starts <= week.last:
            yield Upcoming("campaign_begins", each.starts, each.name)
        if each.ends is not None and week.first <= each.ends <= week.last:
            yield Upcoming("campaign_ends", each.ends, each.name)


def _closed(programme: Programme, week: DaySpan, store: str | None) -> Iterator[Upcoming]:
    """Days on which somebody is shut who usually is open; a regular day of rest is no news."""
    shop = programme.shop
    for n in range(DAYS):
        day = week.first + n * _DAY
        if shop.is_specially_closed(day):
            yield Upcoming("closed", day)
        elif shop.is_open(day):
            for each in programme.stores:
                if each.is_shut(day) and store in (None, each.id):
                    yield Upcoming("closed_store", day, each.name)
