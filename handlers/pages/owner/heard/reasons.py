"""What it is about (`/owner/voice/reasons`): cases by reason and topic and reviews by stars, beside
the days before, with the members' own words behind; and the same as files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.events import guests
from bot.store.heard import counting
from bot.store.heard.counting import HeardSpan, HeardWords
from rules.heard.cases import CaseReason
from rules.heard.stars import STARS, stars_line
from rules.heard.topics import CaseTopic, topic_of
from rules.wording.names import formal
from rules.wording.texts import long_date

from ...current import current_club, current_programme
from ...staff.frame.access import language, manager_page, signed
from ...staff.frame.layout import when, words
from ...staff.frame.looks import note_look
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.files import table_file
from .asked import HeardAsked, asked, page_asked
from .parts import columns, reason_word, topic_word

layout.place(69, "owner.heard_reasons")

#: In this order they stand; questions say nothing of how it was.
_SHOWN: tuple[CaseReason, ...] = ("complaint", "low_score", "suggestion", "absence", "leaving")
#: Of cases that nobody has sorted.
_UNSORTED = "none"
#: So many stand on a page, and in a file.
PAGE, FILE_MAX = 50, 5_000

Counts = Mapping[tuple[CaseReason, CaseTopic | None], int]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """How many were about this, and how many before."""

    topic: str
    name: str
    now: int
    before: int
    #: Of all with this reason, per cent.
    share: int


@dataclass(frozen=True, slots=True)
class ReasonPanel:
    """What the cases of a reason were about."""

    reason: CaseReason
    name: str
    now: int
    before: int
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True, slots=True)
class StarLine:
    """How many reviews had so many stars."""

    stars: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class WordsLine:
    """What somebody wrote, and the case it stands in."""

    card: str
    case: int
    name: str
    words: str
    at: str
    reason: str
    topic: str
    store: str


@pages.get("/voice/reasons", endpoint="heard_reasons")
@manager_page
def show_reasons() -> ResponseReturnValue:
    chosen = asked()
    with current_club().store.read() as uow:
        now, before = (counting.topic_counts(uow, each) for each in (chosen.now, chosen.before))
        stars = _stars(uow, chosen)
    return layout.page(
        "heard_reasons",
        asked=chosen,
        selects=chosen.selects,
        panels=[_panel(each, now, before) for each in _SHOWN],
        stars=stars,
        questions=_total(now, "question"),
        file_args=chosen.args,
    )


def _stars(uow: UnitOfWork, chosen: HeardAsked) -> list[StarLine]:
    now, before = (counting.star_counts(uow, each) for each in (chosen.now, chosen.before))
    lines = [StarLine(stars_line(n), now.get(n, 0), before.get(n, 0)) for n in reversed(STARS)]
    return lines if any(each.now or each.before for each in lines) else []


def _total(counts: Counts, reason: CaseReason) -> int:
    return sum(count for (of, _), count in counts.items() if of == reason)


def _panel(reason: CaseReason, now: Counts, before: Counts) -> ReasonPanel:
    total = _total(now, reason)
    topics: Iterable[CaseTopic | None] = (*get_args(CaseTopic), None)
    lines = [
        TopicLine(
            topic or _UNSORTED,
            topic_word(topic) if topic else words("owner.heard.unsorted"),
            count := now.get((reason, topic), 0),
            before.get((reason, topic), 0),
            round(100 * count / total) if total else 0,
        )
        for topic in topics
    ]
    told = sorted((each for each in lines if each.now or each.before), key=lambda each: -each.now)
    return ReasonPanel(reason, reason_word(reason), total, _total(before, reason), tuple(told))


@pages.get("/voice/words", endpoint="heard_words")
@manager_page
def show_words() -> ResponseReturnValue:
    """What was written, the newest case first."""
    chosen, (reason, topic), number = asked(), _about(), page_asked()
    with current_club().store.read() as uow:
        found = _found(uow, chosen.now, skip=number * PAGE, limit=PAGE + 1)
        lines = _lines(uow, chosen, found[:PAGE])
    if lines:
        note_look(signed().desk, "letters_seen")
    about = {"reason": reason or "", "topic": topic}
    args = chosen.args | {name: value for name, value in about.items() if value}
    return layout.page(
        "heard_words",
        at="owner.heard_reasons",
        asked=chosen,
        args=args,
        title=" · ".join(filter(None, (_reason_name(reason), _topic_name(topic)))),
        lines=lines,
        more=number + 1 if len(found) > PAGE else None,
    )


def _reason_name(reason: CaseReason | None) -> str:
    return reason_word(reason) if reason else words("owner.heard.all_words")


def _topic_name(topic: str) -> str:
    known = topic_of(topic)
    return topic_word(known) if known else words("owner.heard.unsorted") if topic else ""


def _about() -> tuple[CaseReason | None, str]:
    """The reason and the topic that the address names; none where it names no such."""
    wanted, topic = request.args.get("reason", ""), request.args.get("topic", "")
    reason = next((each for each in get_args(CaseReason) if each == wanted), None)
    return reason, topic if topic == _UNSORTED or topic_of(topic) else ""


def _found(uow: UnitOfWork, span: HeardSpan, *, skip: int, limit: int) -> list[HeardWords]:
    reason, topic = _about()
    among = counting.about(reason, topic_of(topic), unsorted=topic == _UNSORTED)
    return counting.words_of(uow, span, among, skip=skip, limit=limit)


def _lines(uow: UnitOfWork, chosen: HeardAsked, found: Sequence[HeardWords]) -> list[WordsLine]:
    people, lang = guests.named(uow, {each.case.name.member_id for each in found}), language()
    return [
        WordsLine(
            who.number,
            each.case.name.number,
            formal(who.name, lang),
            each.text,
            when(each.at),
            reason_word(each.case.reason),
            topic_word(each.case.topic) if each.case.topic else "",
            chosen.store_name(each.case.store),
        )
        for each in found
        if (who := people.get(each.case.name.member_id)) is not None
    ]


@pages.get("/voice/reasons/table.csv", endpoint="heard_reasons_file")
@manager_page
def reasons_file() -> ResponseReturnValue:
    """A row for each reason and topic."""
    chosen = asked()
    with current_club().store.read() as uow:
        now, before = (counting.topic_counts(uow, each) for each in (chosen.now, chosen.before))
        stars = _stars(uow, chosen)
    head = columns("about", "topic", "now", "before")
    rows = [
        (panel.name, each.name, each.now, each.before)
        for panel in (_panel(each, now, before) for each in _SHOWN)
        for each in panel.topics
    ]
    of = words("owner.heard.stars")
    rows += [(of, each.stars, each.now, each.before) for each in stars]
    return table_file("-".join(("voice", *chosen.args.values())), head, rows)


@pages.get("/voice/words/table.csv", endpoint="heard_words_file")
@manager_page
def words_file() -> ResponseReturnValue:
    """What was written, without whom it is of."""
    chosen, shop, lang = asked(), current_programme().shop, language()
    with current_club().store.read() as uow:
        found = _found(uow, chosen.now, skip=0, limit=FILE_MAX)
    note_look(signed().desk, "letters_seen")
    head = columns("day", "about", "topic", "store", "words")
    rows = [
        (
            long_date(lang, shop.business_date(each.at)),
            reason_word(each.case.reason),
            topic_word(each.case.topic) if each.case.topic else "",
            chosen.store_name(each.case.store),
            each.text,
        )
        for each in found
    ]
    return table_file("-".join(("words", *chosen.args.values())), head, rows)
