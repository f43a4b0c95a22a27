"""The codes for the web shop of a member whom LINE doesn't reach: on the screen, and on a slip."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.members import profiles
from bot.store.members.members import Member
from handlers.showing.paper import code_picture
from handlers.showing.views import Scene
from handlers.showing.web_codes import TakenCode, codes_taken
from images.slip import slip_pdf, slip_png
from rules.characters import whole_number
from rules.wording.words import Words

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import language, signed, staff_page
from ..frame.blueprint import pages
from ..frame.forms import done_line
from ..frame.looks import note_look
from .member_acts import back
from .member_views import by_number, member_row


def codes_handed(uow: UnitOfWork, who: Member) -> list[TakenCode]:
    """Those that the member was given; of whom LINE reaches none, who has them in the chat."""
    known = profiles.contact(uow, who)
    if known.on_line and not known.blocked:
        return []
    return codes_taken(current_club(), uow, who.id, Words(current_programme(), language()))


@pages.get("/members/<card:number>/codes")
@staff_page
def member_codes(number: str) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        codes, name = codes_handed(uow, who), member_row(uow, who).name
    if not codes:
        return back(who, "codes_none", "")
    note_look(signed().desk, "codes_seen", who.id)
    return layout.page(
        "member_codes",
        number=who.number,
        name=name,
        codes=codes,
        done=done_line("staff.members.done"),
    )


@pages.get("/members/<card:number>/codes.<any(pdf, png):kind>")
@staff_page
def member_code_slip(number: str, kind: str) -> ResponseReturnValue:
    """One of them, in the member's own language: it is theirs."""
    reward, n = request.args.get("reward", ""), whole_number(request.args.get("n", ""), 8)
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        codes = codes_handed(uow, who)
    found = next((each for each in codes if (each.reward, each.number) == (reward, n)), None)
    if found is None:
        layout.not_found()
    note_look(signed().desk, "codes_seen", who.id)
    scene = Scene(current_programme(), current_club().art, who.language)
    picture = code_picture(scene, found)
    if kind == "png":
        return Response(slip_png(picture), content_type="image/png")
    return Response(slip_pdf(picture), content_type="application/pdf")
