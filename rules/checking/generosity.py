"""What points give back: of an ordinary visit, and as a share of what was paid."""

from collections.abc import Iterator
from math import ceil

from ..programme.earning import Award, FixedPoints, Limit, NthTime, PerAmount
from ..programme.programme import Programme
from ..programme.rewards import yen_of_a_point
from .caution import PRIZE_SHARE_PERCENT, Caution
from .schema_errors import part_path

#: An ordinary visit's purchase where one is needed to reckon with, in yen.
ORDINARY_PURCHASE_YEN = 1_000
#: More than this share of the price given back is a slip of the pen (points and yen swapped, a
#: nought too many) more often than a plan: usual are 0.5 to 10 %, and a fifth is where the law
#: draws its line for prizes. Money off the shop's own goods may be more: the shop decides.
BACK_PERCENT_MAX = PRIZE_SHARE_PERCENT


def points_of_ordinary_visit(programme: Programme) -> float:
    """The points of a visit with an ordinary purchase, on average, campaigns and ranks aside."""
    return sum(
        _average(rule.award)
        for rule in programme.earning
        if rule.on in ("visit", "purchase") and not rule.ranks
    )


def too_generous(programme: Programme) -> Iterator[Caution]:
    """What gives back an unlikely share of the price: each rule by itself, and each multiplier with
    what it multiplies."""
    worth = yen_of_a_point(programme.rewards)
    rules = programme.earning_on("purchase")
    plain = sum(_average(rule.award) for rule in rules if _goes_on(rule.limit))
    for path, points in _of_a_purchase(programme, plain):
        percent = ceil(round(100 * points * worth / ORDINARY_PURCHASE_YEN, 6))
        if percent > BACK_PERCENT_MAX:
            yield Caution(path, "back_share", {"percent": percent, "most": BACK_PERCENT_MAX})


def _of_a_purchase(programme: Programme, plain: float) -> Iterator[tuple[str, float]]:
    """Where something is earned with a purchase, and how many points with an ordinary one, of which
    the `plain` rules give so many."""
    for place, rule in enumerate(programme.earning):
        if rule.on in ("purchase", "spend") and _goes_on(rule.limit):
            path = part_path("earning", place, rule.id, "award")
            if rule.award.kind == "multiplier":
                yield path, plain * float(rule.award.times)
            else:
                yield path, _average(rule.award)
    for place, campaign in enumerate(programme.campaigns):
        path = part_path("campaigns", place, campaign.id, "effect")
        if "purchase" not in campaign.on or not _goes_on(campaign.limit):
            continue
        if campaign.effect.kind == "multiplier":
            yield path, plain * float(campaign.effect.times)
        else:
            yield path, campaign.effect.points


def _goes_on(limit: Limit) -> bool:
    """Whether it is no welcome, which may be large since it comes a few times only."""
    return limit.ever is None and limit.points_ever is None


def _average(award: Award) -> float:
    match award:
        case FixedPoints(points=points):
            return points
        case PerAmount(points=points, yen=yen):
            return points * ORDINARY_PURCHASE_YEN / yen
        case NthTime(points=points, every=every) if every:
            return points / every
        case _:
            return 0
