"""Monday in words: what matters, the figures, what went out, what was unusual, what comes; and of
it all five lines, which are the same on the page, by mail and in a terminal.

No line names a member: they go to wherever the owner reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..base import LocalText
from ..explaining.explain_journeys import journey_name
from ..explaining.figure_words import Move, amount, figure_words, move
from ..explaining.result_words import visitors
from ..figures.definitions import Definition
from ..figures.periods import DaySpan
from ..figures.sums import ALL
from ..figures.values import Sums
from ..wording.texts import month_word, weekday_names
from ..wording.words import Words
from .ahead import Upcoming
from .matters import COUNTED_MAX, Matter
from .ordinary import UnusualDay
from .week import SentLately, Week, told_figures

#: So many lines are sent.
LINES = 5
#: So many things of a kind stand in one line, the others as a number.
_IN_A_LINE = 3
#: A share is told of so many people at the least.
SHARE_OF = 5


def matter_sentence(words: Words, matter: Matter) -> str:
    """What matters, and why."""
    return _said(words, f"matter.{matter.code}", **_values(words, matter))


def matter_button(words: Words, matter: Matter) -> str:
    """What one does about it."""
    return _said(words, f"button.{matter.code}", **_values(words, matter))


def people_word(words: Words, count: int) -> str:
    """So many members; where no more were counted, so many at the least."""
    return _said(words, "people_least" if count >= COUNTED_MAX else "people", count=count)


def _values(words: Words, matter: Matter) -> dict[str, Any]:
    values = {name: _value(words, value) for name, value in matter.values.items()}
    if "all" in values:
        values["all"] = people_word(words, values["all"])
    return values


def _value(words: Words, value: Any) -> Any:
    if isinstance(value, tuple):
        return words.listed(_name(words, each) for each in value)
    return _name(words, value) if isinstance(value, LocalText) else value


def _name(words: Words, name: str | LocalText) -> str:
    """A reward's name, or a journey's by its id."""
    return words.name(name) if isinstance(name, LocalText) else journey_name(words, name)


# ── The figures ──


@dataclass(frozen=True, slots=True)
class WeekFigure:
    """A figure of four weeks beside that of the four before; `before` is empty where there was no
    club yet."""

    id: str
    name: str
    means: str
    now: str
    #: Of a share: of how many, and of these how many; empty where `now` says so itself.
    parts: str
    before: str
    move: Move


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """The figures of one store, or of all."""

    store: str
    name: str
    figures: tuple[WeekFigure, ...]


def store_figures(words: Words, week: Week) -> tuple[StoreFigures, ...]:
    return tuple(
        StoreFigures(
            store,
            store_name(words, store),
            tuple(_figure(words, week, store, each) for each in told_figures()),
        )
        for store in week.sums
    )


def store_name(words: Words, store: str) -> str:
    """What a store is called; of all together, that."""
    if store == ALL:
        return _said(words, "all_stores")
    known = words.programme.store(store)
    return words.name(known.name) if known else store


def _figure(words: Words, week: Week, store: str, figure: Definition) -> WeekFigure:
    sums, period = week.sums[store], week.period
    now, before = (_told(sums, figure, span) for span in (period.whole, period.before))
    if not sums.has_begun_by(period.before.first):
        before = None
    its, parts = figure_words(words, figure), _parts(words, sums, figure, period.whole)
    told = amount(words, figure, now)
    if now is None and parts:
        # Of so few the share would mislead.
        told, parts = parts, ""
    return WeekFigure(
        figure.id,
        its.name,
        f"{its.means} {its.without}".strip(),
        told,
        parts,
        "" if before is None else amount(words, figure, before),
        move(words, figure, now, before),
    )


def _parts(words: Words, sums: Sums, figure: Definition, span: DaySpan) -> str:
    """Of a share how many it is of how many; empty for what is none, and of nobody."""
    base = sums.base(figure, span) if figure.unit == "share" else None
    if not base:
        return ""
    count = sums.term(figure.top, span.earlier(figure.shift))
    return _said(words, "parts", of=base, count=count)


def _told(sums: Sums, figure: Definition, span: DaySpan) -> float | None:
    """A figure of those days; none where it is a share of so few that one of them would turn it."""
    if figure.unit == "share" and (sums.base(figure, span) or 0) < SHARE_OF:
        return None
    return sums.value(figure, span)


# ── What went out, what was unusual, what comes ──


def brought(words: Words, sent: SentLately) -> str:
    """What a hundred of them bring."""
    if sent.low is None or sent.high is None:
        return _said(words, "sent.too_few" if sent.is_measured else "sent.unmeasured")
    spread = sent.high - sent.low
    low, high = (visitors(words, each, spread) for each in (sent.low, sent.high))
    return _said(words, "sent.range", low=low, high=high)


def came_plainly(words: Words, sent: SentLately) -> str:
    """How many came, written to and not; nothing where it is surely known what messages bring."""
    return _said(words, "sent.plain", **sent.plain._asdict()) if sent.plain else ""


def unusual_sentence(words: Words, store: str, seen: UnusualDay) -> str:
    """What was none like the others, beside what they were."""
    return _said(
        words,
        "unusual.more" if seen.is_more else "unusual.fewer",
        store=store_name(words, store),
        day=seen.day,
        weekday=weekday_names(words.lang)[seen.day.weekday()],
        visits=seen.visits,
        usual=round(seen.usual, 1),
        count=seen.weekdays,
    )


def ahead_sentence(words: Words, each: Upcoming) -> str:
    """What comes, on which day."""
    name = each.name.in_(words.lang) if each.name else ""
    weekday = weekday_names(words.lang)[each.on.weekday()]
    told = {"name": name, "count": each.count, "people": people_word(words, each.count)}
    told["month"] = month_word(words.lang, each.on)
    return _said(words, f"ahead.{each.code}", day=each.on, weekday=weekday, **told)


# ── Five lines ──


def five_lines(words: Words, week: Week, matters: Sequence[Matter]) -> tuple[str, ...]:
    """The week in five lines: what matters first, the visits, and what comes last; where little
    matters there is room for what went out and for what was unusual."""
    first = [matter_sentence(words, each) for each in matters] or [_said(words, "nothing")]
    more = [_messages_line(words, week), _unusual_line(words, week)]
    room = LINES - len(first) - 2
    return (*first, _visits_line(words, week), *more[:room], _ahead_line(words, week))


def note_title(words: Words) -> str:
    return _said(words, "note.title", shop=words.name(words.programme.shop.name))


def note_text(words: Words, lines: Sequence[str], address: str) -> str:
    """The five lines as they are sent, and where there is more."""
    said = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return f"{said}\n\n{_said(words, 'note.more', address=address)}"


def _visits_line(words: Words, week: Week) -> str:
    store = next(iter(week.sums))
    visits, per_member, *_ = (_figure(words, week, store, each) for each in told_figures())
    told = {"visits": visits.now, "per_member": per_member.now}
    if not visits.before:
        return _said(words, "line.visits_alone", **told)
    return _said(words, "line.visits", **told, before=visits.before, move=visits.move.said)


def _messages_line(words: Words, week: Week) -> str:
    if not week.sent:
        return _said(words, "line.no_messages")
    count = sum(each.messages for each in week.sent)
    known = next((each for each in week.sent if each.low is not None), None)
    if known is None:
        return _said(words, "line.messages", count=count)
    name = journey_name(words, known.journey)
    return _said(words, "line.messages_of", count=count, name=name, brought=brought(words, known))


def _unusual_line(words: Words, week: Week) -> str:
    if not week.unusual:
        return _said(words, "line.usual")
    return _some(words, (unusual_sentence(words, *each) for each in week.unusual))


def _ahead_line(words: Words, week: Week) -> str:
    if not week.ahead:
        return _said(words, "line.nothing_ahead")
    said = _some(words, (ahead_sentence(words, each) for each in week.ahead))
    return _said(words, "line.ahead", ahead=said)


def _some(words: Words, said: Iterator[str]) -> str:
    """The first of them, and how many more there are."""
    first: list[str] = []
    rest = 0
    for each in said:
        if len(first) < _IN_A_LINE:
            first.append(each)
        else:
            rest += 1
    more = [_said(words, "line.more", count=rest)] if rest else []
    return _said(words, "line.join").join([*first, *more])


def _said(words: Words, key: str, **values: Any) -> str:
    return words.say(f"owner.monday.{key}", **values)
