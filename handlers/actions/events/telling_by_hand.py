"""Whom LINE doesn't reach is told by staff that a place is kept for them, or that it is off."""

from bot.store.events import events, places
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.members import members
from rules.base import Lang
from rules.events.moments import offer_ends

from ..recording.idempotency import once_for
from ..recording.log import note
from ..recording.outcome import ACKNOWLEDGEMENT, Acknowledgement
from ..recording.work import Work

_TO_TELL = ("offered", "off")


def note_told(work: Work, member_id: int, event_id: int, lang: Lang) -> Acknowledgement:
    """Notes that the member was told, among what was done for them, too, with the event's name in
    that language. From now on the time of an offer runs to whom nothing else told of it. Told
    twice, it changes nothing.

    Refused with event_none where there is nothing to tell any more.
    """

    def act() -> Acknowledgement:
        member = members.lock(work.uow, member_id)
        place = places.get(work.uow, member.id, event_id)
        stored = events.get(work.uow, event_id)
        if place is None or stored is None or place.state not in _TO_TELL:
            return Acknowledgement("event_none")
        if place.told_at is not None:
            return Acknowledgement()
        until, sitting = place.until, stored.sitting(place.n)
        if place.state == "offered" and member.line_user_id is None and sitting is not None:
            policy, shop = work.programme.sending, work.programme.shop
            hours = stored.event.offer_hours
            until = offer_ends(policy, shop, sitting, hours=hours, now=work.now)
        places.change(work.uow, place, told_at=work.now, until=until)
        title = stored.event.title.in_(lang)
        done = NotedContact(work.now, "spoken", title, work.staff.staff_id, None)
        contacts.add(work.uow, member.id, done)
        note(work, "spoken", member_id=member.id)
        return Acknowledgement()

    return once_for(ACKNOWLEDGEMENT, work, f"event_told {member_id} {event_id}", act)
