"""What is due of events at a moment: offers that end, places that are free, what those who signed
up are to be told, and invitations. Each step is a transaction by itself, and is found again by how
things stand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.store.events import events, guests, places
from bot.store.events.events import SittingProgress, StoredEvent
from bot.store.events.places import EventPlace
from handlers.actions.events.moving_up import end_offer, offer_next
from handlers.actions.events.telling import invite, remind, say_off, thank
from handlers.club import Club
from rules.events.event import may_move_up
from rules.events.moments import reminds_at, thanks_at
from rules.events.places import CONCERNED, Occupancy, offers_due

log = structlog.get_logger(__name__)

#: So long after its end something may still be due of a sitting.
_LATE = timedelta(days=3)
#: So long after a cancelling somebody may still have to be told.
_OFF_FOR = timedelta(days=60)
#: So many members are looked at in one transaction.
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class EventsNow:
    """How all events stand that anything may be due of."""

    sittings: Sequence[SittingProgress]
    stands: dict[tuple[int, int], Occupancy]
    offers: Sequence[EventPlace]
    #: Those of cancelled events who weren't told.
    off: Sequence[EventPlace]
    #: The events that members are still told of, with the last one who was.
    inviting: Sequence[tuple[int, int]]
    #: Those that are told to some only when they open to them.
    rest: Sequence[StoredEvent]


def run_if_due(club: Club) -> None:
    """Does what is due now. One event, or one person's place, that fails keeps no other from going
    on."""
    now = club.now()
    stand = _look(club, now)
    for place in stand.off:
        with by_itself(place.event_id), club.work() as work:
            say_off(work, place)
    for offer in stand.offers:
        if offer.until is not None and offer.until <= now:
            with by_itself(offer.event_id), club.work() as work:
                end_offer(work, offer)
    # What ended may be offered to the next.
    stand = _look(club, now) if stand.offers else stand
    for each in stand.sittings:
        with by_itself(each.event_id):
            _move_up(club, each, stand.stands[each.event_id, each.sitting.n], now)
    for each in stand.sittings:
        with by_itself(each.event_id):
            _tell_of(club, each, now)
    for event_id, after in stand.inviting:
        with by_itself(event_id):
            _invite(club, event_id, after)
    for stored in stand.rest:
        with by_itself(stored.id):
            _invite_rest(club, stored, now)


@contextmanager
def by_itself(its_id: int, what: str = "event") -> Iterator[None]:
    """What fails in it is said in the log, and stops nothing else."""
    try:
        yield
    except Exception:
        log.exception(f"{what}_failed", **{f"{what}_id": its_id})


def next_due(club: Club, *, after: datetime) -> datetime | None:
    """When something is due next, after that moment; None for nothing."""
    shop = club.timeline().at(after).programme.shop
    stand = _look(club, after)
    moments = [offer.until for offer in stand.offers if offer.until is not None]
    moments += [each.event.first.until for each in stand.rest if each.event.first]
    for each in stand.sittings:
        if each.reminded_at is None:
            moments.append(reminds_at(shop, each.sitting))
        if each.thanked_at is None:
            moments.append(thanks_at(shop, each.sitting))
    return min((moment for moment in moments if moment > after), default=None)


def _look(club: Club, now: datetime) -> EventsNow:
    with club.store.read() as uow:
        sittings = events.sittings_since(uow, now - _LATE)
        ids = {each.event_id for each in sittings}
        many = {(each.event_id, each.sitting.n): each.sitting.places for each in sittings}
        off = events.called_off(uow, since=now - _OFF_FOR)
        return EventsNow(
            sittings,
            places.occupancies(uow, ids, many) if ids else {},
            places.offers_of(uow, ids) if ids else [],
            [place for event_id in off for place in places.of_event(uow, event_id, CONCERNED)],
            events.inviting(uow),
            events.with_rest_to_invite(uow),
        )


def _move_up(club: Club, each: SittingProgress, stands: Occupancy, now: datetime) -> None:
    if not offers_due(stands) or not may_move_up(each.sitting, now):
        return
    goes_on = True
    while goes_on:
        with club.work() as work:
            goes_on = offer_next(work, each.event_id, each.sitting.n)


def _tell_of(club: Club, each: SittingProgress, now: datetime) -> None:
    shop, sitting = club.timeline().at(now).programme.shop, each.sitting
    if each.reminded_at is None and reminds_at(shop, sitting) <= now < sitting.starts_at:
        with club.work() as work:
            stored = events.get(work.uow, each.event_id)
            if stored is not None:
                remind(work, stored, sitting.n)
    if each.thanked_at is None and thanks_at(shop, sitting) <= now:
        with club.work() as work:
            stored = events.get(work.uow, each.event_id)
            if stored is not None:
                thank(work, stored, sitting.n)


def _invite(club: Club, event_id: int, after: int) -> None:
    for last in _pages(club, after):
        with club.work() as work:
            stored = events.lock(work.uow, event_id)
            if stored is None or stored.state != "open" or work.now >= stored.event.closes_at:
                events.note_invited(work.uow, event_id, 0, after=None)
                return
            ids = guests.invitable(work.uow, after=last, limit=_CHUNK)
            told = invite(work, stored, ids)
            events.note_invited(work.uow, event_id, told, after=ids[-1] if ids else None)


def _invite_rest(club: Club, stored: StoredEvent, now: datetime) -> None:
    """Tells those to whom it has opened by now."""
    if stored.event.is_early(now) or now >= stored.event.closes_at:
        return
    with club.work() as work:
        found = events.lock(work.uow, stored.id)
        if found is None or not found.invite_rest or found.event.is_early(work.now):
            return
        events.invite_rest(work.uow, stored.id)
    _invite(club, stored.id, 0)


def _pages(club: Club, after: int) -> Iterator[int]:
    """After whom to go on, until nobody is left."""
    while True:
        yield after
        with club.store.read() as uow:
            ids = guests.invitable(uow, after=after, limit=_CHUNK)
        if not ids:
            return
        after = ids[-1]
