"""What messages brought: each journey with its picture and a sentence, and what may be done."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts
from handlers.showing.journey_counts import KeptResults, kept_results
from handlers.showing.tables import Cell
from rules.explaining.cost_words import spent_said, visitor_cost
from rules.explaining.explain_journeys import journey_name
from rules.explaining.explain_results import (
    ResultText,
    answer_text,
    apart_from_plain,
    journey_text,
    together_text,
    verdict,
)
from rules.explaining.result_words import told_of, visitors
from rules.journeys.costs import spent
from rules.journeys.deciding import in_force
from rules.journeys.results import Comparison, JourneyResult
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import owner_page
from ...staff.frame.layout import when
from ...staff.frame.words import words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.files import table_file
from .effects import EffectPicture, EffectRange, picture, range_of, scale_of
from .steps import StepOffered, share_after, step_text, steps_offered
from .versions import version_names

layout.place(46, "owner.results")

#: The columns of the file.
_HEAD = (
    "name", "verdict", "days", "drawn", "came", "held_back", "came_other", "about", "low", "high",
    "messages", "yen",
)  # fmt: skip
#: So many broadcasts stand below the journeys.
_BROADCASTS = 8


@dataclass(frozen=True, slots=True)
class ResultCard:
    """A journey, or all together, as the page shows it."""

    id: str
    version: int
    text: ResultText
    picture: EffectPicture | None
    steps: tuple[StepOffered, ...] = ()
    #: What its messages cost, and what one more visitor did.
    cost: str = ""
    #: Of how many episodes the days aren't over yet, and how many days each has.
    still_open: int = 0
    days: int = 0
    #: How many of a hundred are sent nothing once the test is over.
    share_after: int = 0


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A journey in a row: what is known, how many came written to and not, what a hundred bring,
    and what it cost."""

    id: str
    name: str
    verdict: str
    came: str
    came_other: str
    brings: str
    #: Why that isn't the difference of both sides; empty where it is.
    brings_why: str
    spent: str
    per_visitor: str
    has_sent: bool


@dataclass(frozen=True, slots=True)
class ResultRows:
    """The rows of messages of one purpose, under the key of their name."""

    name: str
    rows: tuple[ResultRow, ...]


@pages.get("/results", endpoint="results")
@owner_page
def show_results() -> ResponseReturnValue:
    return results_page()


@pages.get("/results/table.csv", endpoint="results_file")
@owner_page
def results_file() -> ResponseReturnValue:
    """A row for each journey that was due to anybody."""
    words = words_now()
    with current_club().store.read() as uow:
        kept = kept_results(uow, current_programme())
    head = [words.say(f"owner.results.head.{each}") for each in _HEAD]
    return table_file("results", head, (_cells(words, each) for each in _seen(kept)))


def _seen(kept: KeptResults) -> list[JourneyResult]:
    """Those that were due to anybody: first what is to bring people back, of that what is known,
    and of that what was due to most."""
    found = [each for each in kept.results.journeys if each.counted.first_at]
    return sorted(
        found,
        key=lambda each: (
            not each.journey.about_absence,
            not each.is_clear,
            range_of(each.whole) is None,
            each.whole is None,
            -sum(side.drawn for side in each.counted.sides),
        ),
    )


def _groups(words: Words, results: list[JourneyResult]) -> Iterator[ResultRows]:
    """What is compared: what is to bring people back, and the rest."""
    for name, back in (("for_absent", True), ("for_others", False)):
        found = [each for each in results if each.whole and each.journey.about_absence == back]
        if found:
            rows = tuple(_row(words, each) for each in found)
            yield ResultRows(f"owner.results.{name}", rows)


def _row(words: Words, result: JourneyResult) -> ResultRow:
    plain, seen = result.plain, range_of(result.whole)
    none = words.say("owner.results.nothing_yet")
    cost = _spent(words, result)
    return ResultRow(
        result.journey.id,
        journey_name(words, result.journey.id),
        verdict(words, result),
        _came(words, plain.came, plain.drawn) if plain else none,
        _came(words, plain.came_other, plain.held_back) if plain else none,
        _brings(words, seen) if seen else none,
        _brings_why(words, result.whole) if seen and seen.word != "unknown" else "",
        cost or none,
        _per_visitor(words, result),
        bool(cost),
    )


