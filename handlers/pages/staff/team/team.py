"""Who works here, for those who manage: inviting, roles and stores, PINs, who may come in."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.staff import devices, staff, staff_sessions
from bot.store.staff.staff import ROLES, Role, StaffMember
from handlers.actions.staff.inviting import PASSWORD_FOR, invite_person
from handlers.actions.staff.staffing import (
    NAME_MAX,
    Assignment,
    disable,
    enable,
    end_sessions,
    give_pin,
    give_public_name,
    hire,
    is_own,
    may_manage,
    move,
)
from images.qr import link_svg
from rules.base import Refusal

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, manager_page, signed, signed_work
from ..frame.blueprint import pages
from ..frame.forms import done_line
from ..frame.words import refusal_here, refusal_line
from .account import typed_pin, typed_public_name
from .join import join_path

layout.link(80, "staff.team", "person")


@pages.get("/team")
@manager_page
def team() -> ResponseReturnValue:
    return _team()


@pages.post("/team", endpoint="hire")
@manager_page
def add() -> ResponseReturnValue:
    with signed_work() as work:
        person = hire(
            work,
            login=forms.field("login", 200),
            name=forms.field("name", 200),
            place=_typed_assignment(),
            stores=_store_ids(),
            language=language(),
        )
        if not isinstance(person, Refusal):
            token = invite_person(work, person.id)
    if isinstance(person, Refusal):
        return _team(person)
    return _invitation(person, token)


@pages.get("/team/<int:staff_id>")
@manager_page
def person(staff_id: int) -> ResponseReturnValue:
    return _person(staff_id)


@pages.post("/team/<int:staff_id>/<what>")
@manager_page
def change_person(staff_id: int, what: str) -> ResponseReturnValue:
    if what == "invite":
        return _invite(staff_id)
    done = _change(staff_id, what)
    if isinstance(done, Refusal):
        return _person(staff_id, done)
    return redirect(url_for("staff.person", staff_id=staff_id, done=what), 303)


def _change(staff_id: int, what: str) -> StaffMember | Refusal:
    # Hashing takes long: before the transaction begins.
    pin = typed_pin() if what == "pin" else ""
    if isinstance(pin, Refusal):
        return pin
    with signed_work() as work:
        match what:
            case "place":
                return move(
                    work,
                    staff_id,
                    name=forms.field("name", NAME_MAX),
                    place=_typed_assignment(),
                    stores=_store_ids(),
                )
            case "pin":
                return give_pin(work, staff_id, pin)
            case "public_name":
                return give_public_name(work, staff_id, typed_public_name())
            case "sessions":
                return end_sessions(work, staff_id)
            case "disable":
                return disable(work, staff_id)
            case "enable":
                return enable(work, staff_id)
            case _:
                return Refusal("person_unknown")


def _invite(staff_id: int) -> ResponseReturnValue:
    with signed_work() as work:
        token = invite_person(work, staff_id)
        person = staff.get(work.uow, staff_id)
    if person is None or isinstance(token, Refusal):
        no = token if isinstance(token, Refusal) else Refusal("person_unknown")
        return _person(staff_id, no)
    return _invitation(person, token)


def _invitation(person: StaffMember, token: str | Refusal) -> ResponseReturnValue:
    if isinstance(token, Refusal):
        return _team(token)
    link = current_club().base_url + join_path(token)
    return layout.page(
        "invitation",
        title=layout.words("staff.team.invited", name=person.name),
        help=layout.words("staff.team.invited_help", count=PASSWORD_FOR.days),
        link=link,
        svg=link_svg(link, title=layout.words("staff.invitation.qr")),
        back=url_for("staff.person", staff_id=person.id),
    )


def managed_people(uow: UnitOfWork) -> list[StaffMember]:
    """Who is to be seen in the team by whoever is signed in: those they manage, and themselves."""
    people, me = staff.everybody(uow), signed().staff_id
    reader = next((each for each in people if each.id == me), None)
    return [
        each for each in people
        if reader and (may_manage(reader, _assignment_of(each)) or each.id == me)
    ]  # fmt: skip


def _team(no: Refusal | None = None) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        people = managed_people(uow)
    return layout.page(
        "team",
        status=422 if no else 200,
        people=people,
        roles=_roles(),
        stores=layout.stores(),
        problem=refusal_line(no.code) if no else None,
        role=layout.role,
        store_name=layout.store_name,
        typed=request.form,
    )


def _person(staff_id: int, no: Refusal | None = None) -> ResponseReturnValue:
    someone, now = signed(), current_club().wall.now()
    with current_club().store.read() as uow:
        person, me = staff.get(uow, staff_id), staff.get(uow, someone.staff_id)
        running = staff_sessions.running_of(uow, staff_id, at=now)
        names = devices.names(uow)
        given = devices.of_person(uow, staff_id)
    if person is None or me is None or not may_manage(me, _assignment_of(person)):
        return layout.not_found()
    return layout.page(
        "person",
        status=422 if no else 200,
        person=person,
        is_me=person.id == me.id,
        own=is_own(person, someone.desk),
        sessions=running,
        devices=names,
        given=given,
        roles=_roles(),
        stores=layout.stores(),
        role=layout.role,
        problem=refusal_line(no.code) if no else None,
        own_account=refusal_here("own_account").then,
        done=None if no else done_line("staff.done"),
    )


def _assignment_of(person: StaffMember) -> Assignment:
    return Assignment(person.role, person.store)


def _typed_assignment() -> Assignment:
    """The role and store that a form asks for. The actions say whether they may be given."""
    asked = request.form.get("role")
    role: Role = next((r for r in ROLES if r == asked), "staff")
    store = request.form.get("store", "")
    if not store and not signed().everywhere:
        store = signed().desk.store
    return Assignment(role, store or None)


def _roles() -> tuple[Role, ...]:
    """The roles that whoever is signed in can give."""
    return ROLES if signed().desk.role == "owner" else ("manager", "staff")


def _store_ids() -> tuple[str, ...]:
    return tuple(store.id for store in current_programme().stores)
