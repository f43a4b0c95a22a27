"""What LINE has told of a journey's or a broadcast's messages: how many opened them."""

from dataclasses import dataclass

from bot.store.messages import line_units
from bot.store.messages.line_units import UnitPeriod

from ...current import current_club
from ...staff.frame.words import words_now

#: So many periods and versions stand on a page.
_SHOWN = 9


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """Messages that LINE counts together."""

    period: UnitPeriod
    #: On which they went out, so far.
    days: str
    #: How many LINE took.
    delivered: int

    @property
    def arm(self) -> str:
        return self.period.arm

    def percent(self, count: int | None) -> int | None:
        """So many, of those delivered; LINE's figures may be off by a few."""
        if count is None or not self.delivered:
            return None
        return min(100, round(100 * count / self.delivered))


def statistics_of(queued_as: str) -> list[StatisticsRow]:
    """By period and version, the newest first; of what the outbox calls by that name."""
    words = words_now()
    with current_club().store.read() as uow:
        periods = line_units.of_journey(uow, queued_as, limit=_SHOWN)
        return [
            StatisticsRow(
                each,
                words.dates(each.first_on, each.last_on),
                line_units.delivered(uow, each),
            )
            for each in periods
        ]
