"""What members said that is to be answered (`/owner/voice`): who waits, whoever is overdue in
front, and how soon they are answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests
from bot.store.heard import counting
from bot.store.heard.cases import Case
from bot.store.staff import staff
from rules.heard.summary import CaseSummary, by_store, sum_up, summary_of_all
from rules.wording.names import formal

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import when, words
from ...staff.frame.looks import note_look
from ...staff.inbox.listing import glimpse
from ..frame import layout
from ..frame.blueprint import pages
from .asked import HeardAsked, asked, page_asked
from .parts import reason_word, topic_word

layout.place(69, "owner.heard")

#: So many stand on a page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Somebody who waits for an answer."""

    card: str
    case: int
    name: str
    reason: str
    topic: str
    store: str
    due: str
    is_overdue: bool
    assigned: str
    words: str


@dataclass(frozen=True, slots=True)
class TimesLine:
    """How many cases of one kind there were, and how soon they were answered."""

    name: str
    opened: int
    waiting: int
    overdue: int
    first: str
    close: str
    helped: str


@pages.get("/voice", endpoint="heard")
@manager_page
def show_waiting() -> ResponseReturnValue:
    chosen, number = asked(), page_asked()
    now, store = current_club().now(), chosen.only_store
    with current_club().store.read() as uow:
        found = counting.open_cases(uow, store, skip=number * PAGE, limit=PAGE + 1)
        lines = _lines(uow, chosen, found[:PAGE])
        waiting = counting.open_by_store(uow, now)
        times = counting.case_times(uow, chosen.now, now)
        before = counting.case_times(uow, chosen.before, now)
    if lines:
        note_look(signed().desk, "letters_seen")
    of_all, was = summary_of_all(times), summary_of_all(before)
    return layout.page(
        "heard",
        asked=chosen,
        selects=chosen.selects,
        lines=lines,
        more=number + 1 if len(found) > PAGE else None,
        is_first=number == 0,
        open=_sum(waiting, store),
        now=_line("", of_all),
        before=_line("", was),
        reasons=[_line(reason_word(reason), each) for reason, each in sum_up(times)],
        stores=_stores(chosen, by_store(times), waiting),
        policy=current_programme().cases,
    )


def _sum(waiting: Mapping[str | None, tuple[int, int]], store: str | None) -> tuple[int, int]:
    """How many wait, and how many of them for too long."""
    mine = [each for of, each in waiting.items() if store is None or of == store]
    return sum(each[0] for each in mine), sum(each[1] for each in mine)


def _stores(
    chosen: HeardAsked,
    times: Mapping[str | None, CaseSummary],
    waiting: Mapping[str | None, tuple[int, int]],
) -> list[TimesLine]:
    """One for each store, where all are asked for and there are several. Who waits is counted as it
    is now, whenever they wrote."""
    if chosen.store or len(current_programme().stores) < 2:
        return []
    known: list[str | None] = [each.value for each in chosen.stores if each.value]
    others = sorted({*times, *waiting} - {*known}, key=lambda each: each or "~")
    lines = []
    for store in (*known, *others):
        open_now, overdue = waiting.get(store, (0, 0))
        its = times.get(store) or CaseSummary(0, 0, 0, None, None, 0, 0)
        lines.append(_line(chosen.store_name(store), its, open_now, overdue))
    return lines


def _line(
    name: str, its: CaseSummary, waiting: int | None = None, overdue: int | None = None
) -> TimesLine:
    said = its.helped + its.not_helped
    return TimesLine(
        name,
        its.opened,
        its.waiting if waiting is None else waiting,
        its.overdue if overdue is None else overdue,
        took(its.median_time),
        took(its.median_close),
        words("owner.heard.helped_of", yes=its.helped, all=said) if said else "",
    )


def took(time: timedelta | None) -> str:
    """How long that is, in hours, or in days from two on; empty for None."""
    if time is None:
        return ""
    hours = time / timedelta(hours=1)
    if hours < 1:
        return words("owner.heard.minutes", count=round(hours * 60))
    if hours < 48:
        return words("owner.heard.hours", count=round(hours))
    return words("owner.heard.days", count=round(hours / 24))


def _lines(uow: UnitOfWork, chosen: HeardAsked, found: Sequence[Case]) -> list[WaitingLine]:
    people = guests.named(uow, {each.name.member_id for each in found})
    last, colleagues = counting.last_words(uow, [each.name for each in found]), staff.names(uow)
    now, lang = current_club().now(), language()
    return [
        WaitingLine(
            who.number,
            each.name.number,
            formal(who.name, lang),
            reason_word(each.reason),
            topic_word(each.topic) if each.topic else "",
            chosen.store_name(each.store),
            when(each.due_at),
            each.is_overdue(now),
            colleagues.get(each.assigned_to or 0, ""),
            glimpse(last.get(each.name, "")),
        )
        for each in found
        if (who := people.get(each.name.member_id)) is not None
    ]
