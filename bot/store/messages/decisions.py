"""What was decided of journeys' tests: added to, never changed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select

from rules.journeys.deciding import JourneyDecision
from rules.journeys.journey import Journey

from ..engine.db import UnitOfWork
from ..tables import journey_decisions


def last(uow: UnitOfWork, journey: Journey) -> JourneyDecision | None:
    """The newest decision about the journey's present version; None for none."""
    of_version = (
        select(journey_decisions)
        .where(
            journey_decisions.c.journey == journey.id,
            journey_decisions.c.version == journey.version,
        )
        .order_by(journey_decisions.c.number.desc())
        .limit(1)
    )
    row = uow.run(of_version).first()
    return _decision(row) if row else None


def last_of(uow: UnitOfWork, journeys: Sequence[Journey]) -> dict[str, JourneyDecision]:
    """The same for each of those of which something was decided, by their ids."""
    versions = {journey.id: journey.version for journey in journeys}
    rows = uow.run(
        select(journey_decisions)
        .where(journey_decisions.c.journey.in_(list(versions)))
        .order_by(journey_decisions.c.number)
    )
    return {row.journey: _decision(row) for row in rows if row.version == versions[row.journey]}


def add(uow: UnitOfWork, decision: JourneyDecision) -> bool:
    """Notes it; False where somebody else decided meanwhile."""
    row = asdict(decision)
    row["made_by"] = row.pop("by")
    return uow.insert_new(journey_decisions, [row]) == 1


def _decision(row: Row[Any]) -> JourneyDecision:
    known = dict(row._mapping)
    return JourneyDecision(by=known.pop("made_by"), **known)
