"""For how long members have been members, read off the steps of its sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .items import TENURE_DAYS, TENURE_JOINED, tenure_figure


@dataclass(frozen=True, slots=True)
class Tenure:
    """How many are in each band of `TENURE_DAYS`, and for how many days they are on the average;
    None where nobody is."""

    bands: tuple[int, ...]
    average: float | None

    @property
    def members(self) -> int:
        return sum(self.bands)


def tenure(kept: Iterable[tuple[str, int]], day: date) -> Tenure:
    """Of what is kept, summed up to and with `day`."""
    value = dict(kept)
    bands = tuple(value.get(tenure_figure(n), 0) for n in range(len(TENURE_DAYS)))
    members = sum(bands)
    days = members * day.toordinal() - value.get(TENURE_JOINED, 0)
    return Tenure(bands, days / members if members else None)


def joined_between(band: int, day: date) -> tuple[date | None, date]:
    """Between which days somebody joined who is in that band; None for any time before."""
    low = TENURE_DAYS[band]
    high = TENURE_DAYS[band + 1] if band + 1 < len(TENURE_DAYS) else None
    first = day - timedelta(days=high - 1) if high is not None else None
    return first, day - timedelta(days=low)
