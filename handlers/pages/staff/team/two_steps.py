"""Signing in in two steps: an authenticator app that shows codes, and recovery codes for the day on
which it is lost. Each change wants the password, and where it is on, a code too."""

from flask import request
from flask.typing import ResponseReturnValue

from bot import totp
from bot.store.staff import recovery_codes, staff, staff_sessions
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.two_steps import (
    CODE_LENGTH_MAX,
    Enrolment,
    new_recovery_codes,
    offer,
    offered,
    switch_off,
    switch_on,
    try_code,
)
from images.qr import link_svg
from rules.base import Refusal

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, signed, signed_work, staff_page
from ..frame.blueprint import pages
from ..frame.login import way_here
from ..frame.words import refusal_line
from .account import verify_password

#: As long as what is sealed of a secret; nothing longer is one.
_SEALED_MAX = 200


@pages.get("/account/two-steps", endpoint="two_steps")
@staff_page
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/account/two-steps/app", endpoint="two_steps_app")
@staff_page
def show_app() -> ResponseReturnValue:
    me = verify_password()
    if me is None or me.has_two_steps:
        return _page(Refusal("two_steps_on" if me else "password_wrong"))
    with signed_work() as work:
        return _app_page(me, offer(work, me))


@pages.post("/account/two-steps/on", endpoint="two_steps_on")
@staff_page
def begin() -> ResponseReturnValue:
    me, someone = _me(), signed()
    with signed_work() as work:
        enrolment = offered(work, me, request.form.get("sealed", "")[:_SEALED_MAX])
        if enrolment is None:
            return _page(Refusal("form_unreadable"))
        done = switch_on(work, me, enrolment, _typed_code())
        if isinstance(done, Refusal):
            again = done.code == "code_wrong"
            return _app_page(me, enrolment, done) if again else _page(done)
        but = someone.session.token_hash
        staff_sessions.revoke_of(work.uow, staff_id=me.id, but=but, at=work.wall)
    return _codes_page(done)


@pages.post("/account/two-steps/codes", endpoint="two_steps_codes")
@staff_page
def make_codes() -> ResponseReturnValue:
    me = _prove()
    if isinstance(me, Refusal):
        return _page(me)
    with signed_work() as work:
        made = new_recovery_codes(work, me)
    return _codes_page(made)


@pages.post("/account/two-steps/off", endpoint="two_steps_off")
@staff_page
def end() -> ResponseReturnValue:
    me = _prove()
    if isinstance(me, Refusal):
        return _page(me)
    with signed_work() as work:
        switch_off(work, me)
    return _page()


def prove() -> StaffMember | Refusal:
    """Who is signed in, if they gave their password, and a code if theirs asks for one."""
    me = verify_password()
    if me is None:
        return Refusal("password_wrong")
    return _prove_code(me) if me.has_two_steps else me


def _prove() -> StaffMember | Refusal:
    """Who is signed in, if they gave their password and a code."""
    me = verify_password()
    if me is None:
        return Refusal("password_wrong")
    return _prove_code(me)


def _prove_code(me: StaffMember) -> StaffMember | Refusal:
    with signed_work() as work:
        taken = try_code(work, me.id, _typed_code(), way_here("code", signed().device))
    return me if taken else Refusal("code_wrong")


def _typed_code() -> str:
    return request.form.get("code", "")[:CODE_LENGTH_MAX]


def _me() -> StaffMember:
    with current_club().store.read() as uow:
        me = staff.get(uow, signed().staff_id)
    return me or layout.not_found()


def _page(no: Refusal | None = None) -> ResponseReturnValue:
    me = _me()
    with current_club().store.read() as uow:
        left = recovery_codes.left(uow, me.id)
    return layout.page(
        "two_steps",
        status=422 if no else 200,
        me=me,
        since=layout.when(me.totp_since),
        left=left,
        problem=refusal_line(no.code) if no else None,
    )


def _app_page(
    me: StaffMember, enrolment: Enrolment, no: Refusal | None = None
) -> ResponseReturnValue:
    issuer = current_programme().shop.name.in_(language())
    link = totp.app_link(enrolment.secret, account=me.login, issuer=issuer)
    secret = enrolment.secret
    return layout.page(
        "two_steps_app",
        status=422 if no else 200,
        svg=link_svg(link, title=layout.words("staff.sign_in.two_steps.qr")),
        link=link,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        sealed=enrolment.sealed,
        problem=refusal_line(no.code) if no else None,
    )


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    return layout.page("recovery_codes", codes=codes)
