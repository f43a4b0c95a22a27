"""Who reads a message that is about to go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from handlers.showing.viewer import Viewer
from rules.broadcasts.broadcast import Broadcast
from rules.programme.points import Lot
from rules.programme.rewards import NOTHING_WITHHELD, Withheld

from .circle_at_hand import CircleAtHand
from .event_wording import EventsAtHand

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Addressee(Viewer):
    """A member, with what else a message may speak of."""

    #: The lots that still hold points.
    lots: tuple[Lot, ...] = ()
    #: The rewards that aren't handed out to them now.
    withheld: Withheld = NOTHING_WITHHELD
    #: What messages about events speak of.
    events: EventsAtHand = field(default_factory=EventsAtHand)
    #: What messages about the inner circle speak of.
    circle: CircleAtHand = field(default_factory=CircleAtHand)
    #: When it is said.
    now: datetime = _NEVER
    #: When staff last telephoned.
    called_on: date | None = None
    #: The broadcasts that they may read of, by id.
    broadcasts: Mapping[int, Broadcast] = field(default_factory=dict)
