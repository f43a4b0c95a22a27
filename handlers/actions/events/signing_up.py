"""Signing up for an event, and giving a place up.

Members are locked before the sitting, whose lock makes its order: whoever waits for it finds what
was done before.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace, SignUpWay
from bot.store.members import members
from bot.store.members.members import Member
from rules.base import Refusal
from rules.events.event import ShopEvent
from rules.events.guests import EventGuest, SittingWished, refuse_wish
from rules.events.places import PlaceState, sign_up_gives

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.work import Work


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to come to an event."""

    member_id: int
    event_id: int
    #: The sitting.
    n: int
    via: SignUpWay


@dataclass(frozen=True, slots=True)
class PlaceOutcome:
    """What a wish, or giving up, came to."""

    member_id: int
    #: The refusal's code; None when it was done.
    refused: str | None = None
    #: When it would be taken.
    again_at: datetime | None = None
    state: PlaceState | None = None
    #: How many wait before them.
    ahead: int = 0

    @property
    def done(self) -> bool:
        return self.refused is None


PLACED: TypeAdapter[PlaceOutcome] = TypeAdapter(PlaceOutcome)


def sign_up(work: Work, wish: Wish) -> PlaceOutcome:
    """Gives them a place, or one on the list. Who has either already keeps it, and hears so.

    Refused with event_gone, event_cancelled, event_over, event_closed, event_not_yet, event_first
    (it opens to others first), event_rank, event_segment, event_lapsed, event_visits, event_twice
    (they have another sitting), erased, merged or left.
    """
    asked = f"event_sign_up {wish.member_id} {wish.event_id} {wish.n}"
    return once_for(PLACED, work, asked, lambda: _sign_up(work, wish))


def _sign_up(work: Work, wish: Wish) -> PlaceOutcome:
    member = members.lock(work.uow, wish.member_id)
    sitting = events.lock_sitting(work.uow, wish.event_id, wish.n)
    stored = events.get(work.uow, wish.event_id)
    if sitting is None or stored is None:
        return PlaceOutcome(member.id, refused="event_gone")
    had = places.get(work.uow, member.id, stored.id)
    if had is not None and had.holds and stored.state != "cancelled":
        if had.n != wish.n:
            return PlaceOutcome(member.id, refused="event_twice", state=had.state)
        return _outcome(work, had)
    wished = SittingWished(stored.event, stored.state, sitting)
    guest = guest_of(work, member, stored.event)
    refused = refuse_member(member) or refuse_wish(wished, guest, work.now)
    if refused is not None:
        return PlaceOutcome(member.id, refused=refused.code, again_at=refused.again_at)
    stands = places.occupancy(work.uow, stored.id, sitting)
    place = EventPlace(
        member.id,
        stored.id,
        wish.n,
        events.next_no(work.uow, stored.id, wish.n),
        sign_up_gives(stands),
        work.now,
        wish.via,
    )
    places.put(work.uow, place)
    members.note_event(work.uow, member, sitting.ends_at)
    if work.actor is not None:
        note(work, "event_sign_up", member_id=member.id, event=stored.id)
    return _outcome(work, place)


def _outcome(work: Work, place: EventPlace) -> PlaceOutcome:
    before = places.ahead(work.uow, place) if place.state == "waiting" else 0
    return PlaceOutcome(place.member_id, state=place.state, ahead=before)


def refuse_member(member: Member) -> Refusal | None:
    """Why nobody can sign that card up for anything: erased, merged or left."""
    if member.erased_at is not None:
        return Refusal("erased")
    if member.merged_into is not None:
        return Refusal("merged")
    return Refusal("left") if member.membership == "left" else None


def guest_of(work: Work, member: Member, event: ShopEvent) -> EventGuest:
    """The member as the event's guests are judged."""
    facts = work.with_segments(member.id, work.settled(member), event.segments_asked)
    return EventGuest(facts, work.day, work.foresight.drift_on(facts))


def give_up(work: Work, member_id: int, event_id: int) -> PlaceOutcome:
    """Gives up a place, or the wish for one; who has none any more has done so before. Refused with
    event_cancelled, event_over once it has begun, and event_none where they had never signed up."""

    def act() -> PlaceOutcome:
        member = members.lock(work.uow, member_id)
        place = places.get(work.uow, member.id, event_id)
        stored = events.get(work.uow, event_id)
        if place is None or stored is None:
            return PlaceOutcome(member.id, refused="event_none")
        if stored.state == "cancelled":
            return PlaceOutcome(member.id, refused="event_cancelled", state=place.state)
        if not place.holds:
            return PlaceOutcome(member.id, state=place.state)
        if has_begun(stored, place, work.now):
            return PlaceOutcome(member.id, refused="event_over", state=place.state)
        places.change(work.uow, place, state="declined", until=None)
        if work.actor is not None:
            note(work, "event_give_up", member_id=member.id, event=event_id)
        return PlaceOutcome(member.id, state="declined")

    return once_for(PLACED, work, f"event_give_up {member_id} {event_id}", act)


def has_begun(stored: StoredEvent, place: EventPlace, now: datetime) -> bool:
    """Whether what the place is at has begun."""
    sitting = stored.sitting(place.n)
    return sitting is None or now >= sitting.starts_at


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """Yes or no to a place that was offered."""

    member_id: int
    event_id: int
    #: Which offer: the number in the sitting's order; an old message may be about another.
    no: int
    wanted: bool


def answer_offer(work: Work, answer: OfferAnswer) -> PlaceOutcome:
    """Takes the place that is kept for them, or lets it go to the next. Said again, it changes
    nothing. Refused with event_offer_over where it is kept for them no more."""
    asked = f"event_offer {answer.member_id} {answer.event_id} {answer.no} {answer.wanted}"
    return once_for(PLACED, work, asked, lambda: _answer_offer(work, answer))


def _answer_offer(work: Work, answer: OfferAnswer) -> PlaceOutcome:
    member = members.lock(work.uow, answer.member_id)
    place = places.get(work.uow, member.id, answer.event_id)
    stored = events.get(work.uow, answer.event_id)
    if place is None or stored is None or place.no != answer.no or stored.state == "cancelled":
        return PlaceOutcome(member.id, refused="event_offer_over")
    wished: PlaceState = "taken" if answer.wanted else "declined"
    if place.state == wished:
        return PlaceOutcome(member.id, state=wished)
    if place.state != "offered" or place.until is None or work.now >= place.until:
        return PlaceOutcome(member.id, refused="event_offer_over", state=place.state)
    taken = replace(place, state=wished, until=None)
    places.put(work.uow, taken)
    if work.actor is not None:
        action = "event_sign_up" if answer.wanted else "event_give_up"
        note(work, action, member_id=member.id, event=answer.event_id)
    return PlaceOutcome(member.id, state=wished)
