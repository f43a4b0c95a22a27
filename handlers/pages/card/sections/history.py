"""What happened, newest first, a line for each visit with its yen and points; above it the month's
stamps, and the weeks in a row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.history import history as past
from bot.store.history import ledger, stock
from bot.store.orders import bought
from handlers.showing.addresses import visits_for
from handlers.showing.eco import eco_month
from handlers.showing.viewer import Viewer
from handlers.showing.views import calendar_picture
from images.calendar import CalendarPicture
from rules.judging.replay import RecordedActivity
from rules.orders.lines import BoughtLine
from rules.outlook.month import MonthRecap, badges_in, last_month
from rules.outlook.next_step import next_step
from rules.shop import month_start, next_month
from rules.wording.activities import line_words, visits_together, whole_visits
from rules.wording.additions import recorded_names
from rules.wording.card import Stamps, stamps, streak_views
from rules.wording.highlights import recap_lines
from rules.wording.texts import month_name, show

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import member_page
from .forms import whole_number

#: So many activities are shown at once, and these more where they belong to the visit of the last.
SHOWN, _MORE = 30, 10


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit and what came with it, or something else that happened."""

    on: str
    what: str
    where: str
    points: str
    #: What was bought, where somebody told.
    bought: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    name: str
    lines: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True)
class MonthShown:
    """The stamps of a month, and the way to those before and after it as their addresses name them
    (`2026-01`); empty where there is none."""

    calendar: CalendarPicture
    #: The badges earned in it, and for a month just over what else it brought; a line for each.
    brought: tuple[str, ...]
    before: str
    after: str


@pages.get("/card/history")
@member_page
def history(viewer: Viewer) -> ResponseReturnValue:
    before = whole_number("before")
    with current_club().store.read() as uow:
        found = past.latest(uow, viewer.member.id, limit=SHOWN + _MORE, before=before)
        shown = found[: whole_visits(found, SHOWN)]
        seqs = [each.seq for each in shown]
        points = ledger.points_by_activity(uow, viewer.member.id, seqs)
        lines = bought.of(uow, viewer.member.id, seqs)
        month = None if before else _month(viewer, uow)
        row = None if before else _stamps(viewer, uow)
        eco = None if before else eco_month(viewer, uow)
    facts = viewer.facts
    return page(
        viewer,
        "sections/history",
        months=_months(viewer, shown, _Known(points, lines)),
        older=shown[-1].seq if len(found) > len(shown) else None,
        is_first=before is None,
        month=month,
        stamps=row,
        streaks=streak_views(viewer.words, facts, viewer.day),
        eco=eco.lines if eco and eco.everybody else (),
        visits=show(viewer.lang, facts.visits),
        spend=show(viewer.lang, facts.spend) if viewer.programme.purchase else "",
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the activities shown: their points, and what was bought."""

    points: Mapping[int, int]
    bought: Mapping[int, tuple[BoughtLine, ...]]


def _stamps(viewer: Viewer, uow: UnitOfWork) -> Stamps:
    programme, facts, day = viewer.programme, viewer.facts, viewer.day
    now = current_club().now()
    withheld = stock.withheld(uow, programme, viewer.member, now=now)
    return stamps(programme, facts, next_step(programme, facts, day, withheld), day)


def _month(viewer: Viewer, uow: UnitOfWork) -> MonthShown:
    first, last = month_start(viewer.facts.joined_on), month_start(viewer.day)
    month = min(max(_asked_month(last), first), last)
    visits = visits_for(uow, viewer.member.id, month, viewer.day)
    before = month_start(month - timedelta(days=1))
    return MonthShown(
        calendar_picture(viewer.scene, month, visits, today=viewer.day, facts=viewer.facts),
        _brought(viewer, month),
        f"{before:%Y-%m}" if before >= first else "",
        f"{next_month(month):%Y-%m}" if month < last else "",
    )


def _brought(viewer: Viewer, month: date) -> tuple[str, ...]:
    """What is still known of it: points aren't, of a month that is over for longer."""
    last = last_month(viewer.facts, viewer.day)
    if month != last.month:
        last = MonthRecap(month, 0, 0, badges_in(viewer.facts, month))
    return recap_lines(viewer.words, last)


def _asked_month(otherwise: date) -> date:
    """The month that the address names."""
    text = request.args.get("month", "")
    if not re.fullmatch(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])", text):
        return otherwise
    return date.fromisoformat(f"{text}-01")


def _months(
    viewer: Viewer, shown: Sequence[RecordedActivity], look: _Known
) -> tuple[HistoryMonth, ...]:
    visits = visits_together(shown[::-1])[::-1]
    by_month = groupby(visits, key=lambda visit: month_start(visit[0].activity.day))
    return tuple(
        HistoryMonth(
            month_name(viewer.lang, month), tuple(_line(viewer, visit, look) for visit in those)
        )
        for month, those in by_month
    )


def _line(viewer: Viewer, visit: Sequence[RecordedActivity], look: _Known) -> VisitLine:
    first = visit[0].activity
    came_to = sum(look.points.get(recorded.seq, 0) for recorded in visit)
    store = viewer.programme.store(first.store)
    return VisitLine(
        on=show(viewer.lang, first.day),
        what=recorded_names(viewer.words, [recorded.activity for recorded in visit]),
        where=viewer.words.name(store.name) if store else "",
        points=f"{came_to:+,}" if came_to else "",
        bought=tuple(
            line_words(viewer.words, line)
            for recorded in visit
            for line in look.bought.get(recorded.seq, ())
        ),
    )
