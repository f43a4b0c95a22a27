"""The models that a club goes by: learned from its own past, or from what other clubs taught."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from math import log
from typing import Any

from .fitting import BINARY, POISSON, Family, Prior
from .model import HORIZONS, ReturnModel, chance_of, horizon_for
from .pattern import VisitPattern
from .quality import Quality
from .visits import VISIT_HORIZONS, VisitModel, VisitPrior

#: From so many members on whose returns are known, a club's own level of chances is believed.
LEVEL_FROM = 50
#: The horizon by which the quality of all is told in short.
MIDDLE = HORIZONS[1]


def _shipped_visits() -> Mapping[int, VisitModel]:
    return {horizon: each.model for horizon, each in visit_priors().items()}


@dataclass(frozen=True, slots=True)
class ReturnModels:
    """One model for each horizon."""

    by_horizon: Mapping[int, ReturnModel]
    #: The last business day that they were learned from; None: as shipped.
    fitted_on: date | None = None
    #: By horizon: how well what was known before foretold the last window, and of how many members.
    #: One that is not here is as shipped, since nothing is known of it yet, or a fit foretold
    #: worse; the others are the club's own all the same.
    qualities: Mapping[int, Quality] = field(default_factory=dict)
    #: How many visits to expect, for each of `VISIT_HORIZONS`.
    visits: Mapping[int, VisitModel] = field(default_factory=_shipped_visits)

    def knows_level(self, horizon: int) -> bool:
        """Whether a chance within `horizon` days may be told as a number. The shipped models rank
        well, but a club may see more or fewer come than those they were learned from."""
        known = self.qualities.get(horizon)
        return known is not None and known.members >= LEVEL_FROM

    def knows_visits(self, horizon: int) -> bool:
        """Whether the number of visits to expect may be told: it is the club's own, too."""
        return self.visits[horizon].members >= LEVEL_FROM

    @property
    def told_by(self) -> int | None:
        """The horizon by whose quality that of all is told in short: the middle one, or where no
        number may be told within that, the shortest within which one may; None: there is none."""
        known = [horizon for horizon in HORIZONS if self.knows_level(horizon)]
        return MIDDLE if MIDDLE in known else next(iter(known), None)

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


def expected_visits(
    models: ReturnModels, pattern: VisitPattern, days: int
) -> tuple[int, float, int]:
    """On how many of the next `days`, one of `VISIT_HORIZONS`, somebody is to be expected: at
    least, on average, and at most, of which the range is to hold in four cases of five. Never
    fewer than what is told of fewer days."""
    low, about, high = 0, 0.0, 0
    for horizon in VISIT_HORIZONS:
        if horizon == days or (horizon < days and models.knows_visits(horizon)):
            model = models.visits[horizon]
            about = max(about, model.mean(pattern))
            lowest, highest = model.range(about)
            low, high = max(low, lowest), max(high, highest)
    return low, about, high


def kept(models: ReturnModels) -> dict[str, Any]:
    """The models as plain values, to be written down as JSON; `models_of` reads it."""
    return {
        "fitted_on": models.fitted_on and models.fitted_on.isoformat(),
        "weights": {str(each.horizon): list(each.weights) for each in models.by_horizon.values()},
        "qualities": {
            str(horizon): [each.members, each.auc, each.brier]
            for horizon, each in models.qualities.items()
        },
        "visits": {
            str(each.horizon): [list(each.weights), each.dispersion, each.members]
            for each in models.visits.values()
        },
    }


def models_of(kept: Mapping[str, Any]) -> ReturnModels:
    """The models that were `kept`. ValueError for some that another version wrote and this one
    can't read: then those as shipped hold until the next fit. Where nothing was kept of
    visits, as once it wasn't, those as shipped hold, too."""
    weights = {int(horizon): tuple(each) for horizon, each in kept["weights"].items()}
    if set(weights) != set(HORIZONS):
        raise ValueError(f"models are for {HORIZONS} days, not {sorted(weights)}")
    return ReturnModels(
        {horizon: ReturnModel(horizon, each) for horizon, each in weights.items()},
        fitted_on=kept["fitted_on"] and date.fromisoformat(kept["fitted_on"]),
        qualities={int(horizon): Quality(*each) for horizon, each in kept["qualities"].items()},
        visits={**_shipped_visits(), **_visits_of(kept.get("visits", {}))},
    )


def _visits_of(kept: Mapping[str, Any]) -> dict[int, VisitModel]:
    return {
        int(horizon): VisitModel(int(horizon), tuple(weights), dispersion, members)
        for horizon, (weights, dispersion, members) in kept.items()
    }


@cache
def priors() -> Mapping[int, Prior]:
    """What is believed before a club has shown anything, by horizon."""
    shipped = _shipped()["horizons"]
    return {horizon: _prior(horizon, shipped[str(horizon)], BINARY) for horizon in HORIZONS}


@cache
def visit_priors() -> Mapping[int, VisitPrior]:
    """The same of visits."""
    shipped = _shipped()["visits"]
    return {
        horizon: VisitPrior(_prior(horizon, each, POISSON), each["dispersion"])
        for horizon in VISIT_HORIZONS
        for each in (shipped[str(horizon)],)
    }


def _shipped() -> dict[str, Any]:
    text = files(__package__).joinpath("priors.json").read_text(encoding="utf-8")
    shipped: dict[str, Any] = json.loads(text)
    return shipped


def _prior(horizon: int, kept: dict[str, Any], family: Family) -> Prior:
    # Kept are the rows of the lower half, since an information matrix is symmetric.
    half = kept["information"]
    size = range(len(half))
    whole = tuple(tuple(half[max(i, j)][min(i, j)] for j in size) for i in size)
    return Prior(horizon, tuple(kept["mean"]), whole, family)


@cache
def shipped_models() -> ReturnModels:
    """The models of a club that has no past of its own yet."""
    return ReturnModels({horizon: prior.model for horizon, prior in priors().items()})


PRIOR = shipped_models()
