"""How somebody stands today: when they last came, how often and for how much in the last year; and
which cells of the club's grid that adds to.

Only who is a member stands anywhere. A year is `YEAR` days up to today, so that a standing changes
by itself as days go by: on `moves_on`, the next time.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .items import is_member
from .life import Life
from .sums import ALL, YEAR, Key, Sheet

#: By in how many days up to today somebody last came, and longer ago. Four weeks are the month of
#: all figures; then a season, half a year, and the year that is looked at.
RECENCY_DAYS = (28, 90, 180, 365)
#: How often in the year, from each on: not once, once, again, often enough for a rhythm of one's
#: own, every month.
FREQUENCY = (0, 1, 2, 4, 12)
#: For how much in the year, in yen, from each on: nothing, something, then 1, 2, 5, 10 … thousand,
#: as on a measuring cup. Fine enough for any shop to be parted by what its own members spend.
MONEY = (0, 1, *(step * 1000 * 10**power for power in range(4) for step in (1, 2, 5)))
#: What is so today is kept under this day.
NOW = date(2000, 1, 1)
GRID_SHEET: Sheet = "*grid"
CORE_SHEET: Sheet = "*core"


class GridPlace(NamedTuple):
    """A cell of the grid, by the bands."""

    recency: int
    frequency: int
    money: int


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """Where somebody stands, at a store or at all of them."""

    store: str
    last_on: date
    #: Within the year.
    visits: int
    yen: int


def standings(life: Life, today: date) -> tuple[PersonStanding, ...]:
    """Of who is a member and ever came or bought: at all stores, and at each where they did."""
    if not is_member(life):
        return ()
    last: dict[str, date] = {}
    visits: Counter[str] = Counter()
    yen: Counter[str] = Counter()
    since = today - timedelta(days=YEAR)
    for each in life:
        if each.kind not in ("visit", "purchases", "yen"):
            continue
        for store in {ALL, each.store}:
            if each.kind != "yen":
                last[store] = max(each.day, last.get(store, each.day))
            if each.day > since:
                visits[store] += each.amount if each.kind == "visit" else 0
                yen[store] += each.amount if each.kind == "yen" else 0
    return tuple(
        PersonStanding(store, on, visits[store], max(0, yen[store])) for store, on in last.items()
    )


def next_move(life: Life, today: date) -> date | None:
    """The next day on which a standing changes without anything being done; None for never."""
    found = standings(life, today)
    days = [each.last_on + timedelta(days=step) for each in found for step in RECENCY_DAYS]
    if found:
        year = timedelta(days=YEAR)
        days += [each.day + year for each in life if each.kind in ("visit", "yen")]
    return min((day for day in days if day > today), default=None)


def recency(last_on: date, today: date) -> int:
    """In which band of `RECENCY_DAYS` somebody is; the last is longer ago than all."""
    return bisect_right(RECENCY_DAYS, (today - last_on).days)


def frequency(visits: int) -> int:
    """In which band of `FREQUENCY`."""
    return bisect_right(FREQUENCY, visits) - 1


def money(yen: int) -> int:
    """In which band of `MONEY`."""
    return bisect_right(MONEY, yen) - 1


def grid_figure(part: str, place: GridPlace) -> str:
    """Under which name a cell keeps how many stand in it (`n`), or what they spent (`yen`)."""
    return ":".join((part, *map(str, place)))


def core_figure(part: str, value: int) -> str:
    """Under which name it is kept how many came so often (`visits`), or are in a band of what they
    spent (`people`), and what these spent together (`yen`)."""
    return f"{part}:{value}"


def spent_band(yen: int) -> int:
    """What somebody spent, in two figures: 12,345 is 12,000."""
    cut = _cut(yen)
    return yen // cut * cut


def band_end(band: int) -> int:
    """Up to what (exclusive) a band of `spent_band` goes."""
    return band + _cut(band)


def _cut(yen: int) -> int:
    return int(10 ** max(0, len(str(yen)) - 2))


def standing_sums(life: Life, today: date) -> Counter[Key]:
    """The cells that somebody adds to today."""
    found: Counter[Key] = Counter()
    for each in standings(life, today):
        for sheet, figure, value in _cells(each, today):
            if value:
                found[Key(each.store, sheet, figure, NOW.toordinal())] += value
    return found


def _cells(each: PersonStanding, today: date) -> Iterator[tuple[Sheet, str, int]]:
    place = GridPlace(recency(each.last_on, today), frequency(each.visits), money(each.yen))
    yield GRID_SHEET, grid_figure("n", place), 1
    yield GRID_SHEET, grid_figure("yen", place), each.yen
    if each.visits:
        yield CORE_SHEET, core_figure("visits", each.visits), 1
    if each.yen:
        band = spent_band(each.yen)
        yield CORE_SHEET, core_figure("people", band), 1
        yield CORE_SHEET, core_figure("yen", band), each.yen
