"""Points that run out after months away: warned of as the night's work does it, never untold."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from rules.activity import Expiry
from rules.journeys.journey import Journey
from rules.journeys.programme import promised_warning
from rules.programme.points import Lot, NoExpiry, expiry_day, expiry_of, warning_due, with_warnings

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


def expires(town: Town, person: Person, day: date, *, waiting: bool) -> bool:
    """Takes the points whose time is up, after checking that nobody loses them untold; whether it
    did. `waiting`: a warning about them is not out yet."""
    policy, lot = town.programme.points, lot_of(person)
    due = expiry_of(policy, lot, person.facts)
    ends = expiry_day(policy, lot, due) if due else None
    if due is None or ends is None or not lot.left or day < ends or waiting:
        return False
    assert not isinstance(policy.expiry, NoExpiry)
    assert day >= due, "points went before their day"
    assert lot.warned_for == due, "points went after warnings about another day"
    assert lot.warnings == len(policy.expiry.warn_days), "points went with a warning owed"
    assert lot.warned_on is not None
    notice = timedelta(days=min(policy.expiry.warn_days))
    assert day - lot.warned_on >= notice, "points went too soon after the last warning"
    gone = does(town, person, told(town, Expiry(lot.left), town.programme.shop.opens(day)))
    assert gone is not None, "an expiry was refused"
    assert person.facts.balance == 0
    return True


def warns(town: Town, person: Person, day: date) -> Owed | None:
    """The warning owed today, if any, noted as given; None where nobody is to be told."""
    policy, lot = town.programme.points, lot_of(person)
    due = expiry_of(policy, lot, person.facts)
    if due is None or not warning_due(policy, lot, due, day):
        return None
    person.lot = with_warnings(policy, lot, due, day)
    if person.facts.membership != "active":
        return None
    journey = promised_warning(town.programme, "points_expiring")
    return Owed(journey, f"{due.isoformat()}:{day.isoformat()}", due)
