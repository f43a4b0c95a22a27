"""Ranks: reached at once, lost only at a month's end after a warning and a grace, soon regained."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..base import YEN_MAX, Id, Impossible, LocalText, Strict
from ..facts import DayTotal, Facts, RankState, changed
from ..shop import Shop, month_start, next_month

#: What a member's history knows a perk by; one that its words make may begin with a digit.
PerkId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]


class CalendarMonth(Strict):
    """What is counted is the current calendar month."""

    kind: Literal["calendar_month"]


class RollingDays(Strict):
    """What is counted are the last `days` days, today included."""

    kind: Literal["rolling"]
    days: Annotated[int, Field(ge=7, le=366)]


PerkKind = Literal["event", "presale", "early_access", "price", "gift", "circle", "staff"]
#: How often somebody is given what staff hand over.
PerkPeriod = Literal["day", "month", "year", "once"]
#: What staff give at the counter, and tap "given" for.
GIVEN_BY_STAFF: tuple[PerkKind, ...] = ("staff",)
#: What a reward of the programme brings about.
_BY_REWARD: tuple[PerkKind, ...] = ("presale", "early_access", "gift")


def key_of_words(name: str) -> str:
    """What a perk without an id is known by, of its Japanese `name`."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


class Perk(Strict):
    """What a rank brings: by its kind something here does it, or staff are told at the counter."""

    #: By which what was given of it stays known when it is called otherwise; None: its words are.
    id: PerkId | None = None
    name: LocalText
    kind: PerkKind = "staff"
    #: How the member comes by it ("at the counter, by your card"); None: as its kind says.
    how: LocalText | None = None
    #: Of a gift, and of what is to be had first: the reward by which it is.
    reward: Id | None = None
    #: Of a price: so much less, of a hundred or in yen.
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    yen_off: Annotated[int, Field(ge=1, le=YEN_MAX)] | None = None
    #: Of what staff give: noted once in each.
    every: PerkPeriod = "day"

    @model_validator(mode="after")
    def _of_its_kind(self) -> "Perk":
        if self.kind == "price" and (self.percent is None) == (self.yen_off is None):
            raise Impossible("one_of_two", first="percent", second="yen_off")
        for key, value, kinds in (
            ("percent", self.percent, ("price",)),
            ("yen_off", self.yen_off, ("price",)),
            ("reward", self.reward, _BY_REWARD),
        ):
            if value is not None and self.kind not in kinds:
                raise Impossible("perk_elsewhere", key=key, kinds=", ".join(kinds))
        return self

    @property
    def key(self) -> str:
        """What a member's history knows it by: two ranks whose perks have one name have one, unless
        they have ids."""
        return self.id or key_of_words(self.name.ja)

    @property
    def is_at_counter(self) -> bool:
        """Whether staff at the counter do something for it."""
        return self.kind == "price" or self.is_given

    @property
    def is_given(self) -> bool:
        """Whether staff hand it over, and say so."""
        return self.kind in GIVEN_BY_STAFF

    def is_due(self, last: date | None, day: date) -> bool:
        """Whether it may be given on `day` to whom it was given on `last`; None: never yet."""
        if last is None:
            return True
        match self.every:
            case "day":
                return last != day
            case "once":
                return False
            case "month":
                return (last.year, last.month) != (day.year, day.month)
            case "year":
                return last.year != day.year


class Circle(Strict):
    """That there is an inner circle, of members who try things first and say what is to become of
    them. Whoever reaches a rank with a perk of the kind `circle` is asked, and whom staff ask."""

    name: LocalText
    #: What one does in it: what they are asked to join.
    about: LocalText


class Rank(Strict):
    """One step of the ladder: `at` is how much of the measure reaches and keeps it."""

    id: Id
    name: LocalText
    at: Annotated[int, Field(ge=1, le=YEN_MAX)]
    colours: tuple[Colour, Colour] = ("#C98C62", "#95603A")
    perks: tuple[Perk, ...] = ()


class Revival(Strict):
    """A lost rank comes back with `visits` visits within `days` days (closed days not counted)."""

    visits: Annotated[int, Field(ge=1, le=10)] = 1
    #: 0: never but by the measure, as where nobody comes by.
    days: Annotated[int, Field(ge=0, le=180)] = 30


