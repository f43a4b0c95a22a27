"""The first step: which template one begins with."""

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.telling import choose_template
from rules.checking.reading import InvalidProgramme, parse
from rules.editing.templates import TemplateId, template, template_choices
from rules.explaining.explain import explain

from ...current import current_club
from ...staff.frame.access import language
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from . import frame
from .access import steps_page

#: What of a template tells what it is like, and how much of it.
_TOLD, _SENTENCES_MAX = ("earning", "rewards"), 6


@pages.get("/setup/template", endpoint="setup_template")
@steps_page
def show(steps: FirstSteps) -> ResponseReturnValue:
    return _page(steps)


@pages.post("/setup/template", endpoint="setup_template_chosen")
@steps_page
def choose(steps: FirstSteps) -> ResponseReturnValue:
    wanted = request.form.get("template", "")
    chosen = next((each for each in template_choices("ja") if each.id == wanted), None)
    if chosen is None:
        return _page(steps, refusal_line("template_unknown"))
    if "template" not in steps.done or chosen.id != steps.template:
        with current_club().work() as work:
            choose_template(work, steps, chosen.id)
    return frame.to_next("template")


def _page(steps: FirstSteps, problem: str = "") -> ResponseReturnValue:
    return frame.page(
        "template",
        steps,
        "template",
        status=422 if problem else 200,
        offered=[(each, _sentences(each.id)) for each in template_choices(language())],
        chosen=steps.template if "template" in steps.done else "",
        problem=problem,
    )


def _sentences(trade: TemplateId) -> list[str]:
    programme = parse(template(trade))
    if isinstance(programme, InvalidProgramme):
        return []
    told = (each for each in explain(programme, language()) if each.name in _TOLD)
    return [sentence for section in told for sentence in section.sentences][:_SENTENCES_MAX]
