"""Ranks: reached at once, lost only at a month's end after a warning and a grace, soon regained."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .base import YEN_MAX, Id, LocalText, Strict
from .facts import Facts, RankState
from .shop import Shop, days, month_start, next_month

Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class CalendarMonth(Strict):
    """What is counted is the current calendar month."""

    kind: Literal["calendar_month"]


class Rolling(Strict):
    """What is counted are the last `days` days, today included."""

    kind: Literal["rolling"]
    days: Annotated[int, Field(ge=7, le=366)]


class Perk(Strict):
    """What a rank brings, in the shop's words."""

    name: LocalText


class Rank(Strict):
    """One step of the ladder: `at` is how much of the measure reaches and keeps it."""

    id: Id
    name: LocalText
    at: Annotated[int, Field(ge=1, le=YEN_MAX)]
    colours: tuple[Colour, Colour] = ("#B08D57", "#8C6A3F")
    perks: tuple[Perk, ...] = ()


class Revival(Strict):
    """A lost rank comes back with `visits` visits within `days` days (closed days not counted)."""

    visits: Annotated[int, Field(ge=1, le=10)] = 1
    days: Annotated[int, Field(ge=1, le=180)] = 30


class Ladder(Strict):
    """The ranks, lowest first. `grace_periods` months in a row may fall short before one step down;
    the member is warned `warn_days` before the end of the month that would cost the rank."""

    measure: Literal["visits", "points", "spend"] = "visits"
    window: Annotated[CalendarMonth | Rolling, Field(discriminator="kind")]
    grace_periods: Annotated[int, Field(ge=0, le=12)] = 1
    warn_days: Annotated[int, Field(ge=1, le=28)] = 7
    revival: Revival | None = Revival()
    steps: Annotated[tuple[Rank, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _ordered(self) -> "Ladder":
        for lower, higher in zip(self.steps, self.steps[1:], strict=False):
            if higher.at <= lower.at:
                raise ValueError(
                    f'ranks must rise: "{higher.id}" (at {higher.at}) must need more than '
                    f'"{lower.id}" (at {lower.at})'
                )
        return self

    def index(self, rank: str | None) -> int:
        """The place of `rank` on the ladder; -1 for none, or for one this programme dropped."""
        return next((i for i, step in enumerate(self.steps) if step.id == rank), -1)

    def get(self, rank: str | None) -> Rank | None:
        place = self.index(rank)
        return self.steps[place] if place >= 0 else None

    def above(self, rank: str | None) -> Rank | None:
        """The next rank up; None at the top."""
        place = self.index(rank) + 1
        return self.steps[place] if place < len(self.steps) else None


Reason = Literal["reached", "revived", "short"]


@dataclass(frozen=True, slots=True)
class RankChange:
    """A step on the ladder, and the business day from which it holds."""

    before: str | None
    after: str | None
    on: date
    reason: Reason


def window_start(ladder: Ladder, shop: Shop, end: date) -> date:
    """The first day that counts in the window ending with `end` (exclusive).

    A rolling window reaches back one day further for each day the shop was specially closed.
    """
    if isinstance(ladder.window, CalendarMonth):
        return month_start(end - timedelta(days=1))
    return _back(shop, end, ladder.window.days)


def _back(shop: Shop, end: date, open_days: int) -> date:
    start = end
    while open_days > 0 and (end - start).days < 800:
        start -= timedelta(days=1)
        open_days -= not shop.is_specially_closed(start)
    return start


def measured(ladder: Ladder, shop: Shop, facts: Facts, end: date) -> int:
    """How much of the measure the window ending with `end` (exclusive) holds."""
    total = facts.totals(window_start(ladder, shop, end), end)
    return {"visits": total.visits, "points": total.points, "spend": total.yen}[ladder.measure]


def needed_to_keep(ladder: Ladder, shop: Shop, rank: Rank, month: date) -> int:
    """What keeps `rank` in the month beginning `month`: less where the shop was specially closed.

    0 when the shop was shut all month: nobody is judged by it.
    """
    if isinstance(ladder.window, Rolling):
        return rank.at
    whole = list(days(month, next_month(month)))
    shut = sum(shop.is_specially_closed(day) for day in whole)
    if shop.open_days(month, next_month(month)) == 0:
        return 0
    return ceil(rank.at * (len(whole) - shut) / len(whole))


def promote(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> tuple[Facts, RankChange | None]:
    """The rank that the window ending on `day` has reached, if that is more than the one held."""
    reached = _highest(ladder, measured(ladder, shop, facts, day + timedelta(days=1)))
    held = facts.rank
    if reached > ladder.index(held.id):
        return _moved(ladder, facts, ladder.steps[reached].id, day, "reached")
    return facts, None


def revive(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> tuple[Facts, RankChange | None]:
    """The rank lost lately, given back when enough visits came within its window."""
    if ladder.index(facts.rank.lost) <= ladder.index(facts.rank.id):
        return facts, None
    if visits_to_revive(ladder, shop, facts, day) != 0:
        return facts, None
    return _moved(ladder, facts, facts.rank.lost, day, "revived")


def visits_to_revive(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> int | None:
    """How many more visits bring the lost rank back; None when there is nothing to revive."""
    lost, lost_on = facts.rank.lost, facts.rank.lost_on
    if ladder.revival is None or lost_on is None or ladder.index(lost) < 0:
        return None
    if day >= revival_ends(ladder, shop, lost_on):
        return None
    came = facts.totals(lost_on, day + timedelta(days=1)).visits
    return max(0, ladder.revival.visits - came)


def revival_ends(ladder: Ladder, shop: Shop, lost_on: date) -> date:
    """The first day on which a rank lost on `lost_on` can no longer be revived."""
    left, day = (ladder.revival.days if ladder.revival else 0), lost_on
    while left > 0 and (day - lost_on).days < 800:
        left -= not shop.is_specially_closed(day)
        day += timedelta(days=1)
    return day


def close_month(
    ladder: Ladder, shop: Shop, facts: Facts, month: date
) -> tuple[Facts, RankChange | None]:
    """Judges the month beginning `month`, now over: kept, one more short period, or a step down."""
    rank = ladder.get(facts.rank.id)
    if rank is None:
        return facts, None
    end = next_month(month)
    if measured(ladder, shop, facts, end) >= needed_to_keep(ladder, shop, rank, month):
        return replace(facts, rank=replace(facts.rank, short=0)), None
    if facts.rank.short < ladder.grace_periods:
        return replace(facts, rank=replace(facts.rank, short=facts.rank.short + 1)), None
    place = ladder.index(rank.id)
    below = ladder.steps[place - 1].id if place > 0 else None
    state = RankState(id=below, since=end, lost=rank.id, lost_on=end)
    return replace(facts, rank=state), RankChange(rank.id, below, end, "short")


def at_risk(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> int | None:
    """How much more of the measure this month needs to keep the rank; None when it is safe.

    Only a month whose end would cost the rank counts, and only its last `warn_days` days.
    """
    rank = ladder.get(facts.rank.id)
    if rank is None or facts.rank.short < ladder.grace_periods:
        return None
    end = next_month(day)
    if (end - day).days > ladder.warn_days:
        return None
    missing = needed_to_keep(ladder, shop, rank, month_start(day)) - measured(
        ladder, shop, facts, end
    )
    return missing if missing > 0 else None


def _highest(ladder: Ladder, amount: int) -> int:
    return max((i for i, step in enumerate(ladder.steps) if amount >= step.at), default=-1)


def _moved(
    ladder: Ladder, facts: Facts, rank: str | None, day: date, reason: Reason
) -> tuple[Facts, RankChange]:
    old = facts.rank
    state = RankState(id=rank, since=day)
    if ladder.index(old.lost) > ladder.index(rank):
        # Bronze again after losing gold: gold can still be revived.
        state = replace(state, lost=old.lost, lost_on=old.lost_on)
    return replace(facts, rank=state), RankChange(old.id, rank, day, reason)
