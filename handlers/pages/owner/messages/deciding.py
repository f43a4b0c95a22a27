"""An owner decides of a journey's test: what a step means is said before it is taken."""

from dataclasses import replace
from typing import get_args

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.programme.tapping import new_version
from handlers.actions.staff.deciding import note_decision
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import KeptResults, kept_results
from rules.base import Refusal
from rules.characters import whole_number
from rules.checking.reading import InvalidProgramme
from rules.explaining.result_words import decision_text
from rules.journeys.arms import share_held_back
from rules.journeys.deciding import JourneyDecision, Step
from rules.journeys.results import JourneyResult

from ...current import current_club, current_programme
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page
from ...staff.frame.layout import not_found
from ...staff.frame.words import refusal_line, words_now
from ..frame import layout
from ..frame.blueprint import pages
from .results import results_page
from .steps import decision_now, step_text
from .versions import version_names

_VERSION_DIGITS = 4


@pages.get("/results/<journey>/<step>", endpoint="result_step")
@owner_page
def ask_step(journey: str, step: str) -> ResponseReturnValue:
    """What it will mean, before it is done."""
    arm = request.args.get("arm", "")[:40]
    with current_club().store.read() as uow:
        kept = kept_results(uow, current_programme())
    result = _named(kept, journey, step)
    found = decision_now(kept, result, step, arm) if result else None
    if result is None or not isinstance(found, JourneyDecision):
        return results_page(words_now().say("owner.results.moved_on"))
    words, is_over = words_now(), step != "undone"
    share = share_held_back(result.journey, current_programme(), decided=is_over)
    called = version_names(words, result.journey)
    shown = replace(found, arm=called.get(found.arm, found.arm) if found.arm else None)
    return layout.page(
        "result_step",
        journey=result.journey,
        step=step,
        arm=arm,
        called=called.get(arm, arm),
        seen=_mark(found),
        lines=list(decision_text(words, shown, share=share)),
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
        found = decision_now(kept, result, step, arm) if result else None
        done = (
            isinstance(found, JourneyDecision)
            and _mark(found) == forms.field("seen", 80)
            and note_decision(work, found)
        )
    if not done:
        return results_page(words_now().say("owner.results.moved_on"))
    return redirect(url_for("owner.results", done=step, _anchor=f"journey-{journey}"), 303)


@pages.post("/results/<journey>/version", endpoint="new_journey_version")
@owner_page
def begin_version(journey: str) -> ResponseReturnValue:
    """Another version, in the draft; its form is where the words change."""
    after = whole_number(forms.field("version", _VERSION_DIGITS), _VERSION_DIGITS) or 0
    with forms.form_work() as work:
        kept = new_version(work, journey, after=after)
    if isinstance(kept, InvalidProgramme):
        return results_page(kept.listed(language()))
    if isinstance(kept, Refusal):
        return results_page(refusal_line(kept.code))
    return redirect(url_for("owner.part", section="journeys", entry=journey), 303)


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
