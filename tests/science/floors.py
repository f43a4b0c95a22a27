"""What is asked of the science, and whether it is reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .scoring import Tried
from .trials import Row, upper_bound

#: A range, and a verdict, may be wrong in so many tests at most: the upper bound of what is found.
WRONG_MAX = 0.07
#: The effect told at the end is off by so much of its standard error at most.
OFF_MAX = 0.1
FIT_SECONDS_MAX, SCORE_SECONDS_MAX = 5.0, 1.0

#: AUC of the model at each club: all, of three days or more, of those regular until lately.
AUC_MIN: dict[str, tuple[float, float, float]] = {
    "cdnow": (0.777, 0.703, 0.65),
    "households": (0.885, 0.87, 0.84),
    "stores": (0.885, 0.845, 0.80),
    "gym": (0.95, 0.95, 0.0),
}


@dataclass(frozen=True)
class Floor:
    of: str
    reached: float
    bound: float
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        return self.reached >= self.bound if self.at_least else self.reached <= self.bound

    @property
    def sign(self) -> str:
        return "≥" if self.at_least else "≤"

    @property
    def word(self) -> str:
        return "yes" if self.is_met else "NO"


def floors_of_models(found: Sequence[Tried]) -> Iterator[Floor]:
    for each in found:
        name, model = each.club.name, each.by["the model"]
        reached = (model.auc, model.auc_3, model.auc_regular)
        among = ("all", "≥ 3 days", "regular until lately")
        for group, auc, bound in zip(among, reached, AUC_MIN[name], strict=True):
            if bound:
                yield Floor(f"{name}: AUC, {group}", auc, bound)
        if name == "cdnow":
            prior, published = each.by["its prior alone"], each.by["BG/NBD"]
            yield Floor("cdnow: AUC of the prior alone", prior.auc, 0.773)
            yield Floor("cdnow: AUC of the prior alone, ≥ 3 days", prior.auc_3, 0.703)
            yield Floor("cdnow: Brier, below BG/NBD's", model.brier, published.brier, False)
            yield Floor(
                "cdnow: Brier, ≥ 3 days, below BG/NBD's", model.brier_3, published.brier_3, False
            )
            yield Floor("cdnow: widest gap of a tenth", model.gap, 0.04, False)
            yield Floor("cdnow: the same, level set right", model.gap_level, 0.025, False)
    fit = max(each.fit_seconds for each in found)
    yield Floor("processor seconds to fit 20,000 rows", fit, FIT_SECONDS_MAX, False)
    score = max(each.score_seconds for each in found)
    yield Floor("processor seconds for 100,000 chances", score, SCORE_SECONDS_MAX, False)


def floors_of_trials(rows: Sequence[Row]) -> Iterator[Floor]:
    for row in rows:
        club, lifted, flat = row.club, row.with_lift, row.without
        name = f"{club.members:,} members, {len(club.journeys)} journeys"
        if flat:
            wrong = upper_bound(lifted.wrong, lifted.runs)
            yield Floor(f"{name}: range ever wrong, upper bound", wrong, WRONG_MAX, False)
            false = upper_bound(flat.false, flat.runs)
            yield Floor(f"{name}: verdict ever false, upper bound", false, WRONG_MAX, False)
            yield Floor(f"{name}: effect off, in errors", abs(lifted.off), OFF_MAX, False)
        for year, (count, bound) in enumerate(zip(lifted.found, row.floors, strict=False), start=1):
            yield Floor(f"{name}: found in {12 * year} months", count / lifted.runs, bound)
