"""The owner's Monday, gathered: what of the week that was and of the one to come is told, on a
page, by mail and in a terminal alike. Nothing of it reads all members."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.store import UnitOfWork
from bot.store.events import events
from bot.store.figures import week
from bot.store.finding import ticks
from bot.store.finding.due_members import first_joined_at
from bot.store.heard import counting
from bot.store.history import reward_codes, stock
from bot.store.messages import broadcasts, outbox_figures
from bot.store.messages.crowds import CrowdAsked, asked_for
from bot.store.staff import flags
from handlers.club import Club
from rules.base import LocalText
from rules.broadcasts.broadcast import Whom
from rules.broadcasts.broadcast import id_of as broadcast_id
from rules.figures.periods import period
from rules.figures.sums import ALL
from rules.figures.values import days_needed
from rules.journeys.deciding import in_force
from rules.journeys.results import JourneyResult
from rules.journeys.risk import ABSENT
from rules.monday.ahead import Upcoming, of_programme, week_from
from rules.monday.matters import Stakes
from rules.monday.ordinary import WEEKS, UnusualDay, unusual_days
from rules.monday.week import SentLately, Week, kept_for_told, told_figures
from rules.programme.programme import Programme
from rules.programme.rewards import on_offer

from .journey_counts import KeptResults, kept_results
from .month_quota import alarm

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
#: So long after a business day began its night's work is over, or late; as the watch has it.
NIGHT_LATE_AFTER = timedelta(minutes=45)
#: A reward that nobody has the points for is news from the time on at which somebody could.
_REACHED_BY = timedelta(days=90)
#: Of more stores nobody wants a table: the figures have them all.
STORES_MAX = 12
#: Of which kinds it is told what they brought; a rank's news is nobody's journey.
_OURS = ("journey:", "broadcast:")


@dataclass(frozen=True, slots=True)
class WeekAsked:
    """Of what it is told, and when."""

    club: Club
    programme: Programme
    now: datetime
    day: date
    #: One store's; None: the whole club's, which is the owner's.
    store: str | None = None

    @property
    def stores(self) -> tuple[str, ...]:
        """Those that may be told of, ALL first; one that is no more has its figures still."""
        if self.store is not None:
            return (self.store,)
        known = [each.id for each in self.programme.stores[:STORES_MAX]]
        return (ALL, *(known if len(known) > 1 else ()))

    @property
    def only_store(self) -> str | None:
        """The store whose people alone are meant; None where that is everybody."""
        is_alone = [each.id for each in self.programme.stores] == [self.store]
        return None if is_alone else self.store

    def crowd(self, whom: Whom) -> CrowdAsked:
        """Those whom `whom` names, of the store where one is asked for; in a club of one store that
        is everybody."""
        also = (Whom(stores=(self.only_store,)),) if self.only_store else ()
        return asked_for(self.programme, whom, self.day, also)


def asked_now(club: Club, store: str | None = None) -> WeekAsked:
    """What is asked for at this moment."""
    now = club.now()
    programme = club.timeline().at(now).programme
    return WeekAsked(club, programme, now, programme.shop.business_date(now), store)


def gathered(asked: WeekAsked) -> Week:
    """All that is told of it."""
    told = period("weeks", asked.day - _DAY)
    span = days_needed(told, told_figures())
    span = replace(span, first=min(span.first, told.whole.last - (WEEKS + 1) * _WEEK))
    unsent = _unsent(asked)
    with asked.club.store.read() as uow:
        sums = week.sums_of_stores(uow, kept_for_told(), span, stores=asked.stores)
        stakes, sent = _everywhere(uow, asked) if asked.store is None else (Stakes(), ())
        found = Week(
            day=asked.day,
            store=asked.store,
            has_members=first_joined_at(uow) is not None,
            stakes=replace(_anywhere(uow, asked, stakes), unsent=unsent),
            period=told,
            sums=sums,
            unusual=(),
            sent=sent,
            ahead=_ahead(uow, asked),
        )
    return replace(found, unusual=tuple(_unusual(asked, found)))


# ── What matters ──


def _unsent(asked: WeekAsked) -> int:
    """How many of the month's messages won't go out; of the whole club alone."""
    found = alarm(asked.club, asked.now) if asked.store is None else None
    return found.missing if found else 0


def _anywhere(uow: UnitOfWork, asked: WeekAsked, stakes: Stakes) -> Stakes:
    """What concerns whoever leads a store."""
    drifting = asked.crowd(Whom(risks=ABSENT))
    waiting, overdue = _waiting(uow, asked)
    return replace(
        stakes,
        visit_yen=asked.programme.sending.visit_margin_yen,
        waiting=waiting,
        overdue=overdue,
        drifting=week.drifting(uow, drifting, after=asked.day - _WEEK),
        flags=flags.unseen(uow, store=asked.store),
    )


def _waiting(uow: UnitOfWork, asked: WeekAsked) -> tuple[int, int]:
    """How many wait for an answer, and how many of them for too long."""
    stands = counting.open_by_store(uow, asked.now)
    mine = [each for of, each in stands.items() if asked.only_store in (None, of)]
    return sum(each[0] for each in mine), sum(each[1] for each in mine)


def _everywhere(uow: UnitOfWork, asked: WeekAsked) -> tuple[Stakes, tuple[SentLately, ...]]:
    """What concerns the owner alone, and what went out."""
    kept = kept_results(uow, asked.programme)
    stakes = Stakes(
        night_is_late=_night_is_late(uow, asked),
        codes=tuple(_codes(uow, asked.programme, asked.day)),
        out_of_reach=tuple(_out_of_reach(uow, asked)),
        tests=tuple(_ready(kept)),
        trials=tuple(_to_choose(uow, asked)),
    )
    return stakes, tuple(_sent(uow, asked, kept))


def _night_is_late(uow: UnitOfWork, asked: WeekAsked) -> bool:
    last = ticks.last_tick(uow, "nightly")
    if last is None or asked.now < asked.programme.shop.opens(asked.day) + NIGHT_LATE_AFTER:
        # Where none ever was, nobody waits for one.
        return False
    return date.fromisoformat(last) < asked.day


def _codes(uow: UnitOfWork, programme: Programme, day: date) -> Iterator[tuple[LocalText, int]]:
    """How many are left of each reward that isn't over."""
    known = (each for each in programme.rewards if each.codes)
    rewards = {each.id: each.name for each in known if each.ends is None or day <= each.ends}
    for reward, left in sorted(reward_codes.left(uow, list(rewards)).items()):
        yield rewards[reward], left


