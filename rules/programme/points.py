"""Points: how they expire, and how spending names the lots it takes from (oldest first)."""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ..activity import Purchase, Redemption, Trigger, Visit, What
from ..base import LocalText, Refusal, Strict
from ..facts import STAMPS_MOVED, Facts
from ..shop import add_months, next_month

#: Whom no message reaches, and nobody has seen for so long, loses points by the terms told at
#: joining.
UNSEEN_DAYS = 90

WarnDays = Annotated[
    tuple[Annotated[int, Field(ge=1, le=180)], ...], Field(min_length=1, max_length=4)
]


class ByLot(Strict):
    """Each grant runs out by itself."""

    kind: Literal["lot"]
    #: So long after it was given.
    months: Annotated[int, Field(ge=1, le=120)]
    #: At that month's end.
    month_end: bool = True
    warn_days: WarnDays


#: What a member may do besides visiting, buying and using a reward. What happens to them (a
#: birthday, an anniversary, a gift) is not among it.
Doing = Literal["profile", "review", "share", "referral", "eco", "feedback", "newsletter", "deed"]


class ByInactivity(Strict):
    """All points run out `months` after the member last did something: visited, bought, used a
    reward."""

    kind: Literal["inactivity"]
    months: Annotated[int, Field(ge=1, le=120)]
    warn_days: WarnDays
    #: What else they do that counts.
    also_active: tuple[Doing, ...] = ()


class NoExpiry(Strict):
    """Points stay."""

    kind: Literal["never"]


class StampCards(Strict):
    """Cards of stamps from before, of paper or LINE's shop card: what they are worth when they are
    moved onto a member's card, which is done once for each member."""

    #: What a stamp is worth here.
    points: Annotated[int, Field(ge=1, le=5_000)]
    #: No such card has more; as many fit on LINE's.
    stamps_max: Annotated[int, Field(ge=1, le=200)] = 50
    #: The last day on which they are taken; None: there is none yet.
    until: date | None = None


def refuse_stamp_card(policy: StampCards | None, facts: Facts, day: date) -> Refusal | None:
    """Why no stamp card is moved onto this member's on that day: stamps_off, stamps_over, left, or
    stamps_again. None where one can be."""
    if policy is None:
        return Refusal("stamps_off")
    if policy.until is not None and day > policy.until:
        return Refusal("stamps_over")
    if facts.membership == "left":
        return Refusal("left")
    return Refusal("stamps_again") if facts.counts.get(STAMPS_MOVED) else None


def refuse_stamps(policy: StampCards, stamps: int) -> Refusal | None:
    """Why that is no number of stamps: stamps_none, or stamps_most. None where it is."""
    if stamps <= 0:
        return Refusal("stamps_none")
    return Refusal("stamps_most") if stamps > policy.stamps_max else None