def _spent(words: Words, result: JourneyResult) -> str:
    """What its messages cost; nothing where none is counted yet."""
    its = spent(words.programme, [result.counted])
    return spent_said(words, its) if its.messages else ""


def _per_visitor(words: Words, result: JourneyResult) -> str:
    """What one more visitor cost in messages; nothing where that can't be said."""
    seen = range_of(result.whole)
    if seen is None or seen.word != "works":
        return ""
    return words.say("owner.results.per_visitor", cost=visitor_cost(words, result.whole).sentence)


def _came(words: Words, came: int, drawn: int) -> str:
    told = {"came": came, "drawn": drawn, "percent": round(100 * came / drawn)}
    return words.say("owner.results.came", **told)


def _brings(words: Words, seen: EffectRange) -> str:
    low, high = (visitors(words, each, seen.spread) for each in (seen.low, seen.high))
    if seen.word == "unknown":
        return words.say("owner.results.brings_unknown", low=low, high=high)
    about = visitors(words, seen.about, seen.spread)
    return words.say("owner.results.brings", about=about, low=low, high=high)


def _brings_why(words: Words, whole: Comparison | None) -> str:
    apart = apart_from_plain(whole) if whole else None
    if whole is None or whole.effect is None or apart is None:
        return ""
    plain = told_of(words, apart.plain, whole.effect)
    return words.say(f"owner.results.why.{apart.why}", plain=plain)


def _cells(words: Words, result: JourneyResult) -> list[Cell]:
    """A row of the file."""
    plain, seen = result.plain, range_of(result.whole)
    journey = result.journey
    counts = (plain.drawn, plain.came, plain.held_back, plain.came_other) if plain else (None,) * 4
    figures = (seen.about, seen.low, seen.high) if seen else (None,) * 3
    its = spent(words.programme, [result.counted])
    return [
        journey_name(words, journey.id),
        verdict(words, result),
        journey.measure_days,
        *counts,
        *(None if each is None else round(each, 1) for each in figures),
        its.messages,
        round(its.yen),
    ]


def results_page(problem: str = "") -> ResponseReturnValue:
    with current_club().store.read() as uow:
        kept = kept_results(uow, current_programme())
        sent = broadcasts.newest(uow, limit=_BROADCASTS, begun=True)
    results = _seen(kept)
    ranges = [range_of(each.whole) for each in results]
    together = range_of(kept.results.together)
    scale = scale_of([together, *ranges])
    words = words_now()
    whole = together_text(words, kept.results)
    return layout.page(
        "results",
        status=409 if problem else 200,
        together=_together(whole, picture(together, scale) if together else None),
        answer=answer_text(words, results),
        tables=list(_groups(words, results)),
        alone=sum(each.whole is None for each in results),
        cards=list(_cards(kept, results, ranges, scale)),
        broadcasts=[(each, when(each.began_at)) for each in sent],
        counted_on=kept.counted_on,
        waiting=kept.waiting,
        policy=current_programme().sending,
        step_text=step_text,
        problem=problem,
        done=forms.done_line("owner.results.done"),
    )


def _cards(
    kept: KeptResults,
    results: list[JourneyResult],
    ranges: list[EffectRange | None],
    scale: int,
) -> Iterator[ResultCard]:
    words = words_now()
    for result, found in zip(results, ranges, strict=True):
        journey = result.journey
        called = version_names(words, journey)
        text = journey_text(words, result, in_force(kept.decisions.get(journey.id)), called)
        if text is None:
            continue
        whole = result.whole
        yield ResultCard(
            journey.id,
            journey.version,
            text,
            picture(found, scale) if found else None,
            tuple(steps_offered(words, kept, result, called)),
            words.sentences((_spent(words, result), _per_visitor(words, result))),
            whole.mine.still_open + whole.other.still_open if whole else 0,
            journey.measure_days,
            share_after(words, result),
        )


def _together(text: ResultText | None, seen: EffectPicture | None) -> ResultCard | None:
    return ResultCard("together", 0, text, seen) if text else None
