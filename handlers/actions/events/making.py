"""An event is made, changed, opened, closed and cancelled by who manages it; the log tells who."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.messages.segments import by_slug
from rules.base import Refusal
from rules.events.event import ShopEvent, Sitting

from ..recording.log import note
from ..recording.work import Work

#: What is done to an event as a whole.
EventStep = Literal["open", "close", "cancel", "invite"]


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """An event as a form has it; a sitting that is new has a number that is nobody's."""

    event: ShopEvent
    sittings: tuple[Sitting, ...]


def make(work: Work, written: WrittenEvent) -> int:
    """Keeps a new event as a draft; gives its id. Who sends the form twice gets the first's."""
    event_id = events.add(work.uow, written.event, written.sittings, at=work.now)
    note(work, "event_made", event=event_id)
    return event_id


def refuse_segments(work: Work, written: WrittenEvent) -> Refusal | None:
    """Why it can't be for the segments it names: segment_gone. None where they are there, and stay
    so until the transaction ends."""
    named = set(written.event.segments_asked)
    return Refusal("segment_gone") if named - set(by_slug(work.uow, named, lock=True)) else None


def change(work: Work, event_id: int, revision: int, written: WrittenEvent) -> Refusal | None:
    """Writes an event anew. Refused with event_gone, event_changed (somebody was quicker),
    event_cancelled, segment_gone, event_date_taken (somebody signed up for a date that is another
    now, or none) or event_places_taken (fewer places than are somebody's)."""
    stored = _locked(work, event_id, revision)
    if isinstance(stored, Refusal):
        return stored
    if no := refuse_segments(work, written) or _refuse_sittings(work, stored, written.sittings):
        return no
    events.change(work.uow, stored, written.event, written.sittings)
    note(work, "event_changed", event=event_id)
    return None


def _locked(work: Work, event_id: int, revision: int) -> StoredEvent | Refusal:
    """The event as its reader saw it, theirs alone until the transaction ends; or why not."""
    stored = events.lock(work.uow, event_id)
    if stored is None:
        return Refusal("event_gone")
    if stored.revision != revision:
        return Refusal("event_changed")
    return Refusal("event_cancelled") if stored.state == "cancelled" else stored


def _refuse_sittings(
    work: Work, stored: StoredEvent, sittings: Sequence[Sitting]
) -> Refusal | None:
    wanted = {each.n: each for each in sittings}
    for before in stored.sittings:
        events.lock_sitting(work.uow, stored.id, before.n)
        stands = places.occupancy(work.uow, stored.id, before)
        if not (stands.taken or stands.offered or stands.waiting):
            continue
        after = wanted.get(before.n)
        if after is None or (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at):
            return Refusal("event_date_taken")
        if after.places < stands.taken + stands.offered:
            return Refusal("event_places_taken")
    return None


def take_step(work: Work, event_id: int, revision: int, step: EventStep) -> Refusal | None:
    """Opens, closes or cancels it, or lets it be told to whom it is for. Who signed up for what is
    cancelled is told by itself, one after another.

    Refused with event_gone, event_changed, event_cancelled, event_over, or event_not_open (nobody
    can be invited to what isn't open)."""
    stored = _locked(work, event_id, revision)
    if isinstance(stored, Refusal):
        return stored
    if work.now >= stored.ends_at:
        return Refusal("event_over")
    if step == "invite":
        if stored.state != "open" or work.now >= stored.event.closes_at:
            return Refusal("event_not_open")
        events.begin_inviting(work.uow, event_id, at=work.now)
    elif step == "cancel":
        events.set_state(work.uow, stored, "cancelled", off_at=work.now)
    else:
        events.set_state(work.uow, stored, "open" if step == "open" else "closed")
    note(work, f"event_{step}", event=event_id)
    return None
