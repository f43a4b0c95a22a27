"""What a club's growth does to its doors: the same calls in clubs of a thousand members and of many
more, whose members live alike, all served at once and asked in turn."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median

from .doors import SEARCHED, Doors, opened_doors
from .kept import LargeClubs
from .line_server import line_server
from .measure import Goal, Row, Sizes, compare, in_turn

RATIO_MAX = 1.5
#: Every way to search is asked once in so many calls.
_CALLS = 2 * len(SEARCHED)
DOORS: Mapping[str, Callable[[Doors], float]] = {
    "scan": Doors.scan,
    "search": Doors.search,
    "join": Doors.join,
    "reply": Doors.reply,
    "page of the console": Doors.page,
}


def measure(clubs: Sequence[LargeClubs], sizes: Sizes) -> list[Row]:
    return [row for each in clubs for row in _on(each, sizes)]


def _on(clubs: LargeClubs, sizes: Sizes) -> Iterator[Row]:
    counts = (*sizes.growth, sizes.crowd)
    with ExitStack() as stack:
        line = stack.enter_context(line_server(0))
        opened = {}
        for members in counts:
            url = stack.enter_context(clubs.copied(members))
            scans = _CALLS * (sizes.rounds + 1)
            opened[f"{members:,}"] = stack.enter_context(opened_doors(url, line, scans=scans))
        for name, door in DOORS.items():
            samples = in_turn(
                sizes.rounds + 1, {of: partial(_sample, door, each) for of, each in opened.items()}
            )
            # The first of all compiles, and reads the database's file.
            warm = {of: taken[1:] for of, taken in samples.items()}
            first, *others = warm
            for of in others:
                path = f"growth, {name}, {of} ÷ {first} members, {clubs.name}"
                goal = Goal(ratio_max=RATIO_MAX) if of == others[-1] else None
                yield compare(path, "ms", warm[of], warm[first], goal)


def _sample(door: Callable[[Doors], float], doors: Doors) -> float:
    return median(door(doors) for _ in range(_CALLS))
