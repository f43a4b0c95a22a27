"""The demo's subscribers: some have beans every month, and had some of them already."""

from datetime import date, timedelta

from bot.store.finding import due_members
from bot.store.members import members
from handlers.actions.members.subscribing import note_delivery, subscribe
from handlers.club import Club
from rules.activity import Delivered, Subscribed
from rules.shop import add_months

from ..demo import desk_of

#: One in so many subscribes, and the shop sends theirs on the fifth.
_EVERY, _MONTHS, _SENT_ON = 9, 4, 5


def subscribe_some(club: Club) -> None:
    """Each since another month, with each parcel since."""
    programme = club.timeline().latest.programme
    if not programme.subscriptions:
        return
    what, today = programme.subscriptions[0].id, programme.shop.business_date(club.now())
    for n, member_id in enumerate(list(due_members.everyone(club.store))[::_EVERY]):
        with club.work() as work:
            desk = work.acting(desk_of(work.uow, programme)).under(f"demo:beans:{member_id}")
            member = members.get(work.uow, member_id)
            since = add_months(today.replace(day=1), -(n % _MONTHS + 1))
            if member is None or member.facts.joined_on > since:
                continue
            if not subscribe(desk, member_id, Subscribed(what, since=since)).done:
                continue
            for on in _parcels(since, today):
                delivery = desk.under(f"demo:beans:{member_id}:{on}")
                note_delivery(delivery, member_id, Delivered(what, on))
            # What happened in the past is no news.
            work.recorded.clear()


def _parcels(since: date, today: date) -> list[date]:
    months = (add_months(since, n) for n in range(_MONTHS + 2))
    days = (month + timedelta(days=_SENT_ON - 1) for month in months)
    return [day for day in days if day <= today]