class PointsPolicy(Strict):
    """What points are called, and how long they last."""

    name: LocalText = LocalText(ja="ポイント", en="points")
    #: How they run out. A warning that could not leave in time puts the expiry off until it has.
    expiry: Annotated[ByLot | ByInactivity | NoExpiry, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Lot:
    """Points given together."""

    #: The number of the ledger entry that gave them.
    no: int
    points: int
    left: int
    given_on: date
    #: The first business day on which they are gone; None: never, or by inactivity.
    expires_on: date | None = None
    #: When the last warning left, or was shown to whom none reaches.
    warned_on: date | None = None
    #: The day of going that the warnings were about.
    warned_for: date | None = None
    #: How many have been given about it.
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class LotWithdrawal:
    """So many points taken from the lot numbered `no`."""

    no: int
    points: int


def lot_expiry(policy: PointsPolicy, given_on: date) -> date | None:
    """The first day on which points given on `given_on` are gone; None where lots don't expire."""
    match policy.expiry:
        case ByLot(months=months, month_end=month_end):
            day = add_months(given_on, months)
            return next_month(day) if month_end else day
        case _:
            return None


def keeps_points(policy: PointsPolicy, what: What, triggers: Iterable[Trigger]) -> bool:
    """Whether points that go by inactivity are kept by `what`, which has those triggers: by what
    the member does alone."""
    found = set(triggers)
    if isinstance(what, Visit | Purchase | Redemption) or "delivery" in found:
        return True
    expiry = policy.expiry
    return isinstance(expiry, ByInactivity) and not found.isdisjoint(expiry.also_active)


def expiry_of(policy: PointsPolicy, lot: Lot, facts: Facts) -> date | None:
    """The day on which `lot` is due to be gone, before any put-off; None for never.

    A lot given while points were to stay, stays. A pause of the membership stops the clock. What is
    given to somebody who stays away lasts as long as the first warning comes before the end.
    """
    if facts.membership == "paused":
        return None
    match policy.expiry:
        case ByInactivity(months=months, warn_days=warn_days):
            ends = add_months(facts.active_on, months) + _paused(facts, facts.active_on)
            least = lot.given_on + timedelta(days=max(warn_days)) + _paused(facts, lot.given_on)
            return max(ends, least)
        case ByLot(month_end=month_end):
            return _after_pauses(lot, facts, month_end=month_end)
        case NoExpiry():
            return None


def _after_pauses(lot: Lot, facts: Facts, *, month_end: bool) -> date | None:
    paused = _paused(facts, lot.given_on)
    if lot.expires_on is None or not paused:
        return lot.expires_on
    day = lot.expires_on + paused
    return next_month(day) if month_end and day.day > 1 else day


def _paused(facts: Facts, since: date) -> timedelta:
    return timedelta(days=facts.days_paused(since))


def warning_due(policy: PointsPolicy, lot: Lot, due: date, day: date) -> bool:
    """Whether a warning about `lot`, gone on `due`, is owed on `day`."""
    return lot.left > 0 and _stages_reached(policy, lot, due, day) > _given(lot, due)


def with_warnings(policy: PointsPolicy, lot: Lot, due: date, day: date) -> Lot:
    """`lot` with every warning owed by `day` noted as given then (two owed are told as one)."""
    given = max(_given(lot, due), _stages_reached(policy, lot, due, day))
    return replace(lot, warned_on=day, warned_for=due, warnings=given)


def expiry_day(policy: PointsPolicy, lot: Lot, due: date) -> date | None:
    """The day on which `lot` may really expire: `due`, or as long after a late last warning as the
    programme promises; None while a warning is still owed."""
    if isinstance(policy.expiry, NoExpiry) or lot.warned_on is None:
        return None
    if _given(lot, due) < len(_stages(policy, lot, due)):
        return None
    return max(due, promised_until(policy, lot.warned_on))


def goes_unseen_on(lot: Lot, facts: Facts, due: date) -> date:
    """The first day on which `lot`, due on that day, may go although a warning is owed, of a member
    whom no message reaches: by then nobody has seen them for long, nor they a warning."""
    seen = max(facts.active_on, facts.away_since, lot.warned_on or facts.joined_on)
    return max(due, seen + timedelta(days=UNSEEN_DAYS))


def promised_until(policy: PointsPolicy, told_on: date) -> date:
    """The first day on which points may go after a last warning on `told_on`."""
    if isinstance(policy.expiry, NoExpiry):
        return date.max
    return told_on + timedelta(days=min(policy.expiry.warn_days))


def goes_on(policy: PointsPolicy, lot: Lot, due: date, day: date) -> date:
    """The first day on which `lot` can really be gone, seen from `day`: `due`, or later where a
    warning was late or is still owed."""
    if isinstance(policy.expiry, NoExpiry):
        return due
    notice = timedelta(days=min(policy.expiry.warn_days))
    complete = _given(lot, due) >= len(_stages(policy, lot, due))
    last_warning = lot.warned_on if complete and lot.warned_on else day
    return max(due, last_warning + notice)


def _stages(policy: PointsPolicy, lot: Lot, due: date) -> tuple[date, ...]:
    """The days from which warnings about `lot` are owed: those that the programme names and that
    came after it was given, or the last one all the same."""
    if isinstance(policy.expiry, NoExpiry):
        return ()
    days = [due - timedelta(days=stage) for stage in policy.expiry.warn_days]
    return tuple(day for day in days if day > lot.given_on) or (max(days),)


def _stages_reached(policy: PointsPolicy, lot: Lot, due: date, day: date) -> int:
    return sum(day >= stage for stage in _stages(policy, lot, due))


def _given(lot: Lot, due: date) -> int:
    # Warnings about a date that has since moved (a visit put an inactivity expiry off) don't count.
    return lot.warnings if lot.warned_for == due else 0


class OpenLots:
    """Lots that points are taken from: from the one that expires first, then from the oldest.

    Less than is asked for is taken where the lots hold less; the caller decides what that means.
    """

    def __init__(self, lots: Iterable[Lot]) -> None:
        self._order = sorted(lots, key=_first_to_go)
        self._left = {lot.no: lot.left for lot in self._order}

    def add(self, lot: Lot) -> None:
        insort(self._order, lot, key=_first_to_go)
        self._left[lot.no] = lot.left

    def take(self, points: int) -> tuple[LotWithdrawal, ...]:
        """What is taken from which lots for `points`."""
        taken: list[LotWithdrawal] = []
        for lot in self._order:
            if points <= 0:
                break
            part = self._take_from(lot.no, points)
            points -= part
            taken += [LotWithdrawal(lot.no, part)] if part else []
        return tuple(taken)

    def take_back(self, own: int | None, points: int) -> tuple[LotWithdrawal, ...]:
        """The same for a correction of the grant `own`: its own lot first."""
        if own is None or own not in self._left:
            return self.take(points)
        part = self._take_from(own, points)
        first = (LotWithdrawal(own, part),) if part else ()
        return first + self.take(points - part)

    def _take_from(self, no: int, points: int) -> int:
        part = min(self._left[no], points)
        self._left[no] -= part
        return part


def take(lots: Iterable[Lot], points: int) -> tuple[LotWithdrawal, ...]:
    """What to take from which of these lots for `points`, once."""
    return OpenLots(lots).take(points)


def _first_to_go(lot: Lot) -> tuple[date, date, int]:
    return (lot.expires_on or date.max, lot.given_on, lot.no)
