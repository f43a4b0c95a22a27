"""The models that a club goes by: learned from its own past, or from what other clubs taught."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from .fitting import Prior
from .model import HORIZONS, ReturnModel, horizon_for
from .pattern import VisitPattern

#: From so many members on whose returns are known, a club's own level of chances is believed.
LEVEL_FROM = 50


@dataclass(frozen=True, slots=True)
class ReturnModels:
    """One model for each horizon."""

    by_horizon: Mapping[int, ReturnModel]
    #: The business day on which they were learned; None: as shipped.
    fitted_on: date | None = None
    #: How many members of the club they were learned from.
    members: int = 0

    @property
    def knows_level(self) -> bool:
        """Whether a chance may be told as a number. The shipped models rank well, but a club may
        see more or fewer come than those they were learned from."""
        return self.members >= LEVEL_FROM

    def for_rhythm_of(self, pattern: VisitPattern) -> ReturnModel:
        """The one whose horizon fits a member's own gaps."""
        return self.by_horizon[horizon_for(pattern.rhythm.usual_gap)]


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
