"""Points: how they expire, and how spending names the lots it takes from (oldest first)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ..base import LocalText, Strict
from ..facts import Facts
from ..shop import add_months, next_month

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


class ByInactivity(Strict):
    """All points run out `months` after the last visit or earning."""

    kind: Literal["inactivity"]
    months: Annotated[int, Field(ge=1, le=120)]
    warn_days: WarnDays


class NoExpiry(Strict):
    """Points stay."""

    kind: Literal["never"]


class PointsPolicy(Strict):
    """What points are called, and how long they last."""

    name: LocalText = LocalText(ja="ポイント", en="points")
    #: How they run out. A warning that could not be given in time puts the expiry off until it has
    #: been.
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
    #: When the last warning was given.
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


def expiry_of(policy: PointsPolicy, lot: Lot, facts: Facts) -> date | None:
    """The day on which `lot` is due to be gone, before any put-off; None for never.

    A lot given while points were to stay, stays.
    """
    match policy.expiry:
        case ByInactivity(months=months):
            active = max(
                facts.joined_on,
                facts.last_visit_on or facts.joined_on,
                facts.last_earned_on or facts.joined_on,
            )
            return add_months(active, months)
        case ByLot():
            return lot.expires_on
        case NoExpiry():
            return None


def warning_due(policy: PointsPolicy, lot: Lot, due: date, day: date) -> bool:
    """Whether a warning about `lot`, gone on `due`, is owed on `day`."""
    return lot.left > 0 and _stages_reached(policy, due, day) > _given(lot, due)


def with_warnings(policy: PointsPolicy, lot: Lot, due: date, day: date) -> Lot:
    """`lot` with every warning owed by `day` noted as given then (two owed are told as one)."""
    given = max(_given(lot, due), _stages_reached(policy, due, day))
    return replace(lot, warned_on=day, warned_for=due, warnings=given)


def expiry_day(policy: PointsPolicy, lot: Lot, due: date) -> date | None:
    """The day on which `lot` may really expire: `due`, or as long after a late last warning as the
    programme promises; None while a warning is still owed."""
    if isinstance(policy.expiry, NoExpiry) or lot.warned_on is None:
        return None
    if _given(lot, due) < len(policy.expiry.warn_days):
        return None
    return max(due, promised_until(policy, lot.warned_on))


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
    complete = _given(lot, due) >= len(policy.expiry.warn_days)
    last_warning = lot.warned_on if complete and lot.warned_on else day
    return max(due, last_warning + notice)


def _stages_reached(policy: PointsPolicy, due: date, day: date) -> int:
    if isinstance(policy.expiry, NoExpiry):
        return 0
    return sum(day >= due - timedelta(days=stage) for stage in policy.expiry.warn_days)


def _given(lot: Lot, due: date) -> int:
    # Warnings about a date that has since moved (a visit put an inactivity expiry off) don't count.
    return lot.warnings if lot.warned_for == due else 0


def take(lots: tuple[Lot, ...], points: int) -> tuple[LotWithdrawal, ...]:
    """What to take from which lots for `points`: the one that expires first, then the oldest.

    Gives less than `points` in all when the lots hold less; the caller decides what that means.
    """
    taken: list[LotWithdrawal] = []
    for lot in sorted(lots, key=_first_to_go):
        part = min(lot.left, points)
        if part > 0:
            taken.append(LotWithdrawal(lot.no, part))
            points -= part
    return tuple(taken)


def take_back(lots: tuple[Lot, ...], own: int | None, points: int) -> tuple[LotWithdrawal, ...]:
    """What to take for a correction of the grant `own`: its own lot first, then as `take` does."""
    mine = [lot for lot in lots if lot.no == own and lot.left > 0]
    part = min(mine[0].left, points) if mine else 0
    first = (LotWithdrawal(mine[0].no, part),) if mine and part > 0 else ()
    return first + take(tuple(lot for lot in lots if lot.no != own), points - part)


def _first_to_go(lot: Lot) -> tuple[date, date, int]:
    return (lot.expires_on or date.max, lot.given_on, lot.no)
