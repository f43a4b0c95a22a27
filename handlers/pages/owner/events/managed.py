"""Which events are whose, a manager having those of their store; and how an event stands."""

from datetime import datetime

from bot.store import UnitOfWork
from bot.store.events import events
from bot.store.events.events import StoredEvent

from ...staff.frame.access import signed
from ...staff.frame.layout import not_found, words

#: No database holds a larger id than that, nor has any club so many events.
_ID_MAX = 10**9


def word(text: str) -> str:
    """A text of these pages."""
    return words(f"owner.events.{text}")


def state_now(stored: StoredEvent, now: datetime) -> str:
    """What is said of it: "soon" before one can sign up, "closed" once that is over by itself or by
    its owner, "past" after its last date."""
    if stored.state == "cancelled":
        return "cancelled"
    if stored.ends_at <= now:
        return "past"
    if stored.state == "open" and now < stored.event.opens_at:
        return "soon"
    return "closed" if stored.state == "open" and now >= stored.event.closes_at else stored.state


def may_manage(stored: StoredEvent) -> bool:
    """Whether the event is theirs to change who is signed in."""
    return signed().may_act_at(stored.event.store)


def managed(uow: UnitOfWork, event_id: int) -> StoredEvent:
    """The event; 404 for none, or one that isn't theirs."""
    stored = events.get(uow, event_id) if event_id < _ID_MAX else None
    if stored is None or not may_manage(stored):
        not_found()
    return stored
