"""Signing in with login and password, and signing out."""

import time

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.passwords import fits, hashed, is_dated, place
from bot.store.staff import staff
from bot.store.staff.devices import Device
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.signing import (
    SignInWay,
    count_try,
    note_wrong,
    renew_hash,
    sign_in,
    sign_out,
)
from handlers.actions.staff.staffing import LOGIN_MAX, PASSWORD_MAX, plain

from ...current import current_club
from . import forms, layout
from .access import begin_session, end_session, signed_or_none, store_here, this_device
from .blueprint import pages
from .tries import forwarded, limited
from .words import refusal_line

#: Longer than any way to a "no" takes, so that its time doesn't tell which way it was.
NO_AFTER_SECONDS = 0.3


@pages.get("/login")
def login() -> ResponseReturnValue:
    wanted = layout.after(request.args.get("next"))
    if signed_or_none() is not None:
        return redirect(wanted, 303)
    device = this_device()
    if device is not None and "password" not in request.args:
        return redirect(url_for("staff.tap", next=wanted), 303)
    return layout.page("login", next=wanted, problem=None, device=device)


@pages.post("/login")
@limited
def log_in() -> ResponseReturnValue:
    device, wanted = this_device(), layout.after(request.form.get("next"))
    wrong = _try(device)
    if wrong is None:
        return redirect(wanted, 303)
    return layout.page("login", status=401, next=wanted, problem=refusal_line(wrong), device=device)


@pages.post("/logout")
def log_out() -> ResponseReturnValue:
    someone = signed_or_none()
    if someone is not None:
        with current_club().work(someone.desk) as work:
            sign_out(work, someone.session.token_hash)
    end_session()
    return redirect("/staff/login", 303)


def _try(device: Device | None) -> str | None:
    """Signs in with what was typed; the refusal's code where it didn't work, None if it did."""
    login = plain(forms.field("login", LOGIN_MAX)).lower()
    password = plain(request.form.get("password", "")[:PASSWORD_MAX])
    with current_club().store.read() as uow:
        known = staff.by_login(uow, login) if login else None
    person = verify(known, password, how="password", device=device)
    if person is None:
        return "login_wrong"
    if device is not None and not person.works_at(device.store):
        return "login_other_store"
    entered = enter(person, how="password", device=device, password=password)
    return None if entered else "login_wrong"


def verify(
    known: StaffMember | None, secret: str, *, how: str, device: Device | None
) -> StaffMember | None:
    """The person, if `secret` is their password or PIN (`how`) and they may try now.

    A "no" takes the same time for somebody unknown and for somebody who must wait.
    """
    with place():
        began = time.monotonic()
        person = None
        if known is not None:
            with current_club().work() as work:
                person = count_try(work, known.id)
        kept = (person.pin_hash if how == "pin" else person.password_hash) if person else None
        if fits(secret, kept):
            return person
        if person is not None:
            with current_club().work() as work:
                note_wrong(work, person, _way(how, device))
        time.sleep(max(0.0, NO_AFTER_SECONDS - (time.monotonic() - began)))
        return None


def enter(
    person: StaffMember,
    *,
    how: str,
    device: Device | None,
    password: str | None = None,
) -> bool:
    """Signs the person in here, in the place of whoever was; False if they were just disabled."""
    before = signed_or_none()
    dated = password is not None and is_dated(person.password_hash or "")
    renewed = hashed(password) if password is not None and dated else None
    with current_club().work() as work:
        token = sign_in(work, person, _way(how, device), replaces=before.token if before else None)
        if token is not None and renewed is not None:
            renew_hash(work, person, renewed)
    if token is None:
        return False
    begin_session(token)
    return True


def _way(how: str, device: Device | None) -> SignInWay:
    return SignInWay(how, device, store_here(device), forwarded())
