"""What the club has learned of its members' returns, fit by fit."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from rules.science.learned import ReturnModels, kept, models_of

from ..engine.db import UnitOfWork
from ..tables import return_fits


@dataclass(frozen=True, slots=True)
class ReturnFit:
    """The models of one fit, and when it was made."""

    at: datetime
    models: ReturnModels


def add(uow: UnitOfWork, models: ReturnModels, *, at: datetime) -> None:
    """Keeps what was learned `at` that moment: from now on it is gone by."""
    last = uow.run(select(func.max(return_fits.c.number))).scalar() or 0
    row = {"number": last + 1, "at": at, "models": json.dumps(kept(models))}
    uow.run(insert(return_fits).values(row))


def newest(uow: UnitOfWork) -> ReturnFit | None:
    """What is gone by; None where nothing was learned yet, or another version wrote it in a way
    that can't be read: then the models that are shipped hold."""
    row = uow.run(select(return_fits).order_by(return_fits.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    try:
        return ReturnFit(row.at, models_of(json.loads(row.models)))
    except (KeyError, TypeError, ValueError):
        return None
