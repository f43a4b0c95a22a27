"""Programme versions over time: history is judged by the version that was in force then."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate

from ..science.learned import PRIOR, ReturnModels
from .programme import Programme
from .rewards import Reward


@dataclass(frozen=True, slots=True)
class Version:
    """One published programme."""

    #: Counts from 1.
    number: int
    #: When it came into force.
    since: datetime
    programme: Programme


@dataclass(frozen=True)
class Timeline:
    """All published versions, oldest first, at least one. What is older is judged by the first."""

    versions: tuple[Version, ...]
    #: By what the club has learned of its members' returns: how likely each is to come again.
    models: ReturnModels = PRIOR

    @cached_property
    def _instants(self) -> list[datetime]:
        return [version.since for version in self.versions]

    @cached_property
    def _days(self) -> list[date]:
        # Never falling, even where a version moved the shop to a time zone further west.
        days = (v.programme.shop.business_date(v.since) for v in self.versions)
        return list(accumulate(days, max))

    @cached_property
    def has_barcodes(self) -> bool:
        """Whether cards with a barcode may be about: what was printed once stays a card."""
        return any(version.programme.card.barcode for version in self.versions)

    @cached_property
    def barcode_prefixes(self) -> tuple[str, ...]:
        """What a card's JAN may begin with, by whatever version it was printed."""
        prefixes = {version.programme.card.barcode_prefix for version in self.versions}
        return tuple(sorted(prefix for prefix in prefixes if prefix))

    @cached_property
    def rewards(self) -> Mapping[str, Reward]:
        """Each reward that there ever was, as it was last."""
        return {each.id: each for version in self.versions for each in version.programme.rewards}

    @property
    def latest(self) -> Version:
        return self.versions[-1]

    def at(self, instant: datetime) -> Version:
        """The version in force at `instant`."""
        return self.versions[max(0, bisect_right(self._instants, instant) - 1)]

    def before(self, day: date) -> Version:
        """The version in force when the business day before `day` ended."""
        return self.versions[max(0, bisect_left(self._days, day) - 1)]
