"""What is due of what the inner circle tries: who is to be told of it, and who fetched a sample and
is to be asked. Each step is a transaction by itself, and is found again by how things stand."""

from datetime import datetime, timedelta

from bot.store.events import trial_parts, trials
from handlers.actions.events.trials import ask_after, say_news
from handlers.club import Club
from rules.events.moments import morning_after

from .upkeep import by_itself

#: So many members are looked at in one transaction.
_CHUNK = 200
#: So many are asked in one tick.
_ASKED_MAX = 500


def run_if_due(club: Club) -> None:
    """Does what is due now. What fails keeps no other from going on."""
    now = club.now()
    with club.store.read() as uow:
        spoken_of = trials.to_say(uow)
        fetched = trial_parts.to_ask(uow, until=now, limit=_ASKED_MAX)
    for each in spoken_of:
        with by_itself(each.id, "trial"):
            _say(club, each.id)
    shop = club.timeline().at(now).programme.shop
    for part in fetched:
        if part.fetched_at is not None and morning_after(shop, part.fetched_at) <= now:
            with by_itself(part.trial_id, "trial"), club.work() as work:
                ask_after(work, part)


def next_due(club: Club, *, after: datetime) -> datetime | None:
    """When somebody is asked next, after that moment; None for never."""
    shop = club.timeline().at(after).programme.shop
    with club.store.read() as uow:
        fetched = trial_parts.to_ask(uow, until=after + timedelta(days=1), limit=_ASKED_MAX)
    moments = [morning_after(shop, each.fetched_at) for each in fetched if each.fetched_at]
    return min((moment for moment in moments if moment > after), default=None)


def _say(club: Club, trial_id: int) -> None:
    last: int | None = 0
    while last is not None:
        with club.work() as work:
            stored = trials.get(work.uow, trial_id)
            if stored is None or stored.saying_after is None:
                return
            last = say_news(work, stored, stored.saying_after, limit=_CHUNK)
