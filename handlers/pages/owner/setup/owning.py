"""The step that asks who the owner is, and lets them choose a password."""

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.staff.first_steps import FirstSteps
from handlers.actions.founding.telling import name_owner, owners_password
from handlers.actions.staff.staffing import LOGIN_MAX, NAME_MAX, PASSWORD_MAX
from rules.base import Refusal

from ...current import current_club
from ...staff.frame import forms
from ...staff.frame.words import refusal_line
from ..frame.blueprint import pages
from . import frame
from .access import steps_page


@pages.get("/setup/owner", endpoint="setup_owner")
@steps_page
def show(steps: FirstSteps) -> ResponseReturnValue:
    return frame.page("owner", steps, "owner", login=steps.login or "", name=steps.name or "")


@pages.post("/setup/owner", endpoint="setup_owner_told")
@steps_page
def tell(steps: FirstSteps) -> ResponseReturnValue:
    login, name = forms.field("login", LOGIN_MAX), forms.field("name", NAME_MAX)
    password = request.form.get("password", "")[:PASSWORD_MAX]
    kept: str | Refusal = ""
    if password or steps.password_hash is None:
        again = request.form.get("again", "")[:PASSWORD_MAX]
        kept = owners_password(password, again, login=login, name=name)
    done = kept if isinstance(kept, Refusal) else _keep(steps, login, name, kept)
    if done is None:
        return frame.to_next("owner")
    problem = refusal_line(done.code)
    return frame.page(
        "owner", steps, "owner", status=422, login=login, name=name, problem=problem
    )  # fmt: skip


def _keep(steps: FirstSteps, login: str, name: str, kept: str) -> Refusal | None:
    with current_club().work() as work:
        return name_owner(work, steps, login=login, name=name, kept=kept)
