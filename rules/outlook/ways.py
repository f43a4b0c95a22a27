"""The way of each member as their life tells it, and what it adds to the funnel of the month in
which they joined. A club may have ranks or not, and change its mind: both ways are kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ..figures.items import is_erased
from ..figures.life import NO_RANK, Life
from ..figures.sums import ALL, Key, Sheet
from ..shop import month_start
from .funnel import RHYTHM_DAYS, STEPS, STOPPED, Beginning, FunnelTally

#: With ranks, and without.
WAY_SHEETS: dict[bool, Sheet] = {True: "*ranked", False: "*rhythmic"}
_DAY = timedelta(days=1)


def beginning_of(life: Life) -> Beginning | None:
    """Somebody's way; None for who was erased, or never joined."""
    joined = next((each for each in life if each.kind == "joined"), None)
    if joined is None or is_erased(life):
        return None
    firsts: dict[str, date] = {}
    for each in life:
        if each.kind != "rank" or each.rank != NO_RANK:
            firsts.setdefault(each.kind, each.day)
    came = sorted({each.day for each in life if each.kind in ("visit", "purchases")})
    turns = dict(enumerate(came, 1))
    ends = [each.kind for each in life if each.kind in ("left", "back")]
    return Beginning(
        min(joined.day, firsts.get("followed", joined.day)), joined.day, firsts.get("looked"),
        turns.get(1), turns.get(2), turns.get(3), turns.get(RHYTHM_DAYS), firsts.get("rank"),
        left=ends[-1:] == ["left"],
    )  # fmt: skip


def way_mark(part: str, place: int, *, ladder: bool) -> str:
    """By which name those are found for whom the step at `place` in `STEPS` is the last one: who
    `stopped` there, or is `going` on."""
    return f"{WAY_SHEETS[ladder]}:{part}:{place}"


def way_sums(life: Life, today: date) -> Counter[Key]:
    """What somebody adds, by the first day of the month in which they joined, and the store."""
    found: Counter[Key] = Counter()
    beginning, joined = beginning_of(life), next((e for e in life if e.kind == "joined"), None)
    if beginning is None or joined is None:
        return found
    month = month_start(joined.day).toordinal()
    for ladder, sheet in WAY_SHEETS.items():
        tally = FunnelTally()
        tally.add(beginning, today, ladder=ladder)
        for figure, value in _kept(tally):
            for store in {ALL, joined.store}:
                found[Key(store, sheet, figure, month)] += value
    return found


def _kept(tally: FunnelTally) -> Iterator[tuple[str, int]]:
    for part, counts in (("last", tally.last), ("stopped", tally.stopped), ("left", tally.left)):
        for place, count in counts.items():
            if count:
                yield f"{part}:{place}", count
    for (step, days), count in tally.waits.items():
        yield f"wait:{step}:{days}", count


def tally_of(kept: Iterable[tuple[str, int]]) -> FunnelTally:
    """What is kept, as it was counted."""
    tally = FunnelTally()
    for figure, value in kept:
        part, place, *days = figure.split(":")
        match part:
            case "wait":
                tally.waits[int(place), int(days[0])] += value
            case "last":
                tally.last[int(place)] += value
            case "stopped":
                tally.stopped[int(place)] += value
            case "left":
                tally.left[int(place)] += value
    return tally


def way_marks(life: Life, today: date) -> Iterator[str]:
    """The names of what counts somebody who went no further: as stopped there, or on the way."""
    beginning = beginning_of(life)
    if beginning is None:
        return
    for ladder in WAY_SHEETS:
        tally = FunnelTally()
        tally.add(beginning, today, ladder=ladder)
        [place] = tally.last
        has_stopped = bool(tally.stopped[place]) and place < len(STEPS) - 1
        yield way_mark("stopped" if has_stopped else "going", place, ladder=ladder)


def next_way(life: Life, today: date) -> date | None:
    """The next day on which a way is to be looked at again: when it will have stopped; and the next
    one, while all that can change is what its member looks at."""
    beginning = beginning_of(life)
    if beginning is None or beginning.left:
        return None
    found = []
    for ladder in WAY_SHEETS:
        ended = [day for day in beginning.days(ladder=ladder) if day is not None][-1]
        if ended + STOPPED > today:
            found.append(ended + STOPPED)
    follows = any(each.kind == "followed" for each in life)
    if follows and found and beginning.looked is None and beginning.first is None:
        found.append(today + _DAY)
    return min(found, default=None)
