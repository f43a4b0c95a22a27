"""The door of the first steps: the link that the start prints, or an owner who is signed in.

Opening the link changes nothing, as chats and browsers open links ahead of people; its button does.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import first_steps
from handlers.actions.founding.begin import may_begin
from handlers.actions.founding.opening import is_inviting, open_by_link, open_here
from handlers.actions.founding.telling import begun_with
from rules.base import Refusal
from rules.editing.templates import TEMPLATES

from ...current import current_club
from ...staff.frame.access import owner_page, signed_or_none
from ...staff.frame.tries import limited
from ...staff.frame.words import refusal_here
from ..frame.blueprint import pages
from . import frame
from .access import let_go_on, steps_here
from .ground import current_ground


def setup_path(token: str) -> str:
    """Where the link leads."""
    return f"/owner/setup/open/{token}"


@pages.get("/setup", endpoint="setup")
def front() -> ResponseReturnValue:
    """On to where one was; or how to get there."""
    steps = steps_here()
    if steps is not None and steps.begun_at is None:
        return frame.to_open(steps)
    with current_club().store.read() as uow:
        there = first_steps.find(uow)
        is_open = may_begin(uow, is_live=current_ground().is_live)
    if not is_open:
        return redirect(url_for("owner.setup_enter"), 303)
    elsewhere = there is not None and there.session is not None
    return frame.page("how", is_owner=_is_owner(), elsewhere=elsewhere)


@pages.post("/setup", endpoint="setup_here")
@owner_page
def open_as_owner() -> ResponseReturnValue:
    with current_club().work() as work:
        is_open = may_begin(work.uow, is_live=current_ground().is_live)
        token = open_here(work, begun_with(TEMPLATES[0])) if is_open else Refusal("setup_begun")
    return _let_in(token)


@pages.get("/setup/open/<token>", endpoint="setup_link")
def show_link(token: str) -> ResponseReturnValue:
    with current_club().reading() as work:
        if is_inviting(work, token):
            return frame.page("open", token=token)
    # Who has used it goes on, and an owner needs none.
    goes_on = steps_here() is not None or _is_owner()
    return redirect(url_for("owner.setup"), 303) if goes_on else _over("setup_link_over")


@pages.post("/setup/open/<token>", endpoint="setup_open")
@limited
def use_link(token: str) -> ResponseReturnValue:
    with current_club().work() as work:
        opened = open_by_link(work, token, begun_with(TEMPLATES[0]))
    if isinstance(opened, Refusal) and steps_here():
        return redirect(url_for("owner.setup"), 303)
    return _let_in(opened)


def _is_owner() -> bool:
    someone = signed_or_none()
    return someone is not None and someone.desk.owns


def _let_in(token: str | Refusal) -> ResponseReturnValue:
    if isinstance(token, Refusal):
        return _over(token.code)
    answer = redirect(url_for("owner.setup"), 303)
    let_go_on(answer, token)
    return answer


def _over(code: str) -> ResponseReturnValue:
    status = 404 if request.method == "GET" else 409
    return frame.page("over", status=status, no=refusal_here(code))
