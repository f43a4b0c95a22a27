"""Who reads a message that is about to go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from handlers.showing.viewer import Viewer
from rules.broadcasts.broadcast import Broadcast
from rules.events.circle import CircleSeat
from rules.programme.points import Lot
from rules.programme.rewards import NOTHING_WITHHELD, Withheld

from .event_wording import EventsAtHand


@dataclass(frozen=True, kw_only=True)
class Addressee(Viewer):
    """A member, with what else a message may speak of."""

    #: The lots that still hold points.
    lots: tuple[Lot, ...] = ()
    #: The rewards that aren't handed out to them now.
    withheld: Withheld = NOTHING_WITHHELD
    #: What messages about events speak of.
    events: EventsAtHand = field(default_factory=EventsAtHand)
    #: How they stand to the inner circle, where a message may ask them in.
    seat: CircleSeat | None = None
    #: When staff last telephoned.
    called_on: date | None = None
    #: The broadcasts that they may read of, by id.
    broadcasts: Mapping[int, Broadcast] = field(default_factory=dict)
