"""Pictures that are handed in with a form: each is kept, and the field then names it."""

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from flask import request

from handlers.actions.programme.art import add_art
from handlers.actions.recording.work import Work
from rules.editing.fields import FILE, NO_FILE

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.access import language
from ..frame.held import held

#: Beside a field it is shown so large.
_SHOWN = 160


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A form as it says its fields once its pictures have names; which could be taken, and which
    can't be used and why."""

    form: Mapping[str, Sequence[str]]
    taken: tuple[str, ...] = ()
    unusable: Mapping[str, str] = field(default_factory=dict)


def handed_in(works: Callable[[], AbstractContextManager[Work]] = forms.form_work) -> HandedIn:
    """The form that was sent, with the pictures in it kept, each in a work of its own."""
    form = {name: request.form.getlist(name) for name in request.form}
    taken: list[str] = []
    unusable: dict[str, str] = {}
    for name in [each for each in form if each.endswith(f".{NO_FILE}")]:
        form[name.removesuffix(f".{NO_FILE}")] = [""]
    for name, file in request.files.items():
        if not name.endswith(f".{FILE}") or not file.filename:
            continue
        own = name.removesuffix(f".{FILE}")
        with works() as work:
            done = add_art(work, file.read(), file.filename[-80:])
        if isinstance(done, str):
            form[own] = [done]
            taken.append(own)
        else:
            unusable[own] = done.message(language())
    return HandedIn(form, tuple(taken), unusable)


def art_address(name: object) -> str:
    """The art of that name as an address that holds it, small; "" for none."""
    found = current_club().art.get(str(name)) if name else None
    if found is None:
        return ""
    small, out = found.image.copy(), io.BytesIO()
    small.thumbnail((_SHOWN, _SHOWN))
    small.save(out, "PNG")
    return held(out.getvalue())
