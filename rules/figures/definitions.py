"""What each figure is: of what it is made, in which unit it is told, who stands behind it.

Its words are in the texts, under `owner.figures.<id>`: `name`, `means` (the definition in a
sentence) and `without` (what doesn't count).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .sums import SECOND_DAYS

#: `points` are told in what members call them, `worth` is points in yen.
Unit = Literal["times", "people", "per_person", "share", "days", "points", "worth", "yen"]
#: How a sum of days is read: over the days asked for; as it stands on the last of them; over the
#: four weeks up to that.
Reach = Literal["sum", "level", "four_weeks"]


@dataclass(frozen=True, slots=True)
class Summed:
    """What is kept under a name (`rules.figures.sums`), and how it is read."""

    kept: str
    reach: Reach = "sum"


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: a term, or one over another."""

    id: str
    unit: Unit
    top: Summed
    below: Summed | None = None
    #: So many days before those asked for are looked at: what is asked takes so long to be known.
    shift: int = 0
    #: Under which name it is kept who was counted last when; None: nobody stands behind it.
    people: str | None = None
    #: Whether it can be told of one store, and of one rank.
    by_store: bool = True
    by_rank: bool = True
    #: Whether more is better; None: it depends.
    more_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Figures that are seen together, the first of them the most."""

    id: str
    figures: tuple[Definition, ...]

    @property
    def series(self) -> tuple[Definition, ...]:
        """Those that share an axis with the first: of its unit, and parts of a whole where it is
        none itself."""
        first = self.figures[0]
        return tuple(
            each
            for each in self.figures
            if each.unit == first.unit and (each.below is None) == (first.below is None)
        )

    @property
    def has_bars(self) -> bool:
        """Whether it is drawn as bars, as one figure that adds up; else as lines."""
        first = self.figures[0]
        return len(self.series) == 1 and first.top.reach == "sum" and first.below is None


PANELS = (
    Panel("coming", (
        Definition("visits", "times", Summed("visits"), people="visits", more_is_better=True),
    )),
    Panel("often", (
        Definition(
            "per_member", "per_person", Summed("visits", "four_weeks"), Summed("came_28", "level"),
            more_is_better=True,
        ),
    )),
    Panel("reach", (
        Definition("came", "people", Summed("came_28", "level"), more_is_better=True),
    )),
    Panel("second", (
        Definition(
            "second_share", "share", Summed("first_back"), Summed("first"), shift=SECOND_DAYS,
            more_is_better=True,
        ),
    )),
    Panel("new", (
        Definition("joined", "people", Summed("joined"), people="joined", more_is_better=True),
        Definition("first", "people", Summed("first"), people="first", more_is_better=True),
        Definition("second", "people", Summed("second"), people="second", more_is_better=True),
    )),
    Panel("leaving", (
        Definition("left", "people", Summed("left"), people="left", more_is_better=False),
        Definition(
            "left_quiet", "people", Summed("left_quiet"), people="left_quiet", more_is_better=False
        ),
        Definition("quiet_share", "share", Summed("left_quiet"), Summed("left")),
        Definition("stayed", "days", Summed("left_days"), Summed("left"), more_is_better=True),
    )),
    Panel("members", (
        Definition(
            "members", "people", Summed("members", "level"), by_store=False, more_is_better=True
        ),
    )),
    Panel("points", (
        Definition("given", "points", Summed("given"), people="given"),
        Definition("used", "points", Summed("used"), people="used", more_is_better=True),
        Definition("expired", "points", Summed("expired"), people="expired", more_is_better=False),
    )),
    Panel("owed", (
        Definition(
            "outstanding", "worth", Summed("outstanding", "level"), by_store=False, by_rank=False
        ),
    )),
    Panel("rewards", (
        Definition("rewards", "times", Summed("rewards"), people="rewards", more_is_better=True),
    )),
    Panel("ranks", (
        Definition("up", "times", Summed("up"), people="up", by_store=False, more_is_better=True),
        Definition(
            "down", "times", Summed("down"), people="down", by_store=False, more_is_better=False
        ),
    )),
    Panel("money", (
        Definition("yen", "yen", Summed("yen"), people="yen", more_is_better=True),
        Definition("purchases", "times", Summed("purchases"), more_is_better=True),
        Definition("per_purchase", "yen", Summed("yen"), Summed("purchases"), more_is_better=True),
    )),
)  # fmt: skip


def all_figures() -> Iterator[Definition]:
    for panel in PANELS:
        yield from panel.figures


def figure(name: str) -> Definition | None:
    """The figure with that id; None where there is none."""
    return next((each for each in all_figures() if each.id == name), None)


def kept_names() -> frozenset[str]:
    """All that the figures are made of."""
    terms = (term for each in all_figures() for term in (each.top, each.below))
    return frozenset(term.kept for term in terms if term is not None)
