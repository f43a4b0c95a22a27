"""Signing in with login and password, and a code where somebody wants two steps; signing out."""

import time

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.passwords import fits, hashed, is_dated, place
from bot.store.staff import staff
from bot.store.staff.devices import Device
from bot.store.staff.staff import Role, StaffMember
from handlers.actions.staff import two_steps
from handlers.actions.staff.signing import (
    SignInWay,
    count_try,
    forget_tries,
    note_wrong,
    renew_hash,
    sign_out,
)
from handlers.actions.staff.staffing import LOGIN_MAX, PASSWORD_MAX, plain
from handlers.actions.staff.two_steps import CODE_LENGTH_MAX, awaiting, finish
from rules.base import Refusal

from ...current import current_club
from . import forms, layout
from .access import (
    await_code,
    awaiting_token,
    begin_session,
    end_session,
    idle_max,
    signed,
    signed_or_none,
    store_here,
    this_device,
)
from .blueprint import pages
from .browsers import browser_name, this_browser
from .tries import forwarded, limited
from .words import refusal_line

#: Longer than any way to a "no" takes, so that its time doesn't tell which way it was.
NO_AFTER_SECONDS = 0.3


@pages.get("/login")
def login() -> ResponseReturnValue:
    wanted = _wanted(request.args.get("next"))
    device = this_device()
    # Whoever asks for the page with passwords takes over from who stood there.
    changes = device is not None and "password" in request.args
    someone = signed_or_none()
    if someone is not None and not changes:
        return redirect(wanted or first_page(someone.desk.role, device), 303)
    if device is not None and not changes:
        return redirect(url_for("staff.tap", next=wanted or None), 303)
    return layout.page("login", next=wanted, problem=None, device=device)


@pages.post("/login")
@limited
def log_in() -> ResponseReturnValue:
    device, wanted = this_device(), _wanted(request.form.get("next"))
    done = _try(device, wanted)
    if not isinstance(done, Refusal):
        return done
    problem = refusal_line(done.code)
    return layout.page("login", status=401, next=wanted, problem=problem, device=device)


@pages.get("/login/code")
def code() -> ResponseReturnValue:
    """The second step of who signs in by two."""
    wanted = layout.after(request.args.get("next"))
    with current_club().reading() as work:
        found = awaiting(work, awaiting_token())
    if found is None:
        return redirect(url_for("staff.login", next=wanted), 303)
    return layout.page("code", next=wanted, problem=None, name=found.person.name)


@pages.post("/login/code")
@limited
def code_given() -> ResponseReturnValue:
    wanted, way = layout.after(request.form.get("next")), way_here("code", this_device())
    with current_club().work() as work:
        found = awaiting(work, awaiting_token())
        done = finish(work, awaiting_token(), request.form.get("code", "")[:CODE_LENGTH_MAX], way)
    if not isinstance(done, Refusal):
        begin_session(done)
        return redirect(wanted, 303)
    if found is None:
        return redirect(url_for("staff.login", next=wanted), 303)
    problem = refusal_line(done.code)
    return layout.page("code", status=401, next=wanted, problem=problem, name=found.person.name)


@pages.post("/logout")
def log_out() -> ResponseReturnValue:
    someone = signed_or_none()
    if someone is not None:
        with current_club().work(someone.desk) as work:
            sign_out(work, someone.session.token_hash)
    end_session()
    return redirect("/staff/login", 303)


def _wanted(asked: str | None) -> str:
    """Where somebody was on the way to; empty for nowhere."""
    return layout.after(asked) if asked else ""


def first_page(role: Role, device: Device | None) -> str:
    """Where somebody begins who was on the way to nowhere: owners in the console, but at the
    counter's devices."""
    return layout.CONSOLE if role == "owner" and device is None else layout.HOME


def _try(device: Device | None, wanted: str) -> ResponseReturnValue | Refusal:
    """Signs in with what was typed."""
    login = plain(forms.field("login", LOGIN_MAX)).lower()
    password = plain(request.form.get("password", "")[:PASSWORD_MAX])
    with current_club().store.read() as uow:
        known = staff.by_login(uow, login) if login else None
    person = verify(known, password, how="password", device=device)
    if person is None:
        return Refusal("login_wrong")
    if device is not None and not person.works_at(device.store):
        return Refusal("login_other_store")
    entered = enter(person, way_here("password", device), wanted, password=password)
    return entered or Refusal("login_wrong")


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
                person = count_try(work, known.id, this_browser())
        kept = (person.pin_hash if how == "pin" else person.password_hash) if person else None
        if fits(secret, kept):
            return person
        if person is not None:
            with current_club().work() as work:
                note_wrong(work, person, way_here(how, device))
        time.sleep(max(0.0, NO_AFTER_SECONDS - (time.monotonic() - began)))
        return None


def verify_signed(secret: str, how: str) -> StaffMember | None:
    """Who is signed in, if `secret` is their password or PIN (`how`): a device that was left open
    is not enough for what asks it."""
    someone = signed()
    with current_club().store.read() as uow:
        known = staff.get(uow, someone.staff_id)
    person = verify(known, plain(secret), how=how, device=someone.device)
    if person is not None:
        with current_club().work(someone.desk) as work:
            forget_tries(work, person.id, this_browser())
    return person


def enter(
    person: StaffMember, way: SignInWay, wanted: str, *, password: str | None = None
) -> ResponseReturnValue | None:
    """Signs the person in here, in the place of whoever was, and leads them to the page they
    `wanted`, or first to the second step; None if they were just disabled."""
    before, wanted = signed_or_none(), wanted or first_page(person.role, way.device)
    dated = password is not None and is_dated(person.password_hash or "")
    renewed = hashed(password) if password is not None and dated else None
    with current_club().work() as work:
        step = two_steps.enter(work, person, way, replaces=before.token if before else None)
        if step is not None and renewed is not None:
            renew_hash(work, person, renewed)
    if step is None:
        return None
    if step.awaits_code:
        await_code(step.token)
        return redirect(url_for("staff.code", next=wanted), 303)
    begin_session(step.token)
    return redirect(wanted, 303)


def way_here(how: str, device: Device | None) -> SignInWay:
    """How somebody signs in just now."""
    return SignInWay(
        how,
        device,
        store_here(device),
        browser=this_browser(),
        browser_name=browser_name(),
        idle=idle_max(),
        forwarded=forwarded(),
    )
