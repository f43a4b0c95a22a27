"""What each business day begins with: periods judged, points warned about and expired, birthdays,
and who is at risk of being lost.

Every step is unique by member and period, so a night that died halfway is simply done again.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.batches import batched, side_by_side
from bot.store import UnitOfWork
from bot.store.finding import due_members, prune, ticks
from bot.store.members import members, profiles
from bot.store.staff import audit, flags
from bot.store.staff.flags import Sighting
from handlers.actions.calendar.expire import UNWARNED, expire, with_points_due
from handlers.actions.calendar.occasions import celebrate_anniversary, celebrate_birthday
from handlers.actions.calendar.settle import rank_in_danger, settle, warn_of_rank
from handlers.actions.recording.work import Work
from handlers.actions.telling.warnings import WarningKind, look_at_listeners
from handlers.club import Club
from handlers.showing.journey_audience import with_points_in_danger
from rules.programme.counter import Flag
from rules.programme.programme import Programme
from rules.shop import add_months, month_start, next_month

from ..many.imports import forget_old
from . import risks
from .audit import audit_slice

log = structlog.get_logger(__name__)

#: The night's work begins this long after the business day does.
AFTER_OPENING = timedelta(minutes=5)
#: After an outage, what birthdays and anniversaries were missed is made good this far back.
CATCH_UP_DAYS_MAX = 31
#: The last nights are always looked at again: what failed then for one member is made good.
LOOK_BACK_DAYS = 2
#: How many members are judged in one transaction. On SQLite who writes meanwhile waits for it.
TOGETHER = 20
#: On PostgreSQL only who wants one of them waits, and so many are written at a go, not one by one.
TOGETHER_ON_POSTGRESQL = 60
#: How many members are made searchable in one transaction, for which others wait.
SEARCHABLE_AT_ONCE = 50
#: Of each table in one night; a backlog takes several.
PRUNED_MAX = 200_000


class NightlyStep(Protocol):
    """A step for one member."""

    def __call__(self, work: Work, member_id: int, *, day: date) -> object: ...


class DueFinder(Protocol):
    """Finds by reading for whom of many members there is something to do."""

    def __call__(self, work: Work, ids: Sequence[int], *, day: date) -> list[int]: ...


def next_run(programme: Programme, now: datetime) -> datetime:
    """When the next business day's work is due after `now`."""
    today = programme.shop.opens(programme.shop.business_date(now)) + AFTER_OPENING
    if now < today:
        return today
    day = programme.shop.business_date(now) + timedelta(days=1)
    return programme.shop.opens(day) + AFTER_OPENING


def run_if_due(club: Club) -> bool:
    """Does the business day's work unless it has been done; gives whether it did."""
    night = due_night(club)
    if night is None:
        return False
    if missed := ticks.days_missed(night.last, night.day):
        log.warning("nights_missed", days=missed, last=night.last)
    for part, step in night.parts().items():
        began = time.monotonic()
        step()
        log.info("night_part_done", part=part, seconds=round(time.monotonic() - began, 3))
    night.finish()
    return True