class Ladder(Strict):
    """The ranks, lowest first.

    What a month asks is lowered by the share of its days that the shop was specially closed.
    """

    measure: Literal["visits", "points", "spend"] = "visits"
    window: Annotated[CalendarMonth | RollingDays, Field(discriminator="kind")]
    #: So many months in a row may fall short before one step down.
    grace_periods: Annotated[int, Field(ge=0, le=12)] = 1
    #: The member is warned so long before the end of the month that would cost the rank.
    warn_days: Annotated[int, Field(ge=1, le=28)] = 7
    revival: Revival | None = Revival()
    steps: Annotated[tuple[Rank, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _ordered(self) -> "Ladder":
        for lower, higher in zip(self.steps, self.steps[1:], strict=False):
            if higher.at <= lower.at:
                raise Impossible(
                    "ranks_rise",
                    higher=higher.id,
                    higher_at=higher.at,
                    lower=lower.id,
                    lower_at=lower.at,
                )
        return self

    def index(self, rank: str | None) -> int:
        """The place of `rank` on the ladder; -1 for none, or for one this programme dropped."""
        return self._places.get(rank, -1)

    @property
    def offered_revival(self) -> Revival | None:
        """How a lost rank comes back sooner than by the measure; None where it doesn't."""
        return self.revival if self.revival and self.revival.days else None

    @cached_property
    def _places(self) -> dict[str | None, int]:
        return {step.id: place for place, step in enumerate(self.steps)}

    def get(self, rank: str | None) -> Rank | None:
        place = self.index(rank)
        return self.steps[place] if place >= 0 else None

    def perks_of(self, rank: str | None) -> tuple[Perk, ...]:
        """What whoever holds `rank` has, of it and of the ranks below, each once; of prices, the
        highest rank's."""
        held = [perk for step in self.steps[: self.index(rank) + 1] for perk in step.perks]
        prices = [perk for perk in held if perk.kind == "price"]
        return tuple({perk.key: perk for perk in held if perk not in prices[:-1]}.values())

    def perk(self, key: str) -> Perk | None:
        """The perk of that `key`, whatever rank has it; None for one this programme dropped."""
        perks = (perk for step in self.steps for perk in step.perks)
        return next((perk for perk in perks if perk.key == key), None)

    def above(self, rank: str | None) -> Rank | None:
        """The next rank up; None at the top."""
        place = self.index(rank) + 1
        return self.steps[place] if place < len(self.steps) else None


#: `revived`: not above one that had been lost. `placed`: its rank is on the ladder no more.
#: `merged`: it came over with another card.
RankChangeReason = Literal["reached", "revived", "short", "placed", "merged"]


@dataclass(frozen=True, slots=True)
class RankChange:
    """A step on the ladder, and the business day from which it holds."""

    before: str | None
    after: str | None
    on: date
    reason: RankChangeReason

    @property
    def is_up(self) -> bool:
        """Whether the member climbed."""
        return self.reason in ("reached", "revived")


def window_start(ladder: Ladder, shop: Shop, end: date) -> date:
    """The first day that counts in the window ending with `end` (exclusive).

    A rolling window reaches back one day further for each day the shop was specially closed.
    """
    if isinstance(ladder.window, CalendarMonth):
        return month_start(end - timedelta(days=1))
    return shop.back(end, ladder.window.days)


def measured(ladder: Ladder, shop: Shop, facts: Facts, end: date) -> int:
    """How much of the measure the window ending with `end` (exclusive) holds."""
    total = facts.totals(window_start(ladder, shop, end), end)
    return of_measure(ladder, total)


def of_measure(ladder: Ladder, total: DayTotal) -> int:
    """The part of `total` that the ladder looks at."""
    match ladder.measure:
        case "visits":
            return total.visits
        case "points":
            return total.points
        case "spend":
            return total.yen


def counts_until(ladder: Ladder, shop: Shop, day: date) -> date:
    """The last day on which what happened on `day` is still in the window."""
    if isinstance(ladder.window, CalendarMonth):
        return next_month(day) - timedelta(days=1)
    # A day that lengthens the window does not also take up a place in it.
    places = ladder.window.days - shop.is_specially_closed(day)
    return shop.forth(day, places) - timedelta(days=1)


def needed_to_keep(ladder: Ladder, shop: Shop, rank: Rank, month: date) -> int:
    """What keeps `rank` in the month beginning `month`: less where the shop was specially closed.

    0 when the shop was shut all month: nobody is judged by it.
    """
    if isinstance(ladder.window, RollingDays):
        return rank.at
    return shop.lowered(rank.at, month, next_month(month))


def promote(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> tuple[Facts, RankChange | None]:
    """The rank that the window ending on `day` has reached, if that is more than the one held."""
    held = ladder.index(facts.rank.id)
    if held == len(ladder.steps) - 1:
        return facts, None
    reached = _highest(ladder, measured(ladder, shop, facts, day + timedelta(days=1)))
    if reached > held:
        return _moved(ladder, facts, ladder.steps[reached].id, day)
    return facts, None


def revive(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> tuple[Facts, RankChange | None]:
    """The rank lost lately, given back when enough visits came within its window."""
    if facts.rank.lost is None:
        return facts, None
    if ladder.index(facts.rank.lost) <= ladder.index(facts.rank.id):
        return facts, None
    if visits_to_revive(ladder, shop, facts, day) != 0:
        return facts, None
    return _moved(ladder, facts, facts.rank.lost, day)


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
    return shop.forth(lost_on, ladder.revival.days) if ladder.revival else lost_on


def judges(facts: Facts, month: date) -> bool:
    """Whether the month beginning `month` can cost this member the rank.

    Not one in which they were away (休会) or came back, nor one in which the rank was just won: a
    revival on the 30th would not survive the night.
    """
    since = facts.membership_since
    here = facts.membership == "active" and (since is None or since <= month)
    return here and (facts.rank.since is None or facts.rank.since <= month)


def close_month(
    ladder: Ladder, shop: Shop, facts: Facts, month: date
) -> tuple[Facts, RankChange | None]:
    """Judges the month beginning `month`, now over: kept, one more short period, or a step down."""
    rank = ladder.get(facts.rank.id)
    if rank is None or not judges(facts, month):
        return facts, None
    end = next_month(month)
    if measured(ladder, shop, facts, end) >= needed_to_keep(ladder, shop, rank, month):
        return changed(facts, rank=replace(facts.rank, short=0)), None
    if facts.rank.short < ladder.grace_periods:
        return changed(facts, rank=replace(facts.rank, short=facts.rank.short + 1)), None
    place = ladder.index(rank.id)
    below = ladder.steps[place - 1].id if place > 0 else None
    lost, lost_on = _to_revive(ladder, shop, facts, end) or (rank.id, end)
    state = RankState(id=below, since=end, lost=lost, lost_on=lost_on)
    return changed(facts, rank=state), RankChange(rank.id, below, end, "short")


def _to_revive(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> tuple[str, date] | None:
    """The higher rank lost earlier that can still be revived on `day`: its promise stands."""
    lost, lost_on = facts.rank.lost, facts.rank.lost_on
    if lost is None or lost_on is None or ladder.index(lost) <= ladder.index(facts.rank.id):
        return None
    return (lost, lost_on) if day < revival_ends(ladder, shop, lost_on) else None


def at_risk(ladder: Ladder, shop: Shop, facts: Facts, day: date) -> int | None:
    """How much more of the measure this month needs to keep the rank; None when it is safe.

    Only a month whose end would cost the rank counts, and only its last `warn_days` days.
    """
    rank = ladder.get(facts.rank.id)
    if rank is None or facts.rank.short < ladder.grace_periods:
        return None
    if not judges(facts, month_start(day)):
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


def _moved(ladder: Ladder, facts: Facts, rank: str, day: date) -> tuple[Facts, RankChange]:
    old = facts.rank
    was_there = ladder.index(rank) <= ladder.index(old.lost)
    # Bronze again after losing gold: gold can still be revived.
    still_lost = ladder.index(old.lost) > ladder.index(rank)
    state = RankState(
        id=rank,
        since=day,
        lost=old.lost if still_lost else None,
        lost_on=old.lost_on if still_lost else None,
    )
    step = RankChange(old.id, rank, day, "revived" if was_there else "reached")
    return changed(facts, rank=state), step
