"""After the club has begun: what is left to do until the first member has a card. Nothing here is
done by looking at the page."""

import structlog
from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from bot.line.errors import LineError
from bot.store.finding.due_members import count_members
from bot.store.staff import staff
from handlers.actions.founding.begin import may_begin
from handlers.actions.founding.channel import lead_events
from handlers.showing.poster import poster_picture
from handlers.showing.views import Scene
from images.poster import poster_pdf
from rules.base import Refusal

from ...current import current_club, current_programme
from ...headers import safe
from ...staff.frame import forms
from ...staff.frame.access import language, owner_page, signed
from ...staff.frame.layout import link_qr, words
from ..frame.blueprint import pages
from ..frame.layout import place
from . import frame
from .ground import current_ground

log = structlog.get_logger("first steps")

place(90, "owner.setup_after")


@pages.get("/setup/after", endpoint="setup_after")
@owner_page
def show() -> ResponseReturnValue:
    club, ground = current_club(), current_ground()
    with club.store.read() as uow:
        is_open = may_begin(uow, is_live=ground.is_live)
        me = staff.get(uow, signed().staff_id)
        people, joined = len(staff.everybody(uow)), count_members(uow)
    if is_open:
        return redirect(url_for("owner.setup"), 303)
    return frame.page(
        "after",
        is_live=ground.is_live,
        is_beside_demo=ground.clubs is not None,
        has_two_steps=me is not None and me.has_two_steps,
        colleagues=people - 1,
        joined=joined,
        webhook=f"{club.base_url}/callback",
        qr=link_qr(club.add_friend_link),
        done=forms.done_line("owner.setup.done"),
        problem=forms.problem_line(),
    )


@pages.post("/setup/after/line", endpoint="setup_connect")
@owner_page
def connect() -> ResponseReturnValue:
    """Has LINE send its events here, looks whether they come, and puts up the menus."""
    club, ground = current_club(), current_ground()
    done = lead_events(club.line, f"{club.base_url}/callback") if ground.is_live else None
    if done is None:
        try:
            ground.deploy_menus()
        except LineError as problem:
            log.warning("rich_menu_not_deployed", kind=type(problem).__name__)
            done = Refusal("channel_menus")
    return forms.back_to("owner.setup_after", done.code if done else None, "connected")


@pages.get("/setup/poster.pdf", endpoint="setup_poster_pdf")
@owner_page
def poster() -> ResponseReturnValue:
    """The counter's poster, to print."""
    club = current_club()
    scene = Scene(current_programme(), club.art, language())
    pdf = poster_pdf(poster_picture(scene, club.add_friend_link()), scene.look)
    answer = safe(Response(pdf, content_type="application/pdf"), "staff")
    name = words("owner.setup.after.poster_file")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    return answer