@dataclass(frozen=True, slots=True)
class Night:
    """The work of one business day, part by part."""

    club: Club
    programme: Programme
    day: date
    now: datetime
    #: The last business day whose work was finished; None before the first.
    last: str | None

    def parts(self) -> dict[str, Callable[[], object]]:
        """What is to be done, in that order. Periods first: whatever else is recorded settles them
        too, but tells nobody."""
        club, day, now = self.club, self.day, self.now
        return {
            "settle": self._settle,
            "placing": self._place,
            "occasions": lambda: _celebrate(club, _missed_days(self.last, day), now),
            "rank_warning": self._warn_of_ranks,
            "expiry": self._expire,
            "unwarned": lambda: _tell_of_unwarned(club, self.programme, day, now),
            "search": lambda: _make_searchable(club),
            "risks": lambda: risks.refresh(club, self.programme, day),
            "audit": lambda: audit_slice(club, day, now),
            "prune": lambda: _prune(club, now),
        }

    def finish(self) -> None:
        """Notes that it is done, by which it isn't done again."""
        with self.club.store.begin() as uow:
            ticks.mark_tick(uow, _key(self.day), at=self.now)

    def _settle(self) -> None:
        due = due_members.settling(self.club.store, day=self.day)
        _each(self.club, "settle", settle, due, day=self.day)

    def _place(self) -> None:
        ladder, last = self.programme.ranks, self.last
        if ladder and (last is None or _since(self.club, self.now) >= date.fromisoformat(last)):
            off = due_members.off_ladder(self.club.store, [rank.id for rank in ladder.steps])
            _each(self.club, "placing", settle, off, day=self.day)

    def _warn_of_ranks(self) -> None:
        ladder = self.programme.ranks
        if ladder and (next_month(self.day) - self.day).days <= ladder.warn_days:
            step = partial(warn_of_rank, sms=self.club.sms is not None)
            ranked = due_members.ranked(self.club.store)
            due = _looked_through(self.club, ranked, rank_in_danger, day=self.day)
            _each(self.club, "rank_warning", step, due, day=self.day, warns="rank_at_risk")

    def _expire(self) -> None:
        in_danger = with_points_in_danger(self.club.store, self.programme, self.day)
        step = partial(expire, sms=self.club.sms is not None)
        due = _looked_through(self.club, in_danger, with_points_due, day=self.day)
        _each(self.club, "expiry", step, due, day=self.day, warns="points_expiring")


def due_night(club: Club) -> Night | None:
    """The business day's work; None before it begins, and where it has been done."""
    now = club.now()
    programme = club.timeline().at(now).programme
    day = programme.shop.business_date(now)
    if now < programme.shop.opens(day) + AFTER_OPENING:
        return None
    with club.store.read() as uow:
        if is_done(uow, day):
            return None
        return Night(club, programme, day, now, ticks.last_tick(uow, "nightly"))


def is_done(uow: UnitOfWork, day: date) -> bool:
    """Whether that business day's work is finished."""
    return ticks.tick_done(uow, _key(day))


def _key(day: date) -> str:
    return f"tick:nightly:{day.isoformat()}"


def _since(club: Club, now: datetime) -> date:
    """The business day on which the programme in force came into force."""
    version = club.timeline().at(now)
    return version.programme.shop.business_date(version.since)


def _prune(club: Club, now: datetime) -> None:
    wall = now - club.clock.travelled()
    gone = prune.prune(club.store, now=now, wall=wall, most=PRUNED_MAX)
    if gone:
        log.info("pruned", **gone)
    forget_old(club)


def _make_searchable(club: Club) -> None:
    """Lets members be found whom the counter's search doesn't know yet: those from before it. Each
    is looked at once, whatever comes of it: somebody may have nothing to be found by."""
    last = 0
    while True:
        with club.store.read() as uow:
            ids = profiles.unsearchable(uow, limit=SEARCHABLE_AT_ONCE, after=last)
        if not ids:
            return
        with club.store.begin() as uow:
            for member_id in ids:
                _make_one_searchable(uow, member_id)
        last = ids[-1]


def _make_one_searchable(uow: UnitOfWork, member_id: int) -> None:
    try:
        with uow.apart():
            members.lock(uow, member_id)
            profiles.refresh(uow, member_id)
    except Exception:
        # One member's trouble must not keep the others from being found.
        log.exception("not_made_searchable", member_id=member_id)


def _missed_days(last: str | None, day: date) -> list[date]:
    """The days since the last night's work and some before, `day` included, not too far back."""
    earliest = day - timedelta(days=CATCH_UP_DAYS_MAX - 1)
    seen = day if last is None else date.fromisoformat(last) + timedelta(days=1)
    first = max(min(seen, day) - timedelta(days=LOOK_BACK_DAYS), earliest)
    return [first + timedelta(days=n) for n in range((day - first).days + 1)]


