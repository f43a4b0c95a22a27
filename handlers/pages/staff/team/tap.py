"""A registered device, and who stands at it: a tap on one's name, and a PIN where one is set."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import staff
from bot.store.staff.devices import Device
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.staffing import PIN_MAX, plain

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import this_device
from ..frame.blueprint import pages
from ..frame.login import enter, verify, way_here
from ..frame.tries import limiter
from ..frame.words import refusal_line

#: A counter changes hands often; what guessing costs is counted at the person.
TAPS = "60 per minute"


@dataclass(frozen=True, slots=True)
class NameButton:
    """A name to tap. `asks` is what the person must give beside it."""

    person: StaffMember
    asks: str


@pages.get("/tap")
def tap() -> ResponseReturnValue:
    device = this_device()
    wanted = layout.after(request.args.get("next"))
    if device is None:
        return redirect(url_for("staff.login", next=wanted), 303)
    with current_club().store.read() as uow:
        people = staff.at_store(uow, device.store)
    buttons = [NameButton(person, _asks(person, device)) for person in people]
    store = layout.store_name(device.store)
    why = _why_all_are_asked(device)
    return layout.page("tap", device=device, at=store, buttons=buttons, next=wanted, why=why)


@pages.post("/tap")
@limiter.limit(TAPS)
def tapped() -> ResponseReturnValue:
    device, wanted = this_device(), layout.after(request.form.get("next"))
    person = _person(device, forms.number("staff"))
    if device is None or person is None or _asks(person, device):
        return redirect(url_for("staff.tap", next=wanted), 303)
    entered = enter(person, way_here("tap", device), wanted)
    return entered or redirect(url_for("staff.tap", next=wanted), 303)


@pages.get("/tap/<int:staff_id>")
def pin(staff_id: int) -> ResponseReturnValue:
    device = this_device()
    person = _person(device, staff_id)
    wanted = layout.after(request.args.get("next"))
    if device is None or person is None or _asks(person, device) != "pin":
        return redirect(url_for("staff.tap", next=wanted), 303)
    return layout.page("pin", person=person, device=device, next=wanted, problem=None)


@pages.post("/tap/<int:staff_id>")
@limiter.limit(TAPS)
def pin_given(staff_id: int) -> ResponseReturnValue:
    device, wanted = this_device(), layout.after(request.form.get("next"))
    known = _person(device, staff_id)
    if device is None or known is None or _asks(known, device) != "pin":
        return redirect(url_for("staff.tap", next=wanted), 303)
    secret = plain(request.form.get("pin", ""))[:PIN_MAX]
    person = verify(known, secret, how="pin", device=device)
    entered = enter(person, way_here("pin", device), wanted) if person is not None else None
    if entered is not None:
        return entered
    problem = refusal_line("pin_wrong")
    return layout.page("pin", status=401, person=known, device=device, next=wanted, problem=problem)


def _asks(person: StaffMember, device: Device) -> str:
    """What a tap on the name must be followed by there just now: "pin", "password", or nothing.

    Who manages never gets in by a tap alone, nor who signs in by two steps.
    """
    if person.pin_hash is not None:
        return "pin"
    is_asked = person.manages or person.has_two_steps or _why_all_are_asked(device)
    return "password" if is_asked else ""


def _why_all_are_asked(device: Device) -> str:
    """Why a tap is enough for nobody there: "device" for the owner's wish, "closed" outside the
    store's hours; "" where it is."""
    if device.asks_pin:
        return "device"
    is_open = current_programme().open_for(device.store, current_club().now())
    return "" if is_open else "closed"


def _person(device: Device | None, staff_id: int | None) -> StaffMember | None:
    """Who was tapped, if they may work where the device stands."""
    if device is None or staff_id is None:
        return None
    with current_club().store.read() as uow:
        person = staff.get(uow, staff_id)
    may = person is not None and person.disabled_at is None and person.works_at(device.store)
    return person if may else None
