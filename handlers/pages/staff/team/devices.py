"""The store's devices, for those who manage: inviting one, and taking one out of service."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store.staff import devices, staff
from handlers.actions.staff.inviting import DEVICE_FOR, ask_pin, invite_device, revoke_device
from images.qr import link_svg
from rules.base import Refusal

from ...current import current_club
from ..frame import forms, layout
from ..frame.access import manager_page, owner_page, signed, signed_work
from ..frame.blueprint import pages
from ..frame.words import refusal_line
from .join import join_path

#: A clock that is further off than this is worth a look.
_CLOCK_OFF_S = 60

layout.link(90, "staff.devices", "device")


@pages.get("/devices", endpoint="devices")
@manager_page
def show() -> ResponseReturnValue:
    return _page()


@pages.post("/devices", endpoint="invite_device")
@manager_page
def invite() -> ResponseReturnValue:
    name, store = forms.field("name", 200), forms.field("store", 40)
    with signed_work() as work:
        token = invite_device(
            work,
            name=name,
            store=store or signed().desk.store,
            stores=[branch.id for branch in layout.stores()],
        )
    if isinstance(token, Refusal):
        return _page(token)
    link = current_club().base_url + join_path(token)
    minutes = round(DEVICE_FOR.total_seconds() / 60)
    return layout.page(
        "invitation",
        title=layout.words("staff.devices.invited", name=name),
        help=layout.words("staff.devices.invited_help", minutes=minutes),
        link=link,
        svg=link_svg(link, title=layout.words("staff.invitation.qr")),
        back=url_for("staff.devices"),
    )


@pages.post("/devices/<int:device_id>/revoke", endpoint="revoke_device")
@manager_page
def revoke(device_id: int) -> ResponseReturnValue:
    with signed_work() as work:
        done = revoke_device(work, device_id)
    if isinstance(done, Refusal):
        return _page(done)
    return redirect(url_for("staff.devices"), 303)


@pages.post("/devices/<int:device_id>/pin", endpoint="device_pin")
@owner_page
def change_pin(device_id: int) -> ResponseReturnValue:
    with signed_work() as work:
        done = ask_pin(work, device_id, request.form.get("asks") == "1")
    if isinstance(done, Refusal):
        return _page(done)
    return redirect(url_for("staff.devices"), 303)


def _page(no: Refusal | None = None) -> ResponseReturnValue:
    someone = signed()
    with current_club().store.read() as uow:
        known = devices.everything(uow)
        people = staff.names(uow)
    return layout.page(
        "devices",
        status=422 if no else 200,
        devices=[device for device in known if someone.may_act_at(device.store)],
        people=people,
        stores=layout.stores(),
        store_name=layout.store_name,
        clock=_clock,
        problem=refusal_line(no.code) if no else None,
    )


def _clock(off_s: int | None) -> str:
    """What to say of a device's clock; "" when it is right or unknown."""
    if off_s is None or abs(off_s) < _CLOCK_OFF_S:
        return ""
    minutes = max(1, round(abs(off_s) / 60))
    return layout.words(
        "staff.devices.clock_fast" if off_s > 0 else "staff.devices.clock_slow", minutes=minutes
    )
