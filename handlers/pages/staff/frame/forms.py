"""Forms that are sent once: their keys, and what is said after them."""

from typing import Any
from uuid import uuid4

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from rules.wording.texts import has_text

from . import layout
from .access import language
from .words import refused


def told(done: str) -> str:
    """What the address says was done, by the texts under `done`; empty for anything else."""
    key = f"{done}.{request.args.get('done', '')}"
    return layout.words(key) if has_text(language(), key) else ""


def problem_told(*, count: int = 0) -> str:
    """Why it wasn't done, as the address says it; empty for anything else."""
    return refused(request.args.get("no", ""), count=count)


def back_to(page: str, no: str | None, done: str, **more: Any) -> ResponseReturnValue:
    """To a page that says how it went: `no` is the refusal's code, None where it was `done`."""
    went: dict[str, Any] = {"no": no} if no else {"done": done}
    return redirect(url_for(page, **went, **more), 303)


def new_key() -> str:
    """A form's own key, so that sending it twice does it once."""
    return str(uuid4())


def form_key() -> str:
    """The outside key of the form that was sent."""
    return f"staff:{layout.field('key', 36) or uuid4()}"
