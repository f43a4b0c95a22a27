"""Who may come to an event, and to whom it opens first."""

from dataclasses import dataclass
from datetime import date, datetime

from ..base import Refusal
from ..facts import Facts
from ..first import is_in_one
from ..science.drift import has_lapsed
from .event import EventState, GuestList, ShopEvent, Sitting
from .places import refuse_sign_up


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


def refuse_guest(event: GuestList, guest: EventGuest) -> Refusal | None:
    """Why it is not for them: event_rank, event_segment, event_lapsed, event_subscribers or
    event_visits. None where it is."""
    if event.lapsed_too and guest.stays_away:
        return None
    is_in = is_in_one(guest.facts, event.segments)
    if event.guests == "ranks" and not (is_in or guest.facts.rank.id in event.ranks):
        return Refusal("event_rank")
    if event.guests == "segments" and not is_in:
        return Refusal("event_segment")
    if event.guests == "lapsed" and not guest.stays_away:
        return Refusal("event_lapsed")
    if event.guests == "subscribers" and not guest.facts.subscribes_on(guest.day):
        return Refusal("event_subscribers")
    if event.visits_min is not None and guest.facts.visits < event.visits_min:
        return Refusal("event_visits")
    return None


def is_before_their_turn(event: ShopEvent, guest: EventGuest, now: datetime) -> bool:
    """Whether others may sign up before them, and their own time hasn't come at `now`."""
    first = event.first
    return first is not None and event.is_early(now) and refuse_guest(first, guest) is not None


@dataclass(frozen=True, slots=True)
class SittingWished:
    """A sitting that somebody would sign up for, and how its event stands."""

    event: ShopEvent
    state: EventState
    sitting: Sitting


def refuse_wish(wished: SittingWished, guest: EventGuest, now: datetime) -> Refusal | None:
    """Why they can't sign up for it now: as for anybody, as it is not for them, or event_first,
    while it is open to others only. None where they can."""
    event = wished.event
    no = refuse_sign_up(event, wished.state, wished.sitting, now)
    if no is not None and no.code != "event_not_yet":
        return no
    if strange := refuse_guest(event, guest):
        return strange
    if event.first is not None and is_before_their_turn(event, guest, now):
        return Refusal("event_first", again_at=event.first.until)
    return no
