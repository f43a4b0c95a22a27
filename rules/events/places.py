"""Who gets a place: whoever comes first, and then whoever waits longest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ..base import Refusal
from .event import EventState, ShopEvent, Sitting

#: taken: theirs. waiting: on the list. offered: one is kept for them until they answer. declined:
#: they gave it up, or left the list. passed: the offer ran out. off: the event was cancelled.
PlaceState = Literal["taken", "waiting", "offered", "declined", "passed", "off"]
#: Those who are told what becomes of the event.
CONCERNED: tuple[PlaceState, ...] = ("taken", "waiting", "offered")


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How a sitting stands."""

    places: int
    taken: int = 0
    offered: int = 0
    waiting: int = 0

    @property
    def free(self) -> int:
        """Places that are nobody's, be there somebody who waits for them."""
        return max(0, self.places - self.taken - self.offered)

    @property
    def left(self) -> int:
        """Places that whoever signs up now would get."""
        return 0 if self.waiting else self.free


def sign_up_gives(stands: Occupancy) -> PlaceState:
    """What who signs up now gets: nobody goes before those who wait."""
    return "taken" if stands.left else "waiting"


def offers_due(stands: Occupancy) -> int:
    """To how many of those who wait a place is to be offered now."""
    return min(stands.free, stands.waiting)


def refuse_sign_up(
    event: ShopEvent, state: EventState, sitting: Sitting, now: datetime
) -> Refusal | None:
    """Why nobody can sign up for that sitting now: event_gone, event_cancelled, event_not_yet,
    event_closed or event_over. None where one can."""
    if state == "draft":
        return Refusal("event_gone")
    if state == "cancelled":
        return Refusal("event_cancelled")
    if now >= sitting.starts_at:
        return Refusal("event_over")
    if state == "closed" or now >= event.closes_at:
        return Refusal("event_closed")
    if now < event.opens_at:
        return Refusal("event_not_yet", again_at=event.opens_at)
    return None
