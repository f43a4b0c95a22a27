"""What an invitation's link opens: choosing a password, registering a device, getting in once.

Opening it changes nothing, as chats and browsers open links ahead of people; its button does.
"""

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.staff import staff
from bot.store.staff.invitations import Invitation
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.inviting import (
    accept_device,
    accept_password,
    accept_sign_in,
    invitation_of,
)
from handlers.actions.staff.staffing import password_to_keep
from rules.base import Refusal

from ...current import current_club
from ..frame import layout
from ..frame.access import remember_device, this_device
from ..frame.blueprint import pages
from ..frame.login import enter, way_here
from ..frame.tries import limited
from ..frame.words import refusal_here, refusal_line


def join_path(token: str) -> str:
    return f"/staff/join/{token}"


@pages.get("/join/<token>")
def join(token: str) -> ResponseReturnValue:
    with current_club().reading() as work:
        return _page(work.uow, invitation_of(work, token), token)


@pages.post("/join/<token>")
@limited
def joined(token: str) -> ResponseReturnValue:
    with current_club().reading() as work:
        found = invitation_of(work, token)
    match found.kind if found else None:
        case "device":
            return _register(token)
        case "password":
            return _choose(token)
        case "sign_in":
            return _enter(token)
        case _:
            return _over()


def _page(
    uow: UnitOfWork, found: Invitation | None, token: str, problem: str | None = None
) -> ResponseReturnValue:
    if found is None:
        return _over()
    more: dict[str, Any] = {"token": token, "name": found.name, "problem": problem}
    if found.kind == "device":
        return layout.page("join_device", at=layout.store_name(found.store), **more)
    person = staff.get(uow, found.staff_id) if found.staff_id else None
    status = 200 if problem is None else 422
    return layout.page(f"join_{found.kind}", status=status, person=person, **more)


def _over() -> ResponseReturnValue:
    return layout.page("join_over", status=404, no=refusal_here("invitation_over"))


def _register(token: str) -> ResponseReturnValue:
    before = this_device()
    with current_club().work() as work:
        done = accept_device(work, token, before=before)
    if isinstance(done, Refusal):
        return _over()
    answer = redirect("/staff/tap", 303)
    remember_device(answer, done.token)
    return answer


def _choose(token: str) -> ResponseReturnValue:
    done = _accept(token, request.form.get("password", ""), request.form.get("again", ""))
    if isinstance(done, Refusal):
        with current_club().reading() as work:
            found = invitation_of(work, token)
            return _page(work.uow, found, token, refusal_line(done.code))
    return _let_in(done, "invitation")


def _accept(token: str, password: str, again: str) -> StaffMember | Refusal:
    if password != again:
        return Refusal("passwords_differ")
    with current_club().reading() as work:
        invitation = invitation_of(work, token)
        person = staff.get(work.uow, invitation.staff_id or 0) if invitation else None
    if person is None:
        return Refusal("invitation_over")
    kept = password_to_keep(password, person.login, person.name)
    if isinstance(kept, Refusal):
        return kept
    with current_club().work() as work:
        return accept_password(work, token, kept)


def _enter(token: str) -> ResponseReturnValue:
    with current_club().work() as work:
        done = accept_sign_in(work, token)
    if isinstance(done, Refusal):
        return _over()
    return _let_in(done, "link")


def _let_in(person: StaffMember, how: str) -> ResponseReturnValue:
    device = this_device()
    entered, asked = None, request.args.get("next")
    if device is None or person.works_at(device.store):
        entered = enter(person, way_here(how, device), layout.after(asked) if asked else "")
    return entered or redirect(layout.HOME, 303)
