"""The core: the smallest group that makes a share of all visits, or of all that was spent, in the
year up to today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from .standing import core_figure

CoreBy = Literal["visits", "yen"]
CORE_BY: tuple[CoreBy, ...] = get_args(CoreBy)
#: Such shares are looked at, in percent; and the core is the group that makes CORE of all.
CORE_SHARES, CORE = (20, 50, 80, 100), 50


@dataclass(frozen=True, slots=True)
class CoreGroup:
    """So many of all make so much of all."""

    share: int
    people: int
    of_people: int
    makes: int
    of_all: int


def core_of_visits(kept: Mapping[str, int], share: int) -> CoreGroup:
    """By how often they came; `kept` by the names of `core_figure`."""
    counts = sorted(_part(kept, "visits").items(), reverse=True)
    total, everybody = sum(n * count for n, count in counts), sum(count for _, count in counts)
    people = makes = 0
    for visits, count in counts:
        wanted = min(count, _needed(share, total, makes, visits))
        people, makes = people + wanted, makes + wanted * visits
        if wanted < count:
            break
    return CoreGroup(share, people, everybody, makes, total)


def core_of_yen(
    kept: Mapping[str, int], share: int, spent: Callable[[int], Sequence[int]]
) -> CoreGroup:
    """By what they spent; `spent` gives of a band of `spent_band` what each in it did."""
    people_in, yen_in = _part(kept, "people"), _part(kept, "yen")
    total, everybody = sum(yen_in.values()), sum(people_in.values())
    people = makes = 0
    for band, yen in sorted(yen_in.items(), reverse=True):
        if 100 * (makes + yen) <= share * total:
            people, makes = people + people_in.get(band, 0), makes + yen
            continue
        for each in sorted(spent(band), reverse=True):
            if 100 * makes >= share * total:
                break
            people, makes = people + 1, makes + each
        break
    return CoreGroup(share, people, everybody, makes, total)


def _needed(share: int, total: int, makes: int, each: int) -> int:
    """How many more of whom each makes that much."""
    missing = share * total - 100 * makes
    return max(0, -(-missing // (100 * each)))


def _part(kept: Mapping[str, int], part: str) -> dict[int, int]:
    head = core_figure(part, 0).removesuffix("0")
    return {int(name.removeprefix(head)): v for name, v in kept.items() if name.startswith(head)}
