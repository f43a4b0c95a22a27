"""Somebody on some day: all that a trigger looks at, and what it finds."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ..base import Lang
from ..facts import Facts
from ..programme.points import Lot
from ..programme.programme import Programme
from ..shop import Shop

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the member beside the facts.

    `lots` are the points they have. `sent_on` is the day on which this journey was last queued for
    them (None: never), `called_on` when staff last spoke with them on the telephone. `told_steps`:
    an answer in the chat invited them to the fan steps. `gone` are the rewards out of stock.
    """

    language: Lang = "ja"
    lots: tuple[Lot, ...] = ()
    sent_on: date | None = None
    called_on: date | None = None
    told_steps: bool = False
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A member on business day `day`. `facts` are settled up to it (`decide.advance`)."""

    programme: Programme
    facts: Facts
    day: date
    known: Known = Known()

    @property
    def shop(self) -> Shop:
        return self.programme.shop

    def away_until(self, days: int) -> date:
        """The day on which they will have been away for `days`, those not counted on which the
        shop was specially closed."""
        return self.shop.forth(self.facts.away_since, days)


@dataclass(frozen=True, slots=True)
class Found:
    """A reason to write: `period` makes it the only one of its kind for this member, `since` is
    the first day on which it held and `ends` the first on which it no longer will (None: open).

    `step` is its step, from 0; `target` the rank, badge or reward it is about; `values` are what
    its texts may name.
    """

    period: str
    since: date
    ends: date | None = None
    step: int = 0
    target: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
