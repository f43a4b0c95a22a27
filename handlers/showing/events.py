"""The events that a member is shown, each with how it stands for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store import UnitOfWork
from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace
from bot.store.many.segment_members import held_by
from handlers.club import Club
from rules.base import Refusal
from rules.checking.perk_cautions import SOON_DAYS
from rules.events.event import ShopEvent, Sitting
from rules.events.guests import EventGuest, SittingWished, refuse_guest, refuse_wish
from rules.events.places import Occupancy, PlaceState
from rules.facts import changed
from rules.science.drift import drift_on

from .viewer import Viewer

#: What may yet become so, and is worth knowing of.
_WORTH_TELLING = ("event_rank", "event_visits")


@dataclass(frozen=True, slots=True)
class EventForMember:
    """An event as it stands for a member."""

    stored: StoredEvent
    stands: dict[int, Occupancy]
    place: EventPlace | None
    #: Why it is not for them.
    refused: Refusal | None
    guest: EventGuest
    now: datetime

    @property
    def id(self) -> int:
        return self.stored.id

    @property
    def state(self) -> PlaceState | None:
        """How their own place stands; None where there is nothing to say of it."""
        place = self.place
        if place is None or (not place.holds and place.state != "off"):
            return None
        if place.state == "offered" and (place.until is None or place.until <= self.now):
            return None
        return "off" if self.stored.state == "cancelled" else place.state

    @property
    def held(self) -> Sitting | None:
        """The sitting at which they have a place, or wait for one."""
        if self.state is None or self.place is None:
            return None
        return self.stored.sitting(self.place.n)

    def no_to(self, sitting: Sitting) -> Refusal | None:
        """Why they can't sign up for that sitting; None where they can."""
        wished = SittingWished(self.stored.event, self.stored.state, sitting)
        return self.refused or refuse_wish(wished, self.guest, self.now)

    @property
    def open_sittings(self) -> tuple[Sitting, ...]:
        """Those that they can sign up for."""
        return tuple(each for each in self.stored.sittings if self.no_to(each) is None)

    @property
    def is_shown(self) -> bool:
        if self.state is not None:
            return True
        code = self.refused.code if self.refused else ""
        return self.stored.state == "open" and code in ("", *_WORTH_TELLING)


def events_ahead(club: Club) -> list[ShopEvent]:
    """Those within `SOON_DAYS` that members may sign up for: what ranks can invite to."""
    now = club.now()
    soon = now + timedelta(days=SOON_DAYS)
    with club.store.read() as uow:
        found = events.shown(uow, after=now)
    return [
        each.event for each in found if each.state == "open" and each.sittings[0].starts_at < soon
    ]


def events_for(viewer: Viewer, uow: UnitOfWork, now: datetime) -> list[EventForMember]:
    """Those that are shown to them, the soonest first."""
    found = events.shown(uow, after=now)
    return [each for each in _for(viewer, uow, found, now) if each.is_shown]


def event_for(
    viewer: Viewer, uow: UnitOfWork, event_id: int, now: datetime
) -> EventForMember | None:
    """That one, shown or not; None for none, or a draft."""
    found = events.get(uow, event_id)
    if found is None or found.state == "draft":
        return None
    return _for(viewer, uow, [found], now)[0]


def _for(
    viewer: Viewer, uow: UnitOfWork, found: list[StoredEvent], now: datetime
) -> list[EventForMember]:
    if not found:
        return []
    ids = [each.id for each in found]
    many = {(each.id, s.n): s.places for each in found for s in each.sittings}
    stands = places.occupancies(uow, ids, many)
    mine = places.of_members(uow, [viewer.member.id], ids)
    drifts = drift_on(viewer.models, viewer.programme.shop, viewer.facts)
    wanted = {name for each in found for name in each.event.segments_asked}
    held = held_by(uow, viewer.programme, viewer.day, wanted=wanted, ids=[viewer.member.id])
    facts = changed(viewer.facts, segments=held.get(viewer.member.id, ()))
    guest = EventGuest(facts, viewer.day, drifts)
    return [
        EventForMember(
            each,
            {s.n: stands[each.id, s.n] for s in each.sittings},
            mine.get((viewer.member.id, each.id)),
            refuse_guest(each.event, guest),
            guest,
            now,
        )
        for each in found
    ]
