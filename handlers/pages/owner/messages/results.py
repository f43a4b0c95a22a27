"""What messages brought: each journey with its picture and a sentence, and what may be done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.messages import broadcasts
from handlers.actions.programme.tapping import new_version
from handlers.actions.staff.deciding import note_decision
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import KeptResults, kept_results
from handlers.showing.tables import Cell
from rules.base import Refusal
from rules.characters import whole_number
from rules.checking.reading import InvalidProgramme
from rules.editing.sample import sample_of_arm
from rules.explaining.explain_journeys import journey_name
from rules.explaining.explain_results import (
    ResultText,
    answer_text,
    decision_text,
    journey_text,
    together_text,
    verdict,
    visitors,
)
from rules.journeys.arms import share_held_back
from rules.journeys.deciding import (
    Decider,
    JourneyDecision,
    NoDecision,
    Step,
    decide,
    in_force,
    roll_out,
    undo,
)
from rules.journeys.journey import Journey
from rules.journeys.results import JourneyResult
from rules.journeys.words import arms_of
from rules.wording.words import Words

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.layout import not_found, when
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from ..frame.files import table_file
from .effects import EffectPicture, EffectRange, picture, range_of, scale_of

layout.place(46, "owner.results")

#: The columns of the file.
_HEAD = (
    "name", "verdict", "days", "drawn", "came", "held_back", "came_other", "about", "low", "high",
)  # fmt: skip
#: So many broadcasts stand below the journeys.
_BROADCASTS = 8
_VERSION_DIGITS = 4
#: So many characters of a message tell it from another.
_BEGINNING = 32


@dataclass(frozen=True, slots=True)
class StepOffered:
    """What one may decide of a journey's test."""

    step: Step
    #: The version that goes to everybody; "" for none.
    arm: str = ""
    #: Whether it is what the figures speak for.
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class VersionBegins:
    """A version under test, by which words it is known."""

    arm: str
    begins: str


