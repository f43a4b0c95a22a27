"""What opens to some before it opens to all, by itself: rewards, and campaigns."""

from collections.abc import Iterable
from datetime import date, timedelta

from pydantic import model_validator

from .base import Id, Impossible, Strict
from .facts import Facts

#: For so long after it opened to all somebody still asks who came first.
_ASKED_AFTER = timedelta(days=31)


class FirstFor(Strict):
    """Who may have something before all others may: who holds one of these ranks, or is in one of
    these segments."""

    ranks: tuple[Id, ...] = ()
    #: The owner's saved segments, by what the file calls them.
    segments: tuple[Id, ...] = ()
    #: The last day on which only they may; from the day after, by itself, it is for all.
    until: date

    @model_validator(mode="after")
    def _somebody(self) -> "FirstFor":
        if not (self.ranks or self.segments):
            raise Impossible("first_nobody")
        return self

    def is_early(self, day: date) -> bool:
        """Whether on `day` only those may have it."""
        return day <= self.until

    def is_for(self, facts: Facts) -> bool:
        """Whether the member is one of them."""
        return facts.rank.id in self.ranks or is_in_one(facts, self.segments)


def may_on(first: FirstFor | None, ranks: tuple[Id, ...], facts: Facts, day: date) -> bool:
    """Whether the member may have on `day` what is for `ranks` later; all may, where none is
    named."""
    return first.is_for(facts) if first and first.is_early(day) else holds_one(facts, ranks)


def holds_one(facts: Facts, ranks: tuple[str, ...]) -> bool:
    """Whether the member's rank is one of `ranks`, or none is named."""
    return not ranks or facts.rank.id in ranks


def is_in_one(facts: Facts, segments: Iterable[str]) -> bool:
    """Whether the member is in one of these segments, as far as somebody looked."""
    return any(each in facts.segments for each in segments)


def segments_asked(first: FirstFor | None, day: date) -> tuple[Id, ...]:
    """The segments by which it is judged on `day` for whom it is first, or was lately."""
    return first.segments if first and day <= first.until + _ASKED_AFTER else ()


def came_first(first: FirstFor, facts: Facts, day: date) -> bool:
    """Whether it was for them when it began on `day`: they hold one of these ranks since then, have
    lost one after, or are in one of these segments."""
    held = facts.rank
    still = held.id in first.ranks and (held.since is None or held.since <= day)
    lost = held.lost in first.ranks and held.lost_on is not None and held.lost_on > day
    return still or lost or is_in_one(facts, first.segments)
