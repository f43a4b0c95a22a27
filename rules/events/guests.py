"""Who may come to an event."""

from dataclasses import dataclass
from datetime import date

from ..base import Refusal
from ..facts import Facts
from ..science.drift import has_lapsed
from .event import ShopEvent


@dataclass(frozen=True, slots=True)
class EventGuest:
    """Somebody who would come, as they stand on a day."""

    facts: Facts
    day: date
    #: The day from which on they drift, if they don't come before; None: they don't.
    drifts_on: date | None = None

    @property
    def stays_away(self) -> bool:
        """Whether they drift, or have been away for two months."""
        drifts = self.drifts_on is not None and self.drifts_on <= self.day
        return drifts or has_lapsed(self.facts, self.day)


def refuse_guest(event: ShopEvent, guest: EventGuest) -> Refusal | None:
    """Why the event is not for them: event_rank, event_lapsed or event_visits. None where it is."""
    if event.lapsed_too and guest.stays_away:
        return None
    if event.guests == "ranks" and guest.facts.rank.id not in event.ranks:
        return Refusal("event_rank")
    if event.guests == "lapsed" and not guest.stays_away:
        return Refusal("event_lapsed")
    if event.visits_min is not None and guest.facts.visits < event.visits_min:
        return Refusal("event_visits")
    return None