def _out_of_reach(uow: UnitOfWork, asked: WeekAsked) -> Iterator[LocalText]:
    """Rewards that are to be had, that nobody ever took and nobody has the points for, though
    members had the time."""
    first = first_joined_at(uow)
    if first is None or first > asked.now - _REACHED_BY:
        return
    highest, used = week.highest_balance(uow), stock.all_used(uow)
    for reward in asked.programme.rewards:
        is_dear = reward.cost is not None and reward.cost > highest
        if on_offer(reward, asked.day) and is_dear and not used.get(reward.id, stock.Used()).times:
            yield reward.name


def _ready(kept: KeptResults) -> Iterator[str]:
    """Journeys whose test has shown something that nobody acted on."""
    for result in kept.results.journeys:
        is_decided = in_force(kept.decisions.get(result.journey.id)) is not None
        if (result.is_clear or result.winner) and not is_decided:
            yield result.journey.id


def _to_choose(uow: UnitOfWork, asked: WeekAsked) -> Iterator[tuple[int, str]]:
    """Broadcasts that were tried on some for as long as they were to be."""
    for stored in broadcasts.opened(uow):
        trial, began_at = stored.broadcast.trial, stored.began_at
        if not (stored.is_tried and trial and began_at):
            continue
        if asked.now >= began_at + timedelta(days=trial.days):
            yield stored.id, stored.broadcast.name


