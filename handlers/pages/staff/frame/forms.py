"""Forms: what was typed into them, the keys by which they are sent once, and what is said then."""

import re
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from handlers.actions.recording.work import Work
from rules.base import YEN_MAX, Refusal
from rules.characters import in_utc, instant, one_width, whole_number
from rules.orders.lines import ReturnedPieces
from rules.wording.texts import has_text

from ...current import current_programme
from . import layout
from .access import language, signed_work
from .words import refusal_line

#: What people type with an amount, that isn't the amount.
_AROUND_DIGITS = re.compile(r"[\s,¥\\円]")

#: Before the place of a receipt's line in the name of its field.
_PIECES = "pieces-"


def number(name: str) -> int | None:
    """The number in a form's field, in any width, with or without commas; None for none."""
    wide = one_width(request.form.get(name, "")[:40])
    text = _AROUND_DIGITS.sub("", wide)
    return whole_number(text, 15)


def place(name: str) -> int | None:
    """A place in a member's history that a form names, as a database can hold it; None for none."""
    return whole_number(request.form.get(name, ""), 9)


def yen(name: str) -> int:
    """The amount in a form's field; 0 where it was left empty, -1 for what is no amount, which no
    action takes: what was mistyped must not pass for nothing."""
    if not request.form.get(name, "").strip():
        return 0
    amount = number(name)
    return amount if amount is not None and amount <= YEN_MAX else -1


def pieces() -> tuple[ReturnedPieces, ...]:
    """How many pieces of a receipt's lines were typed; of what is no number none can be left."""
    found = {}
    for name, typed in request.form.items():
        line = whole_number(name.removeprefix(_PIECES), 4) if name.startswith(_PIECES) else None
        if line is not None and typed.strip():
            found[line] = whole_number(one_width(typed), 5)
    return tuple(
        ReturnedPieces(line, -1 if count is None else count)
        for line, count in found.items()
        if count != 0
    )


def field(name: str, length_max: int) -> str:
    """What was typed into a form, without blanks at its ends; "" if there is nothing usable."""
    text = request.form.get(name, "").strip()
    return text if len(text) <= length_max and "\0" not in text else ""


def moment(name: str) -> datetime | None:
    """A moment of the shop's clock, as a browser's field gives it; None for none."""
    try:
        at = datetime.fromisoformat(field(name, 20))
    except ValueError:
        return None
    zone = current_programme().shop.zone
    here = at.replace(tzinfo=zone)
    return here if at.tzinfo is None and in_utc(here) else None


def done_line(done: str) -> str:
    """What the address says was done, by the texts under `done`; empty for anything else."""
    key = f"{done}.{request.args.get('done', '')}"
    return layout.words(key) if has_text(language(), key) else ""


def problem_line(*, count: int = 0) -> str:
    """Why it wasn't done, and when it could be, as the address says it; empty for anything else."""
    again_at = instant(request.args.get("again", ""))
    return refusal_line(request.args.get("no", ""), count=count, again_at=again_at)


def back_to(page: str, no: Refusal | str | None, done: str, **more: Any) -> ResponseReturnValue:
    """To a page that says how it went: `no` is the refusal (its code, where it doesn't say when it
    would be taken), None where it was `done`."""
    went: dict[str, Any] = {"no": no} if no else {"done": done}
    if isinstance(no, Refusal):
        went = {"no": no.code, "again": no.again_at.isoformat() if no.again_at else None}
    return redirect(url_for(page, **went, **more), 303)


def new_key() -> str:
    """A form's own key, so that sending it twice does it once."""
    return str(uuid4())


def form_key() -> str:
    """The outside key of the form that was sent."""
    return f"staff:{field('key', 36) or uuid4()}"


def form_work() -> AbstractContextManager[Work]:
    """A transaction of whoever is signed in, under the key of the form that they sent."""
    return signed_work(form_key())
