"""How a page of the first steps is put together: the steps in a row, and where one stands."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.begin import missing
from rules.editing.first_steps import STEPS

from ...staff.frame import layout
from .ground import current_ground


@dataclass(frozen=True, slots=True)
class Standing:
    """A step as the row of them shows it."""

    name: str
    is_done: bool
    is_here: bool

    @property
    def endpoint(self) -> str:
        return f"owner.setup_{self.name}"

    @property
    def text(self) -> str:
        """The key of the text that names it."""
        return f"owner.setup.step.{self.name}"

    @property
    def about(self) -> str:
        """The key of the text that says what is done in it."""
        return f"owner.setup.about.{self.name}"


def page(
    template: str, steps: FirstSteps | None = None, here: str = "", *, status: int = 200,
    **values: Any,
) -> Response:  # fmt: skip
    """The page `owner/setup/<template>.html`; `here` is the step it is of."""
    done = _done(steps) if steps else frozenset()
    row = [Standing(name, name in done, name == here) for name in STEPS]
    at = STEPS.index(here) if here in STEPS else 0
    html = render_template(
        f"owner/setup/{template}.html",
        row=row,
        here=here,
        before=row[at - 1].endpoint if at else "",
        steps=steps,
        **layout.surroundings(),
        **values,
    )
    return make_response(html, status)


def _done(steps: FirstSteps) -> frozenset[str]:
    """Those that are done: LINE is not while it was only put off."""
    is_there = steps.is_connected or current_ground().channel_is_given
    return steps.done if is_there else steps.done - {"line"}


def to_next(here: str) -> ResponseReturnValue:
    """On to the step after this one."""
    return redirect(url_for(f"owner.setup_{STEPS[STEPS.index(here) + 1]}"), 303)


def to_open(steps: FirstSteps) -> ResponseReturnValue:
    """To the first step that was not told yet."""
    left = [*(step for step in STEPS if step in missing(steps)), "begin"]
    untold = next((step for step in STEPS if step not in steps.done and step != "begin"), left[0])
    return redirect(url_for(f"owner.setup_{untold}"), 303)
