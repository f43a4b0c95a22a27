"""Coming to an event: known by the ordinary scan, and taken back with it."""

from datetime import datetime, timedelta

from bot.store.events import events, places
from bot.store.events.events import StoredEvent
from bot.store.events.places import EventPlace
from bot.store.members import members
from rules.activity import Occasion
from rules.events.event import Sitting

from ..recording.record import Request, carry_out
from ..recording.work import Work

#: Who is scanned so long before the beginning has come for it; earlier, for something else.
_EARLY = timedelta(hours=2)
_DAY = timedelta(days=1)


def note_came(work: Work, member_id: int, *, at: datetime, store: str | None) -> None:
    """Notes that the member, who is locked, came to what they have a place at there and then."""
    for place, stored, sitting in _today(work, member_id, at):
        here = stored.event.store in (None, store)
        in_time = sitting.starts_at - _EARLY <= at < sitting.ends_at
        if here and in_time and place.state == "taken" and place.came_at is None:
            places.change(work.uow, place, came_at=at, came_key=work.key)
            carry_out(work, Request(member_id, Occasion("event"), at, store))


def signed_up_today(work: Work, member_id: int) -> list[tuple[EventPlace, StoredEvent, Sitting]]:
    """What the member has a place at, or waits for, of this day: for who serves them."""
    today = _today(work, member_id, work.now)
    return [each for each in today if each[0].state in ("taken", "offered", "waiting")]


def _today(
    work: Work, member_id: int, at: datetime
) -> list[tuple[EventPlace, StoredEvent, Sitting]]:
    """Their places at sittings of the day of that moment, at events that take place. Who never
    signed up for anything that could be now costs no look at it."""
    member = members.get(work.uow, member_id)
    if member is None or member.events_until is None or member.events_until < at - _DAY:
        return []
    mine = {each.event_id: each for each in places.coming(work.uow, member_id, since=at - _DAY)}
    if not mine:
        return []
    shop = work.programme.shop
    day = shop.business_date(at)
    found = []
    for event_id, stored in events.many(work.uow, mine).items():
        sitting = stored.sitting(mine[event_id].n)
        if sitting is None or stored.state == "cancelled":
            continue
        if shop.business_date(sitting.starts_at) == day:
            found.append((mine[event_id], stored, sitting))
    return sorted(found, key=lambda each: each[2].starts_at)
