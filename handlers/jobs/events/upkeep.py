"""What is due of events at a moment: offers that end, places that are free, what those who signed
up are to be told, and invitations. Each step is a transaction by itself, and is found again by how
things stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.events import events, guests, places
from bot.store.events.events import SittingProgress
from bot.store.events.places import EventPlace
from handlers.actions.events.moving_up import end_offer, offer_next
from handlers.actions.events.telling import invite, remind, say_off, thank
from handlers.club import Club
from rules.events.event import may_move_up
from rules.events.moments import reminds_at
from rules.events.places import CONCERNED, Occupancy, offers_due

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


def run_if_due(club: Club) -> None:
    """Does what is due now."""
    now = club.now()
    stand = _look(club, now)
    for place in stand.off:
        with club.work() as work:
            say_off(work, place)
    for offer in stand.offers:
        if offer.until is not None and offer.until <= now:
            with club.work() as work:
                end_offer(work, offer)
    # What ended may be offered to the next.
    stand = _look(club, now) if stand.offers else stand
    for each in stand.sittings:
        _move_up(club, each, stand.stands[each.event_id, each.sitting.n], now)
    _tell_of(club, stand.sittings, now)
    for event_id, after in stand.inviting:
        _invite(club, event_id, after)


def next_due(club: Club, *, after: datetime) -> datetime | None:
    """When something is due next, after that moment; None for nothing."""
    shop = club.timeline().at(after).programme.shop
    stand = _look(club, after)
    moments = [offer.until for offer in stand.offers if offer.until is not None]
    for each in stand.sittings:
        if each.reminded_at is None:
            moments.append(reminds_at(shop, each.sitting))
        if each.thanked_at is None:
            moments.append(each.sitting.ends_at)
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
        )


def _move_up(club: Club, each: SittingProgress, stands: Occupancy, now: datetime) -> None:
    if not offers_due(stands) or not may_move_up(each.sitting, now):
        return
    goes_on = True
    while goes_on:
        with club.work() as work:
            goes_on = offer_next(work, each.event_id, each.sitting.n)


def _tell_of(club: Club, sittings: Sequence[SittingProgress], now: datetime) -> None:
    shop = club.timeline().at(now).programme.shop
    for each in sittings:
        sitting = each.sitting
        if each.reminded_at is None and reminds_at(shop, sitting) <= now < sitting.starts_at:
            with club.work() as work:
                stored = events.get(work.uow, each.event_id)
                if stored is not None:
                    remind(work, stored, sitting.n)
        if each.thanked_at is None and sitting.ends_at <= now:
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


def _pages(club: Club, after: int) -> Iterator[int]:
    """After whom to go on, until nobody is left."""
    while True:
        yield after
        with club.store.read() as uow:
            ids = guests.invitable(uow, after=after, limit=_CHUNK)
        if not ids:
            return
        after = ids[-1]
