"""The waiting list moves up by itself: a place that is free is offered to one person, for a time,
and then to the next.

Every step is a transaction by itself, and is found again by how the sitting stands: whoever is
stopped between two of them leaves nothing that another wouldn't go on with. The member is locked
before the sitting, as wherever somebody signs up.
"""

from datetime import datetime

from bot.store.events import events, places
from bot.store.events.places import EventPlace
from bot.store.members import members
from bot.store.messages import outbox_by_member
from bot.store.messages.outbox import MessageKey
from rules.events.event import may_move_up
from rules.events.moments import last_moment, offer_ends
from rules.events.places import offers_due

from ..recording.work import Work
from ..telling.event_messages import SayEventOffer
from ..telling.messages import tell
from .signing_up import refuse_member

#: Why an offer that was queued never reached anybody, and would not if it were made again.
_UNREACHABLE = ("blocked", "unreachable", "left", "paused", "erased")
_WENT_OUT = ("sending", "sent", "uncertain")


def offer_next(work: Work, event_id: int, n: int) -> bool:
    """Offers a free place of the sitting to who waits longest. False where none is free, nobody
    waits, or it is too late; True where one may look again."""
    first = places.first_waiting(work.uow, event_id, n)
    if first is None:
        return False
    member = members.lock(work.uow, first.member_id)
    sitting = events.lock_sitting(work.uow, event_id, n)
    stored = events.get(work.uow, event_id)
    if sitting is None or stored is None or stored.state in ("draft", "cancelled"):
        return False
    place = places.first_waiting(work.uow, event_id, n)
    stands = places.occupancy(work.uow, event_id, sitting)
    if not offers_due(stands) or not may_move_up(sitting, work.now):
        return False
    if place is None or place.member_id != member.id:
        # Somebody was quicker. Whoever is first now must be locked before the sitting.
        return True
    if refuse_member(member) is not None:
        places.change(work.uow, place, state="declined")
        return True
    policy, shop = work.programme.sending, work.programme.shop
    until = offer_ends(policy, shop, sitting, hours=stored.event.offer_hours, now=work.now)
    if member.line_user_id is None:
        # Its time begins when somebody has told them.
        until = last_moment(sitting)
    places.change(work.uow, place, state="offered", until=until, told_at=None)
    say = SayEventOffer(event=event_id, n=n, no=place.no, until=until)
    period = offer_period(place, until)
    tell(work, member, say, period=period, topic=None, useful=until - work.now)
    return True


def offer_period(place: EventPlace, until: datetime) -> str:
    """Which offer it is, in the outbox."""
    return f"{place.event_id}:{place.n}:{place.no}:{until.isoformat(timespec='minutes')}"


def end_offer(work: Work, offer: EventPlace) -> None:
    """Ends an offer whose time is over. Who wasn't told, though they can be, keeps their place on
    the list: their time has not begun."""
    member = members.lock(work.uow, offer.member_id)
    place = places.get(work.uow, member.id, offer.event_id)
    if place is None or place.state != "offered" or place.until is None:
        return
    if work.now < place.until:
        return
    journey, period = SayEventOffer.journey(), offer_period(place, place.until)
    became = outbox_by_member.status_of(work.uow, MessageKey(member.id, journey, period))
    is_untold = became is not None and became.status not in _WENT_OUT
    if became is not None and is_untold and became.reason not in _UNREACHABLE:
        outbox_by_member.withdraw(work.uow, member.id, journey, period)
        places.change(work.uow, place, state="waiting", until=None)
        return
    places.change(work.uow, place, state="passed", until=None)
