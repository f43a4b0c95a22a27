"""What opens to some ranks before it opens to all, by itself: rewards, and campaigns."""

from datetime import date
from typing import Annotated

from pydantic import Field

from .base import Id, Strict
from .facts import Facts


class FirstFor(Strict):
    """Who may have something before all others may."""

    ranks: Annotated[tuple[Id, ...], Field(min_length=1)]
    #: The last day on which only they may; from the day after, by itself, it is for all.
    until: date

    def is_early(self, day: date) -> bool:
        """Whether on `day` only those may have it."""
        return day <= self.until


def ranks_on(first: FirstFor | None, ranks: tuple[Id, ...], day: date) -> tuple[Id, ...]:
    """Of which ranks a member must hold one on `day`, of what is for `ranks` later; all may, where
    none is named."""
    return first.ranks if first and first.is_early(day) else ranks


def holds_one(facts: Facts, ranks: tuple[str, ...]) -> bool:
    """Whether the member's rank is one of `ranks`, or none is named."""
    return not ranks or facts.rank.id in ranks


def came_first(first: FirstFor, facts: Facts, day: date) -> bool:
    """Whether it was for them when it began on `day`: they hold one of these since then, or have
    lost one after."""
    held = facts.rank
    still = held.id in first.ranks and (held.since is None or held.since <= day)
    lost = held.lost in first.ranks and held.lost_on is not None and held.lost_on > day
    return still or lost
