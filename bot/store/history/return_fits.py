"""What the club has learned of its members' returns, fit by fit."""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from rules.science.learned import ReturnModels, kept, models_of
from rules.science.quality import Quality

from ..engine.db import UnitOfWork
from ..engine.numbers import next_number
from ..tables import return_fits


@dataclass(frozen=True, slots=True)
class ReturnFit:
    """The models of one fit, and when it was made."""

    at: datetime
    models: ReturnModels
    #: By horizon: how well the models that are shipped foretold what those were judged by.
    shipped: Mapping[int, Quality] = field(default_factory=dict)

    @property
    def worse(self) -> tuple[int, ...]:
        """The horizons for which what was learned foretold worse than what is shipped, so that this
        is gone by."""
        return tuple(each for each in self.shipped if each not in self.models.qualities)


def add(uow: UnitOfWork, fit: ReturnFit) -> None:
    """Keeps what was learned: from now on it is gone by."""
    said = kept(fit.models) | {"shipped": {each: astuple(q) for each, q in fit.shipped.items()}}
    number = next_number(uow, return_fits.c.number)
    row = {"number": number, "at": fit.at, "models": json.dumps(said)}
    uow.run(insert(return_fits).values(row))


def newest(uow: UnitOfWork) -> ReturnFit | None:
    """What is gone by; None where nothing was learned yet, or another version wrote it in a way
    that can't be read: then the models that are shipped hold."""
    row = uow.run(select(return_fits).order_by(return_fits.c.number.desc()).limit(1)).first()
    if row is None:
        return None
    try:
        said = json.loads(row.models)
        shipped = {int(each): Quality(*q) for each, q in said["shipped"].items()}
        return ReturnFit(row.at, models_of(said), shipped)
    except (KeyError, TypeError, ValueError):
        return None
