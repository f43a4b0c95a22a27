"""One's own account: name to members, password, PIN, and where one is signed in."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import devices, staff, staff_sessions
from bot.store.staff.staff import StaffMember
from handlers.actions.recording.log import note
from handlers.actions.staff.staffing import (
    NAME_MAX,
    PASSWORD_MAX,
    password_to_keep,
    pin_to_keep,
    set_password,
    set_pin,
    set_public_name,
)
from rules.base import Refusal

from ...current import current_club
from ..frame import layout
from ..frame.access import signed, signed_work, staff_page
from ..frame.blueprint import pages
from ..frame.login import verify_signed
from ..frame.words import refusal_line

layout.link(120, "staff.account", "settings")


@pages.get("/account")
@staff_page
def account() -> ResponseReturnValue:
    return _page()


@pages.post("/account/password")
@staff_page
def change_password() -> ResponseReturnValue:
    new, again = request.form.get("password", ""), request.form.get("again", "")
    if new != again:
        return _page(Refusal("passwords_differ"))
    me = verify_password()
    if me is None:
        return _page(Refusal("password_wrong"))
    kept = password_to_keep(new, me.login, me.name)
    if isinstance(kept, Refusal):
        return _page(kept)
    with signed_work() as work:
        set_password(work, me, kept, but=signed().session.token_hash)
    return _page(done="password_set")


@pages.post("/account/pin")
@staff_page
def change_pin() -> ResponseReturnValue:
    me = verify_password()
    if me is None:
        return _page(Refusal("password_wrong"))
    kept = typed_pin()
    if isinstance(kept, Refusal):
        return _page(kept)
    with signed_work() as work:
        set_pin(work, me, kept)
    return _page(done="pin_set")


@pages.post("/account/name")
@staff_page
def change_public_name() -> ResponseReturnValue:
    """What members call them by."""
    with signed_work() as work:
        me = staff.lock(work.uow, signed().staff_id)
        done = set_public_name(work, me, typed_public_name()) if me else Refusal("person_unknown")
    return _page(done) if isinstance(done, Refusal) else _page(done="public_name")


def typed_public_name() -> str:
    return request.form.get("public_name", "")[:NAME_MAX]


def typed_pin() -> str | Refusal:
    """What is kept of the PIN in the form; "" where it is to be removed."""
    return pin_to_keep("" if "remove" in request.form else request.form.get("pin", "")[:20] or "-")


@pages.post("/account/sessions")
@staff_page
def end_others() -> ResponseReturnValue:
    """Signs out everywhere but here."""
    someone = signed()
    with signed_work() as work:
        keep = someone.session.token_hash
        staff_sessions.revoke_of(work.uow, staff_id=someone.staff_id, but=keep, at=work.wall)
        note(work, "sessions_end", person=someone.staff_id)
    return redirect(url_for("staff.account"), 303)


def verify_password() -> StaffMember | None:
    """Who is signed in, if they gave their password with what they ask for: a device that was left
    open must not be enough to take an account over."""
    return verify_signed(request.form.get("current", "")[:PASSWORD_MAX], "password")


def _page(no: Refusal | None = None, done: str = "") -> ResponseReturnValue:
    someone, club = signed(), current_club()
    with club.store.read() as uow:
        me = staff.get(uow, someone.staff_id)
        running = staff_sessions.running_of(uow, someone.staff_id, at=club.wall.now())
        names = devices.names(uow)
    said = layout.words(f"staff.done.{done}") if done and no is None else None
    return layout.page(
        "account",
        status=422 if no else 200,
        me=me,
        sessions=running,
        devices=names,
        problem=refusal_line(no.code) if no else None,
        done=said,
    )
