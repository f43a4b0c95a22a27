"""The models that a club goes by: learned from its own past, or from what other clubs taught."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from math import log
from typing import Any

from .fitting import Prior
from .model import HORIZONS, ReturnModel, chance_of, horizon_for
from .pattern import VisitPattern
from .quality import Quality

#: From so many members on whose returns are known, a club's own level of chances is believed.
LEVEL_FROM = 50
#: The horizon by which the quality of all is told in short.
MIDDLE = HORIZONS[1]


@dataclass(frozen=True, slots=True)
class ReturnModels:
    """One model for each horizon."""

    by_horizon: Mapping[int, ReturnModel]
    #: The last business day that they were learned from; None: as shipped.
    fitted_on: date | None = None
    #: Each was learned from so many members of the club at least; 0 where one is as shipped.
    members: int = 0
    #: By horizon: how well what was known before foretold the last window. One that is not here is
    #: as shipped, since nothing is known of it yet, or a fit foretold worse.
    qualities: Mapping[int, Quality] = field(default_factory=dict)

    @property
    def knows_level(self) -> bool:
        """Whether a chance may be told as a number. The shipped models rank well, but a club may
        see more or fewer come than those they were learned from."""
        return self.members >= LEVEL_FROM

    @property
    def auc(self) -> float | None:
        """How well those who came were told from the others, within the middle horizon; None: as
        shipped."""
        return self.qualities[MIDDLE].auc if MIDDLE in self.qualities else None

    @property
    def brier(self) -> float | None:
        """The mean squared distance of those chances from what was; None: as shipped."""
        return self.qualities[MIDDLE].brier if MIDDLE in self.qualities else None

    def for_rhythm_of(self, pattern: VisitPattern) -> ReturnModel:
        """The one whose horizon fits a member's own gaps."""
        return self.by_horizon[horizon_for(pattern.rhythm.usual_gap)]

    def chance_within(self, pattern: VisitPattern, days: float) -> float:
        """The chance of a return within any number of days: log odds lie on a line between those
        of the two horizons around it, by the logarithm of the days. What is shorter or longer than
        all has the chance of the nearest."""
        shorter = max((h for h in HORIZONS if h <= days), default=HORIZONS[0])
        longer = min((h for h in HORIZONS if h >= days), default=HORIZONS[-1])
        odds = self.by_horizon[shorter].log_odds(pattern)
        if shorter != longer:
            way = log(days / shorter) / log(longer / shorter)
            odds += way * (self.by_horizon[longer].log_odds(pattern) - odds)
        return chance_of(odds)


def kept(models: ReturnModels) -> dict[str, Any]:
    """The models as plain values, to be written down as JSON; `models_of` reads it."""
    return {
        "fitted_on": models.fitted_on and models.fitted_on.isoformat(),
        "members": models.members,
        "weights": {str(each.horizon): list(each.weights) for each in models.by_horizon.values()},
        "qualities": {
            str(horizon): [each.members, each.auc, each.brier]
            for horizon, each in models.qualities.items()
        },
    }


def models_of(kept: Mapping[str, Any]) -> ReturnModels:
    """The models that were `kept`. ValueError for some that another version wrote and this one
    can't read: then those as shipped hold until the next fit."""
    weights = {int(horizon): tuple(each) for horizon, each in kept["weights"].items()}
    if set(weights) != set(HORIZONS):
        raise ValueError(f"models are for {HORIZONS} days, not {sorted(weights)}")
    return ReturnModels(
        {horizon: ReturnModel(horizon, each) for horizon, each in weights.items()},
        fitted_on=kept["fitted_on"] and date.fromisoformat(kept["fitted_on"]),
        members=kept["members"],
        qualities={int(horizon): Quality(*each) for horizon, each in kept["qualities"].items()},
    )


@cache
def priors() -> Mapping[int, Prior]:
    """What is believed before a club has shown anything, by horizon."""
    return {horizon: _prior(horizon, each) for horizon, each in _shipped().items()}


def _shipped() -> dict[int, Any]:
    text = files(__package__).joinpath("priors.json").read_text(encoding="utf-8")
    by_horizon = json.loads(text)["horizons"]
    return {horizon: by_horizon[str(horizon)] for horizon in HORIZONS}


def _prior(horizon: int, kept: dict[str, Any]) -> Prior:
    # Kept are the rows of the lower half, since an information matrix is symmetric.
    half = kept["information"]
    size = range(len(half))
    whole = tuple(tuple(half[max(i, j)][min(i, j)] for j in size) for i in size)
    return Prior(horizon, tuple(kept["mean"]), whole)


@cache
def shipped_models() -> ReturnModels:
    """The models of a club that has no past of its own yet."""
    return ReturnModels({horizon: prior.model for horizon, prior in priors().items()})


PRIOR = shipped_models()
