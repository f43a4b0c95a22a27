"""Slips at the counter: "put the points on later" for who has no card at hand."""

import structlog
from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.line.errors import LineError
from bot.store.history import slips
from bot.store.history.slips import Slip, SlipWorth
from handlers.actions.counter.slips import cancel_slip, make_slip
from handlers.actions.members import one_time_codes
from handlers.club import Club
from handlers.showing.paper import slip_message, slip_picture
from handlers.showing.views import Scene
from images.qr import link_svg
from images.slip import slip_pdf, slip_png
from rules.base import Refusal

from ..frame import layout
from ..frame.access import access, language, signed, staff_page
from ..frame.forms import back_to, form_key, new_key, problem_told, told

log = structlog.get_logger("staff")


def routes(pages: Blueprint, club: Club) -> None:
    """`/staff/slips`, a slip's page, its PDF and PNG, and cancelling it."""

    @pages.get("/slips", endpoint="slips")
    @staff_page
    def new() -> ResponseReturnValue:
        return layout.page(
            "slip_new",
            key=new_key(),
            done=told("staff.members.done"),
            problem=problem_told(),
            purchases=access().programme().purchase is not None,
        )

    @pages.post("/slips", endpoint="slip_make")
    @staff_page
    def make() -> ResponseReturnValue:
        now = club.now()
        what = SlipWorth(visit=bool(request.form.get("visit")), yen=layout.yen("yen"))
        with club.work(signed().desk, key=form_key()) as work:
            made = make_slip(work, what, at=now)
        if isinstance(made, Refusal):
            return back_to("staff.slips", made.code, "")
        return redirect(url_for("staff.slip", code=made.code), 303)

    @pages.get("/slips/<code>", endpoint="slip")
    @staff_page
    def shown(code: str) -> ResponseReturnValue:
        return _page(club, _slip(club, code))

    @pages.get("/slips/<code>.<any(pdf, png):kind>", endpoint="slip_print")
    @staff_page
    def printed(code: str, kind: str) -> ResponseReturnValue:
        picture = slip_picture(club, _scene(club), _slip(club, code))
        if kind == "pdf":
            return Response(slip_pdf(picture), content_type="application/pdf")
        return Response(slip_png(picture), content_type="image/png")

    @pages.post("/slips/<code>/cancel", endpoint="slip_cancel")
    @staff_page
    def cancel(code: str) -> ResponseReturnValue:
        with club.work(signed().desk, key=form_key()) as work:
            outcome = cancel_slip(work, code)
        return back_to("staff.slips", outcome.refused, "slip_cancelled")


def _slip(club: Club, code: str) -> Slip:
    """The slip, while it is good; 404 for others: a used one needs no page."""
    with club.store.read() as uow:
        slip = slips.get(uow, code)
    is_open = slip is not None and slip.used_at is None and slip.cancelled_at is None
    if slip is None or not is_open or club.now() >= slip.until:
        layout.not_found()
    return slip


def _scene(club: Club) -> Scene:
    return Scene(access().programme(), club.art, language())


def _page(club: Club, slip: Slip) -> ResponseReturnValue:
    scene = _scene(club)
    try:
        link = club.chat_link(slip_message(scene, slip))
        svg = link_svg(link, title=layout.words("staff.members.qr"))
    except LineError as problem:
        log.warning("link_not_made", kind=type(problem).__name__)
        svg = ""
    last = scene.programme.shop.business_date(slip.until - slip.until.resolution)
    return layout.page(
        "slip",
        slip=slip,
        code=one_time_codes.readable(slip.code),
        text=slip_message(scene, slip),
        svg=svg,
        until=last,
        show=scene.say,
        key=new_key(),
    )
