"""Points that run out after months away: warned of as the night's work does it, never untold."""

from dataclasses import dataclass, replace
from datetime import date

from rules.activity import Expiry
from rules.journeys.journey import Journey
from rules.journeys.programme import promised_warning
from rules.programme.points import (
    Lot,
    expiry_day,
    expiry_of,
    goes_unseen_on,
    warning_due,
    with_warnings,
)

from .people import Person, Town, does, told


@dataclass(frozen=True, slots=True)
class Owed:
    """To be queued: for which period, about points that go on `due`."""

    journey: Journey
    period: str
    due: date


def lot_of(person: Person) -> Lot:
    """All their points as one lot, with the warnings that were given about it."""
    balance = person.facts.balance
    lot = person.lot or Lot(1, 0, 0, person.facts.joined_on)
    return replace(lot, points=balance, left=balance)


def is_reached(person: Person) -> bool:
    """Whether a warning of points may be written to them."""
    wanted = "points" not in person.topics_left
    return wanted and not person.blocked and person.facts.membership == "active"


def expires(town: Town, person: Person, day: date) -> date | None:
    """Takes the points whose time is up, and gives the day on which they were due to go; None where
    none went."""
    policy, lot = town.programme.points, lot_of(person)
    due = expiry_of(policy, lot, person.facts)
    if due is None or not lot.left:
        return None
    ends = expiry_day(policy, lot, due)
    if ends is None and not is_reached(person):
        ends = goes_unseen_on(lot, person.facts, due)
    if ends is None or day < ends:
        return None
    gone = does(town, person, told(town, Expiry(lot.left), town.programme.shop.opens(day)))
    assert gone is not None, "an expiry was refused"
    assert person.facts.balance == 0
    return due


def warns(town: Town, person: Person, day: date) -> Owed | None:
    """The warning owed today, if any; None where nobody is to be told, or can be."""
    policy, lot = town.programme.points, lot_of(person)
    due = expiry_of(policy, lot, person.facts)
    if due is None or not warning_due(policy, lot, due, day) or not is_reached(person):
        return None
    journey = promised_warning(town.programme, "points_expiring")
    return Owed(journey, f"{due.isoformat()}:{day.isoformat()}", due)


def left(town: Town, person: Person, period: str, day: date) -> None:
    """Notes that the warning for that period has left."""
    policy, lot = town.programme.points, lot_of(person)
    due = date.fromisoformat(period.partition(":")[0])
    if expiry_of(policy, lot, person.facts) == due:
        person.lot = with_warnings(policy, lot, due, day)
