"""Slips at the counter: "put the points on later" for who has no card at hand."""

from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.history import slips
from bot.store.history.slips import Slip, SlipWorth
from bot.store.members import members
from bot.store.staff import staff
from handlers.actions.members import one_time_codes
from handlers.actions.orders.slips import cancel_slip, make_slip
from handlers.showing.paper import slip_message, slip_picture
from handlers.showing.views import Scene
from images.slip import slip_pdf, slip_png
from rules.base import Refusal
from rules.wording.texts import show

from ...current import current_club, current_programme
from ..frame import forms, layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, done_line, form_work, new_key, problem_line
from ..frame.sure import amount_asked

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class SlipView:
    """A slip in the list. `code` leads to its page while it is good; `state` says what became of
    it, `number` whose card it was used with, each empty where there is no such thing."""

    code: str
    shown: str
    made: str
    worth: str
    by: str
    state: str
    number: str


layout.link(50, "staff.slips", "yen")


@pages.get("/slips", endpoint="slips")
@staff_page
def new() -> ResponseReturnValue:
    with current_club().store.read() as uow:
        people = staff.names(uow)
        found = slips.newest(uow, store=signed().desk.store, limit=SHOWN_MAX)
        listed = [_slip_view(uow, each, people) for each in found]
    return layout.page(
        "slip_new",
        slips=listed,
        key=new_key(),
        done=done_line("staff.members.done"),
        problem=problem_line(),
        purchases=current_programme().purchase is not None,
    )


@pages.post("/slips")
@staff_page
def slip_make() -> ResponseReturnValue:
    if asked := amount_asked(back=url_for("staff.slips")):
        return asked
    what = SlipWorth(visit=bool(request.form.get("visit")), yen=forms.yen("yen"))
    with form_work() as work:
        made = make_slip(work, what, at=work.now)
    if isinstance(made, Refusal):
        return back_to("staff.slips", made.code, "")
    return redirect(url_for("staff.slip", code=made.code), 303)


@pages.get("/slips/<code>")
@staff_page
def slip(code: str) -> ResponseReturnValue:
    slip, scene = _slip(code), _scene()
    last = scene.programme.shop.business_date(slip.until - slip.until.resolution)
    text = slip_message(scene, slip)
    return layout.page(
        "slip",
        slip=slip,
        code=one_time_codes.readable(slip.code),
        text=text,
        svg=layout.link_qr(lambda: current_club().chat_link(text)),
        until=last,
        show=scene.say,
        key=new_key(),
    )


@pages.get("/slips/<code>.<any(pdf, png):kind>")
@staff_page
def slip_print(code: str, kind: str) -> ResponseReturnValue:
    picture = slip_picture(current_club(), _scene(), _slip(code))
    if kind == "pdf":
        return Response(slip_pdf(picture), content_type="application/pdf")
    return Response(slip_png(picture), content_type="image/png")


@pages.post("/slips/<code>/cancel")
@staff_page
def slip_cancel(code: str) -> ResponseReturnValue:
    _known(code)
    with form_work() as work:
        outcome = cancel_slip(work, code)
    return back_to("staff.slips", outcome.refused, "slip_cancelled")


def _slip_view(uow: UnitOfWork, slip: Slip, people: dict[int, str]) -> SlipView:
    lang, state = language(), _state(slip)
    member = members.get(uow, slip.member_id) if slip.member_id is not None else None
    worth = [layout.words("paper.slip_visit")] if slip.what.visit else []
    worth += [layout.words("paper.slip_yen", yen=slip.what.yen)] if slip.what.yen else []
    return SlipView(
        code="" if state else slip.code,
        shown=one_time_codes.readable(slip.code),
        made=show(lang, current_programme().shop.local(slip.at)),
        worth=" · ".join(worth),
        by=people.get(slip.staff_id or 0, ""),
        state=layout.words(f"staff.slips.state.{state}") if state else "",
        number=member.number if member is not None else "",
    )


def _state(slip: Slip) -> str:
    """What became of it; empty while it is good."""
    if slip.used_at is not None:
        return "used"
    if slip.cancelled_at is not None:
        return "cancelled"
    return "over" if current_club().now() >= slip.until else ""


def _slip(code: str) -> Slip:
    """The slip, while it is good; 404 for others: a used one needs no page."""
    slip = _known(code)
    if slip is None or _state(slip):
        layout.not_found()
    return slip


def _known(code: str) -> Slip | None:
    """The slip with that code, if there is one; 404 for another store's."""
    with current_club().store.read() as uow:
        slip = slips.get(uow, code)
    if slip is not None and not signed().may_act_at(slip.store):
        layout.not_found()
    return slip


def _scene() -> Scene:
    return Scene(current_programme(), current_club().art, language())
