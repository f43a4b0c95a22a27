"""What was counted of journeys' tests, as it is kept for a day."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, select

from rules.journeys.counts import CountedJourney, SideCounts
from rules.journeys.journey import Journey

from ..engine.db import UnitOfWork
from ..tables import journey_counts

_SIDES: TypeAdapter[tuple[SideCounts, ...]] = TypeAdapter(tuple[SideCounts, ...])


@dataclass(frozen=True, slots=True)
class KeptCount:
    """What was counted of a journey on a day of the shop's."""

    counted_on: date
    counted: CountedJourney


def put(uow: UnitOfWork, counted: CountedJourney, *, on: date) -> None:
    """Keeps it instead of what was counted of that journey before."""
    values = {
        "version": counted.journey.version,
        "counted_on": on,
        "share": counted.share,
        "sides": _SIDES.dump_json(counted.sides).decode(),
        "first_at": counted.first_at,
        "days": counted.days,
        "steady": counted.steady,
        "members": counted.members,
    }
    journey = counted.journey.id
    uow.run(delete(journey_counts).where(journey_counts.c.journey == journey))
    uow.insert_new(journey_counts, [{"journey": journey} | values])


def of(uow: UnitOfWork, journeys: Sequence[Journey]) -> dict[str, KeptCount]:
    """What was counted last of those in their present versions, by their ids. What another version
    of Kayoi wrote in a way that can't be read was not counted."""
    wanted = {journey.id: journey for journey in journeys}
    rows = uow.run(select(journey_counts).where(journey_counts.c.journey.in_(list(wanted))))
    kept: dict[str, KeptCount] = {}
    for row in rows:
        journey = wanted[row.journey]
        with suppress(ValidationError):
            if row.version == journey.version:
                kept[journey.id] = KeptCount(row.counted_on, _counted(journey, row))
    return kept


def _counted(journey: Journey, row: Any) -> CountedJourney:
    sides = _SIDES.validate_json(row.sides)
    return CountedJourney(
        journey, row.share, sides, row.first_at, row.days, row.steady, row.members
    )
