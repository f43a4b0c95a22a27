"""Who reads a message that is about to go out."""

from dataclasses import dataclass
from datetime import date

from handlers.showing.viewer import Viewer
from rules.programme.points import Lot
from rules.programme.rewards import NOTHING_WITHHELD, Withheld


@dataclass(frozen=True, kw_only=True)
class Addressee(Viewer):
    """A member, with what else a message may speak of."""

    #: The lots that still hold points.
    lots: tuple[Lot, ...] = ()
    #: The rewards that aren't handed out to them now.
    withheld: Withheld = NOTHING_WITHHELD
    #: When staff last telephoned.
    called_on: date | None = None
