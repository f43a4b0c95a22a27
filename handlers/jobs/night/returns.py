"""What the club learns of its members' returns, once a week."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

import structlog

from bot.store.finding import due_members, ticks
from bot.store.history import return_fits, visit_days
from bot.store.history.return_fits import ReturnFit
from bot.store.history.visit_days import VisitDay
from handlers.club import Club
from rules.science.learned import PRIOR
from rules.science.lessons import Visits, drawn, learn, window
from rules.science.quality import Quality
from rules.shop import week_start

from .nightly import AFTER_OPENING

log = structlog.get_logger(__name__)

#: So many members' visits are read at once.
PAGE = 500
_DAY = timedelta(days=1)


class WeeklyFit:
    """Learns in the first night of each of the shop's weeks, or in the next that there is."""

    def __init__(self, club: Club) -> None:
        self._club = club
        #: Up to and with this day there is nothing to do.
        self._rests_until = date.min

    def run_if_due(self) -> bool:
        """Learns unless it was done this week; gives whether it did. What goes wrong is told to the
        log, and tried again the next night: the models of before hold until then."""
        club, now = self._club, self._club.now()
        shop = club.timeline().at(now).programme.shop
        day = shop.business_date(now)
        if day <= self._rests_until or now < shop.opens(day) + AFTER_OPENING:
            return False
        monday = week_start(day)
        key = week_key(monday)
        with club.store.read() as uow:
            is_done = ticks.tick_done(uow, key)
        self._rests_until = monday + 6 * _DAY if is_done else day
        if is_done:
            return False
        try:
            fit = learned(club, day - _DAY)
        except Exception:
            log.exception("returns_not_learned")
            return False
        with club.store.begin() as uow:
            return_fits.add(uow, fit)
            ticks.mark_tick(uow, key, at=now)
        club.programmes.forget()
        log.info(
            "returns_learned",
            qualities={each: astuple(q) for each, q in fit.models.qualities.items()},
            worse_than_shipped=fit.worse,
        )
        return True


def week_key(monday: date) -> str:
    """By which it is noted that the club learned in that week."""
    return f"tick:returns:{monday.isoformat()}"


def learned(club: Club, until: date) -> ReturnFit:
    """The models that the visits up to and with `until` teach. They are read in pages, of some
    members where there are many, and no transaction is open while it learns."""
    with club.store.read() as uow:
        ids = drawn(due_members.id_span(uow), until)
    counts_yen = club.timeline().at(club.now()).programme.purchase is not None
    visits = list(_visits(club, ids, counts_yen=counts_yen))
    return ReturnFit(club.now(), learn(visits, until), _shipped(visits, until.toordinal()))


def _shipped(visits: Sequence[Visits], until: int) -> dict[int, Quality]:
    """How well the models that are shipped foretold the last days, where a fit could be judged by
    them: it has something to learn from, and some came and some didn't."""
    first = min((each.days[0] for each in visits if each.days), default=until)
    found = {}
    for horizon, model in PRIOR.by_horizon.items():
        last = window(visits, until - horizon, horizon)
        if first <= until - 2 * horizon and len(set(last.came)) > 1:
            found[horizon] = last.judged(model)
    return found


def _visits(club: Club, ids: Sequence[int], *, counts_yen: bool) -> Iterator[Visits]:
    for start in range(0, len(ids), PAGE):
        with club.store.read() as uow:
            days = visit_days.of_many(uow, ids[start : start + PAGE])
        for _, theirs in groupby(days, key=attrgetter("member_id")):
            yield _of_one(theirs, counts_yen=counts_yen)


def _of_one(theirs: Iterable[VisitDay], *, counts_yen: bool) -> Visits:
    """One member's days with a visit. What they bought on a day without one counts to the visit
    before it, and before the first to that."""
    days, yen, before = array("l"), array("d"), 0.0
    for each in theirs:
        paid = each.yen if counts_yen else 0
        if each.visits:
            days.append(each.day.toordinal())
            yen.append(paid + before)
            before = 0.0
        elif yen:
            yen[-1] += paid
        else:
            before += paid
    return Visits(days, yen)