# ── What went out, what was unusual, what comes ──


def _sent(uow: UnitOfWork, asked: WeekAsked, kept: KeptResults) -> Iterator[SentLately]:
    """What went out in the seven days before, most first."""
    shop = asked.programme.shop
    since, until = shop.opens(asked.day - _WEEK), shop.opens(asked.day)
    counts: dict[str, int] = {}
    for journey, _, count in outbox_figures.sent_by_journey(uow, since=since, until=until):
        if journey.startswith(_OURS):
            counts[journey] = counts.get(journey, 0) + count
    results = {each.journey.queued_as: each for each in kept.results.journeys}
    for journey, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        yield _brought(journey, count, results.get(journey))


def _brought(journey: str, messages: int, result: JourneyResult | None) -> SentLately:
    whole = result.whole if result else None
    if whole is None or whole.effect is None:
        is_measured = broadcast_id(journey) is None and (result is None or whole is not None)
        plain = result.plain if result else None
        return SentLately(journey, messages, plain=plain, is_measured=is_measured)
    plain = result.plain if result and not result.is_clear else None
    return SentLately(journey, messages, whole.effect.low, whole.effect.high, plain)


def _unusual(asked: WeekAsked, found: Week) -> Iterator[tuple[str, UnusualDay]]:
    days = tuple(found.last.first + n * _DAY for n in range(7))
    for store, sums in found.sums.items():
        is_open = partial(_is_open, asked.programme, store)
        yield from ((store, each) for each in unusual_days(sums, days, is_open))


def _is_open(programme: Programme, store: str, day: date) -> bool:
    """Whether that store, or any of them, was open."""
    branch = next((each for each in programme.stores if each.id == store), None)
    return programme.shop.is_open(day) and not (branch and branch.is_shut(day))


def _ahead(uow: UnitOfWork, asked: WeekAsked) -> tuple[Upcoming, ...]:
    programme, span = asked.programme, week_from(asked.day)
    found = [*of_programme(programme, span, asked.store), *_dates(uow, asked)]
    if asked.store is None:
        found += _of_members(uow, asked)
    return tuple(sorted(found, key=lambda each: (each.on, each.code)))


def _dates(uow: UnitOfWork, asked: WeekAsked) -> Iterator[Upcoming]:
    """Events of the week, and broadcasts that wait for a moment in it."""
    shop = asked.programme.shop
    until = shop.opens(asked.day + _WEEK)
    coming = [
        each
        for each in events.sittings_since(uow, asked.now)
        if asked.now <= each.sitting.starts_at < until
    ]
    known = events.many(uow, {each.event_id for each in coming}) if coming else {}
    for each in coming:
        event = known[each.event_id].event
        if asked.store is None or event.store in (None, asked.store):
            yield Upcoming("event", shop.business_date(each.sitting.starts_at), event.title)
    if asked.store is not None:
        return
    for stored in broadcasts.opened(uow):
        if stored.state == "waits" and stored.send_at is not None and stored.send_at < until:
            name = LocalText(ja=stored.broadcast.name, en=stored.broadcast.name)
            yield Upcoming("broadcast", shop.business_date(stored.send_at), name)


def _of_members(uow: UnitOfWork, asked: WeekAsked) -> Iterator[Upcoming]:
    """Birthdays of the month in which the week ends, and points that run out in the week."""
    span = week_from(asked.day)
    # By the day on which that month is there.
    month = max(asked.day, span.last.replace(day=1))
    if born := week.count_born_in(uow, month.month):
        yield Upcoming("birthdays", month, count=born)
    if ending := week.count_with_points_ending(uow, span):
        yield Upcoming("points", asked.day, count=ending)