@dataclass(frozen=True, slots=True)
class ResultCard:
    """A journey, or all together, as the page shows it."""

    id: str
    version: int
    text: ResultText
    picture: EffectPicture | None
    steps: tuple[StepOffered, ...] = ()
    #: What its sides say, where there is more than one to tell apart.
    versions: tuple[VersionBegins, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A journey in a row: what is known, how many came written to and not, what a hundred bring."""

    id: str
    name: str
    verdict: str
    came: str
    came_other: str
    brings: str


@pages.get("/results", endpoint="results")
@owner_page
def show_results() -> ResponseReturnValue:
    return _page()


@pages.get("/results/table.csv", endpoint="results_file")
@owner_page
def results_file() -> ResponseReturnValue:
    """A row for each journey that was due to anybody."""
    words = words_now()
    with current_club().store.read() as uow:
        kept = kept_results(uow, current_programme())
    head = [words.say(f"owner.results.head.{each}") for each in _HEAD]
    return table_file("results", head, (_cells(words, each) for each in _seen(kept)))


@pages.get("/results/<journey>/<step>", endpoint="result_step")
@owner_page
def ask_step(journey: str, step: str) -> ResponseReturnValue:
    """What it will mean, before it is done."""
    arm = request.args.get("arm", "")[:40]
    with current_club().store.read() as uow:
        kept = kept_results(uow, current_programme())
    result = _named(kept, journey, step)
    found = _decided(kept, result, step, arm) if result else None
    if result is None or not isinstance(found, JourneyDecision):
        return _page(words_now().say("owner.results.moved_on"))
    words, is_over = words_now(), step != "undone"
    share = share_held_back(result.journey, current_programme(), decided=is_over)
    return layout.page(
        "result_step",
        journey=result.journey,
        step=step,
        arm=arm,
        seen=_mark(found),
        lines=list(decision_text(words, found, share=share)),
        step_text=step_text,
    )


@pages.post("/results/<journey>/<step>", endpoint="take_step")
@owner_page
def take_step(journey: str, step: str) -> ResponseReturnValue:
    """By what was shown: where the version, another's decision, or what the figures say is another
    by now, it is shown anew."""
    arm = forms.field("arm", 40)
    with forms.form_work() as work:
        kept = kept_results(work.uow, work.programme)
        result = _named(kept, journey, step)
        found = _decided(kept, result, step, arm) if result else None
        done = (
            isinstance(found, JourneyDecision)
            and _mark(found) == forms.field("seen", 80)
            and note_decision(work, found)
        )
    if not done:
        return _page(words_now().say("owner.results.moved_on"))
    return redirect(url_for("owner.results", done=step, _anchor=f"journey-{journey}"), 303)


@pages.post("/results/<journey>/version", endpoint="new_journey_version")
@owner_page
def begin_version(journey: str) -> ResponseReturnValue:
    """Another version, in the draft; its form is where the words change."""
    after = whole_number(forms.field("version", _VERSION_DIGITS), _VERSION_DIGITS) or 0
    with forms.form_work() as work:
        kept = new_version(work, journey, after=after)
    if isinstance(kept, InvalidProgramme):
        return _page(kept.listed(language()))
    if isinstance(kept, Refusal):
        return _page(refusal_line(kept.code))
    return redirect(url_for("owner.part", section="journeys", entry=journey), 303)


def step_text(step: str) -> str:
    """The text of its button."""
    return f"owner.results.step.{step}"


def _mark(decision: JourneyDecision) -> str:
    """What must still be so when yes is said to it."""
    return f"{decision.version} {decision.number} {decision.arm} {decision.word}"


def _named(kept: KeptResults, journey: str, step: str) -> JourneyResult | None:
    """None for one of which nothing was counted yet in its present version; 404 for one that there
    is not, and for no step."""
    known = journeys_to_queue(current_programme())
    if step not in get_args(Step) or all(each.id != journey for each in known):
        not_found()
    return next((each for each in kept.results.journeys if each.journey.id == journey), None)


def _decider(kept: KeptResults, result: JourneyResult) -> Decider:
    return Decider("owner", current_club().now(), kept.decisions.get(result.journey.id))


def _decided(
    kept: KeptResults, result: JourneyResult, step: str, arm: str
) -> JourneyDecision | NoDecision:
    decider = _decider(kept, result)
    if step == "decided":
        return decide(result, decider)
    if step == "rolled_out":
        return roll_out(result, decider, arm)
    return undo(result.journey, decider)


def _steps(kept: KeptResults, result: JourneyResult) -> Iterator[StepOffered]:
    """What can be decided now."""
    arms = [each.id for each in arms_of(result.journey)]
    offered = [StepOffered("decided", is_best=result.is_clear)]
    # Where nothing is known of any, there is nothing to choose by yet.
    if any(each.effect for each in result.between):
        offered += [StepOffered("rolled_out", arm, arm == result.winner) for arm in arms]
    offered.append(StepOffered("undone"))
    for each in offered:
        if isinstance(_decided(kept, result, each.step, each.arm), JourneyDecision):
            yield each


def _seen(kept: KeptResults) -> list[JourneyResult]:
    """Those that were due to anybody: what is known first, and of that what was due to most."""
    found = [each for each in kept.results.journeys if each.counted.first_at]
    return sorted(
        found,
        key=lambda each: (
            not each.is_clear,
            range_of(each.whole) is None,
            each.whole is None,
            -sum(side.drawn for side in each.counted.sides),
        ),
    )


def _row(words: Words, result: JourneyResult) -> ResultRow:
    plain, seen = result.plain, range_of(result.whole)
    none = words.say("owner.results.nothing_yet")
    return ResultRow(
        result.journey.id,
        journey_name(words, result.journey.id),
        verdict(words, result),
        _came(words, plain.came, plain.drawn) if plain else none,
        _came(words, plain.came_other, plain.held_back) if plain else none,
        _brings(words, seen) if seen else none,
    )


def _came(words: Words, came: int, drawn: int) -> str:
    told = {"came": came, "drawn": drawn, "percent": round(100 * came / drawn)}
    return words.say("owner.results.came", **told)


def _brings(words: Words, seen: EffectRange) -> str:
    low, high = visitors(words, seen.low), visitors(words, seen.high)
    if seen.word == "unknown":
        return words.say("owner.results.brings_unknown", low=low, high=high)
    return words.say("owner.results.brings", about=visitors(words, seen.about), low=low, high=high)


def _cells(words: Words, result: JourneyResult) -> list[Cell]:
    """A row of the file."""
    plain, seen = result.plain, range_of(result.whole)
    journey = result.journey
    counts = (plain.drawn, plain.came, plain.held_back, plain.came_other) if plain else (None,) * 4
    figures = (seen.about, seen.low, seen.high) if seen else (None,) * 3
    return [
        journey_name(words, journey.id),
        verdict(words, result),
        journey.measure_days,
        *counts,
        *(None if each is None else round(each, 1) for each in figures),
    ]


def _page(problem: str = "") -> ResponseReturnValue:
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
        together=_card("together", 0, whole, together, scale) if whole else None,
        answer=answer_text(words, results),
        rows=[_row(words, each) for each in results if each.whole],
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
        text = journey_text(words, result, in_force(kept.decisions.get(journey.id)))
        if text is not None:
            steps = tuple(_steps(kept, result))
            card = _card(journey.id, journey.version, text, found, scale, steps)
            yield replace(card, versions=tuple(_versions(words, journey)))


def _versions(words: Words, journey: Journey) -> Iterator[VersionBegins]:
    """How each begins; none where there is one, or where what they say doesn't tell them apart."""
    name = words.say("owner.look.name")
    messages = {arm.id: sample_of_arm(words, journey, arm.id, name) for arm in arms_of(journey)}
    by_title = {arm: _beginning(told.title) for arm, told in messages.items()}
    by_body = {arm: _beginning(told.body) for arm, told in messages.items()}
    for told in (by_title, by_body):
        if len(told) > 1 and len(set(told.values())) == len(told):
            yield from (VersionBegins(arm, text) for arm, text in told.items())
            return


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"


def _card(
    name: str,
    version: int,
    text: ResultText,
    found: EffectRange | None,
    scale: int,
    steps: tuple[StepOffered, ...] = (),
) -> ResultCard:
    if found is None:
        return ResultCard(name, version, text, None, steps)
    return ResultCard(name, version, text, picture(found, scale), steps)