def _celebrate(club: Club, days: list[date], now: datetime) -> None:
    """Birthdays and anniversaries of these days, the last of them being today."""
    programme = club.timeline().at(now).programme
    months = {(day.year, day.month): day for day in days}
    for day in months.values() if programme.profile.birthday_is == "month" else days:
        born = due_members.with_birth_month(club.store, month=day.month)
        _each(club, "birthday", celebrate_birthday, born, day=day)
    with club.store.read() as uow:
        first = due_members.first_joined_at(uow)
    since = programme.shop.business_date(first) if first else now.date()
    for day in days:
        joined = due_members.joined_on(club.store, _a_year_or_more_ago(programme, day, since))
        _each(club, "anniversary", celebrate_anniversary, joined, day=day)


def _a_year_or_more_ago(
    programme: Programme, day: date, since: date
) -> list[tuple[datetime, datetime]]:
    """The spans of time in which those joined, from `since` on, whose anniversary is `day`."""
    opens = programme.shop.opens
    joined = _same_day_in_earlier_years(day, since)
    return [(opens(each), opens(each + timedelta(days=1))) for each in joined]


def _same_day_in_earlier_years(day: date, since: date) -> list[date]:
    """The days, back to the year of `since`, on which members joined whose anniversary is `day`;
    1 March takes in 29 February."""
    days = [add_months(day, -12 * n) for n in range(1, day.year - since.year + 1)]
    found = [joined for joined in days if (joined.month, joined.day) == (day.month, day.day)]
    if (day.month, day.day) == (3, 1):
        found += [joined - timedelta(days=1) for joined in found]
    return found


def _tell_of_unwarned(club: Club, programme: Programme, day: date, now: datetime) -> None:
    """Tells the owner, once a month, of how many members points went last month although nothing
    reached them."""
    ends = month_start(day)
    begins, opens = month_start(ends - timedelta(days=1)), programme.shop.opens
    with club.store.begin() as uow:
        count = audit.count_members(uow, UNWARNED, since=opens(begins), until=opens(ends))
        if count:
            flag = Flag("unwarned", f"unwarned:{begins:%Y-%m}", details={"count": count})
            flags.add(uow, [flag], Sighting(now, day, None, None, None))


def _looked_through(
    club: Club, ids: Iterable[int], finder: DueFinder, *, day: date
) -> Iterator[int]:
    """Those of them for whom something is to be done. They are looked at by reading alone, so that
    nobody's row is held for nothing; whoever does it looks again."""
    for page in batched(ids, due_members.PAGE):
        try:
            with club.reading() as work:
                found = finder(work, page, day=day)
        except Exception as problem:
            # One of them can't be read. The step finds out which.
            log.info("night_page_not_looked_through", error=type(problem).__name__)
            found = page
        yield from found


def _each(
    club: Club,
    job: str,
    step: NightlyStep,
    due: Iterable[int],
    *,
    day: date,
    warns: WarningKind | None = None,
) -> None:
    """Does the step for each of the members, some in a transaction; most of them are warned of what
    it `warns` of."""

    def page_done(page: Sequence[int]) -> None:
        try:
            with club.work() as work:
                members.lock_many(work.uow, page)
                if warns:
                    look_at_listeners(work, page, warns)
                for member_id in page:
                    step(work, member_id, day=day)
        except Exception as problem:
            log.info("night_page_taken_apart", job=job, error=type(problem).__name__)
            for member_id in page:
                _alone(club, job, step, member_id, day=day)

    together = TOGETHER if club.store.is_sqlite else TOGETHER_ON_POSTGRESQL
    side_by_side(page_done, batched(due, together), club.store.at_a_time)


def _alone(club: Club, job: str, step: NightlyStep, member_id: int, *, day: date) -> None:
    try:
        with club.work() as work:
            step(work, member_id, day=day)
    except Exception:
        # One member's trouble must not keep the night's work from the others.
        log.exception("nightly_step_failed", job=job)
