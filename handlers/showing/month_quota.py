"""How the month's messages stand: what is left of them, and what is still wanted."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.store.messages import outbox_figures, quota
from bot.store.messages.quota import QuotaState
from handlers.club import Club
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from rules.sending import quota as rules
from rules.sending.policy import MONTH
from rules.sending.quota import Alarm, Demand, SentCounts, Usage
from rules.shop import Shop


def quota_state(club: Club, now: datetime) -> QuotaState:
    """How the month of `now` stands, as far as this club knows."""
    with club.store.read() as uow:
        return quota.state(uow, rules.month_of(_shop(club, now), now), now=now)


def demands(club: Club, now: datetime) -> list[Demand]:
    """What journeys will still want of the month's messages, if it goes on as last month did.

    What is queued is not in it: of that, the more important messages go first anyway.
    """
    shop, programme = _shop(club, now), club.timeline().at(now).programme
    begins, rest, ends = rules.rest_of_last_month(shop, now)
    with club.store.read() as uow:
        lately = _by_name(outbox_figures.sent_by_journey(uow, since=now - MONTH))
        last_month = _by_name(outbox_figures.sent_by_journey(uow, since=begins, until=ends))
        of_rest = _by_name(outbox_figures.sent_by_journey(uow, since=rest, until=ends))
    left = rules.days_left(shop, now)
    wanted = []
    for name in lately | last_month:
        past = SentCounts(lately[name], last_month[name], of_rest[name])
        wanted.append(Demand(*name, rules.still_wanted(past, days_left=left)))
    return [demand for demand in wanted if _is_sent_still(programme, demand.journey)]


def _by_name(sent: Iterable[tuple[str, int, int]]) -> Counter[tuple[str, int]]:
    return Counter({(journey, priority): count for journey, priority, count in sent})


def _is_sent_still(programme: Programme, name: str) -> bool:
    """Whether it is none of the programme's journeys that have been switched off since."""
    names = [journey.queued_as for journey in journeys_of(programme)]
    return name in names or not name.startswith(("journey:", "broadcast:"))


def all_demands(club: Club, now: datetime) -> list[Demand]:
    """All that they will: what is queued, and what is still to come."""
    wanted: Counter[tuple[str, int]] = Counter()
    for demand in demands(club, now):
        wanted[demand.journey, demand.priority] += demand.messages
    with club.store.read() as uow:
        for journey, priority, count in outbox_figures.queued_by_journey(uow):
            wanted[journey, priority] += count
    return [Demand(journey, priority, messages) for (journey, priority), messages in wanted.items()]


def alarm(club: Club, now: datetime) -> Alarm | None:
    """What the owner should know of the month's messages; None when they will do."""
    state = quota_state(club, now)
    if state.plan is None or state.left is None:
        return None
    programme = club.timeline().at(now).programme
    # `left` is the more careful of both counts.
    usage = Usage(state.plan, state.plan - state.left, state.used_own)
    ahead = rules.forecast(usage, all_demands(club, now), reserve=programme.sending.quota_reserve)
    return rules.alarm(usage, ahead, month=rules.month_of(programme.shop, now))


def _shop(club: Club, now: datetime) -> Shop:
    return club.timeline().at(now).programme.shop
