"""What those who signed up are told by itself: that it is tomorrow, that it is off, and thanks; and
that there is something, to whom it is for."""

from collections.abc import Sequence
from datetime import timedelta

from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace
from bot.store.members import members
from bot.store.members.members import Member
from rules.events.guests import is_before_their_turn, refuse_guest
from rules.events.moments import is_urgent, reminds_at

from ..recording.work import Work
from ..telling.event_messages import (
    SayEventInvite,
    SayEventOff,
    SayEventOffNow,
    SayEventReminder,
    SayEventThanks,
)
from ..telling.messages import tell
from .signing_up import guest_of

#: Thanks come while it is fresh.
_THANKS_WITHIN = timedelta(days=3)
#: So long an invitation may wait for room among what else a member gets.
_INVITED_WITHIN = timedelta(days=7)
#: It waits behind what is about the member's own things.
_INVITATION_PRIORITY = 7


def say_off(work: Work, concerned: EventPlace) -> None:
    """Tells one of those who signed up that a cancelled event is off; once."""
    member = members.lock(work.uow, concerned.member_id)
    place = places.get(work.uow, member.id, concerned.event_id)
    stored = events.get(work.uow, concerned.event_id)
    if place is None or stored is None or not place.holds or stored.state != "cancelled":
        return
    places.change(work.uow, place, state="off", until=None, told_at=None)
    sitting = stored.sitting(place.n)
    if sitting is None or sitting.starts_at <= work.now:
        return
    shop = work.programme.shop
    is_now = is_urgent(work.programme.sending, shop, sitting, work.now)
    kind = SayEventOffNow if is_now else SayEventOff
    say = kind(event=stored.id, n=place.n)
    useful = sitting.ends_at - work.now
    tell(work, member, say, period=_period(place), topic=None, useful=useful)


def remind(work: Work, stored: StoredEvent, n: int) -> None:
    """Reminds those who have a place at the sitting that it is tomorrow, and notes that it was
    done: who signs up later has just done so."""
    sitting = stored.sitting(n)
    if sitting is None:
        return
    reminded_from = reminds_at(work.programme.shop, sitting)
    for place in _taken(work, stored, n):
        member = members.get(work.uow, place.member_id)
        if member is not None and place.at < reminded_from:
            say = SayEventReminder(event=stored.id, n=n)
            useful = sitting.starts_at - work.now
            tell(work, member, say, period=_period(place), topic=None, useful=useful)
    events.note_reminded(work.uow, stored.id, n, at=work.now)


def thank(work: Work, stored: StoredEvent, n: int) -> None:
    """Thanks those who came, and notes that it was done."""
    for place in _taken(work, stored, n):
        member = members.get(work.uow, place.member_id)
        if member is not None and place.came_at is not None:
            say = SayEventThanks(event=stored.id, n=n)
            tell(work, member, say, period=_period(place), topic=None, useful=_THANKS_WITHIN)
    events.note_thanked(work.uow, stored.id, n, at=work.now)


def invite(work: Work, stored: StoredEvent, ids: Sequence[int]) -> int:
    """Tells those of the members whom it is for, and who haven't signed up, that there is such an
    event; gives how many. Those to whom it opens later are told by then; that there are any is
    noted."""
    told = 0
    if stored.event.is_early(work.now):
        events.note_rest(work.uow, stored.id)
    signed_up = places.of_members(work.uow, ids, [stored.id])
    work.look_at_segments(ids, stored.event.segments_asked)
    for member in sorted(members.many(work.uow, ids), key=lambda each: each.id):
        if (member.id, stored.id) not in signed_up:
            told += _invite(work, stored, member)
    return told


def _invite(work: Work, stored: StoredEvent, member: Member) -> bool:
    guest = guest_of(work, member, stored.event)
    if refuse_guest(stored.event, guest) is not None:
        return False
    if is_before_their_turn(stored.event, guest, work.now):
        return False
    return tell(
        work,
        member,
        SayEventInvite(event=stored.id),
        period=str(stored.id),
        topic="news",
        useful=min(_INVITED_WITHIN, stored.event.closes_at - work.now),
        priority=_INVITATION_PRIORITY,
    )


def _taken(work: Work, stored: StoredEvent, n: int) -> list[EventPlace]:
    """By the members' ids: whoever queues for several does so in that order."""
    found = places.of_event(work.uow, stored.id, ["taken"], n=n)
    return sorted(found, key=lambda place: place.member_id)


def _period(place: EventPlace) -> str:
    return f"{place.event_id}:{place.n}:{place.no}"
