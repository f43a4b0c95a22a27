"""One's own account: password, PIN, and where one is signed in."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import devices, staff, staff_sessions
from bot.store.staff.staff import StaffMember
from handlers.actions.recording.log import note
from handlers.actions.staff.staffing import PASSWORD_MAX, plain, set_password, set_pin
from rules.base import Refusal

from ...current import current_club
from ..frame import layout
from ..frame.access import signed, signed_work, staff_page
from ..frame.blueprint import pages
from ..frame.login import verify
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
    me = _verify_password()
    if me is None:
        return _page(Refusal("password_wrong"))
    someone = signed()
    with signed_work() as work:
        done = set_password(work, me, new, keep=someone.session.token_hash)
    return _page(done if isinstance(done, Refusal) else None, done="password_set")


@pages.post("/account/pin")
@staff_page
def change_pin() -> ResponseReturnValue:
    me = _verify_password()
    if me is None:
        return _page(Refusal("password_wrong"))
    pin = "" if "remove" in request.form else request.form.get("pin", "") or "-"
    with signed_work() as work:
        done = set_pin(work, me, pin)
    return _page(done if isinstance(done, Refusal) else None, done="pin_set")


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


def _verify_password() -> StaffMember | None:
    """Who is signed in, if they gave their password with what they ask for: a device that was left
    open must not be enough to take an account over."""
    someone = signed()
    with current_club().store.read() as uow:
        known = staff.get(uow, someone.staff_id)
    password = plain(request.form.get("current", "")[:PASSWORD_MAX])
    person = verify(known, password, how="password", device=someone.device)
    if person is None:
        return None
    with current_club().store.begin() as uow:
        staff.change(uow, person.id, failed=0, locked_until=None)
    return person


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
        when=layout.when,
        problem=refusal_line(no.code) if no else None,
        done=said,
    )
