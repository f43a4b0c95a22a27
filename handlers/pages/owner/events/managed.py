"""Which events are whose: a manager has those of their store."""

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


def may_manage(stored: StoredEvent) -> bool:
    """Whether the event is theirs to change who is signed in."""
    return signed().may_act_at(stored.event.store)


def managed(uow: UnitOfWork, event_id: int) -> StoredEvent:
    """The event; 404 for none, or one that isn't theirs."""
    stored = events.get(uow, event_id) if event_id < _ID_MAX else None
    if stored is None or not may_manage(stored):
        not_found()
    return stored
