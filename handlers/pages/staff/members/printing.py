"""Cards to print: one of a credit card's size, or a sheet of A4 with ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.members.members import Member
from handlers.actions.recording.log import note
from handlers.showing.paper import paper_card
from handlers.showing.views import Scene
from images.paper_card import PaperCard, card_pdf, card_png, sheet_pdf

from ...current import current_club, current_programme
from ..frame import layout
from ..frame.access import signed, signed_work, staff_page
from ..frame.blueprint import pages
from ..frame.words import refusal_here
from .member_views import by_number

#: More cards than these on one request keep the counter waiting.
CARDS_MAX = 50


@pages.get("/members/<card:number>/card.<any(pdf, png):kind>")
@staff_page
def member_card(number: str, kind: str) -> ResponseReturnValue:
    with current_club().store.read() as uow:
        who = by_number(uow, number)
        shown, scene = _card(uow, who), _scene(who)
    with signed_work() as work:
        note(work, "card_printed", member_id=who.id)
    if kind == "png":
        return Response(card_png(shown, scene.look), content_type="image/png")
    return Response(card_pdf(shown, scene.look), content_type="application/pdf")


@pages.post("/cards/sheet.pdf")
@staff_page
def cards_sheet() -> ResponseReturnValue:
    numbers = list(dict.fromkeys(request.form.getlist("n")))
    if not 0 < len(numbers) <= CARDS_MAX:
        abort(404)
    with current_club().store.read() as uow:
        people = [by_number(uow, number) for number in numbers]
        shown = [_card(uow, who) for who in people]
    with signed_work() as work:
        for who in people:
            note(work, "card_printed", member_id=who.id)
    look_of_shop = _scene(people[0]).look
    with one_at_a_time() as is_ours:
        if not is_ours:
            return layout.page("refused", status=429, no=refusal_here("printing"))
        return Response(sheet_pdf(shown, look_of_shop), content_type="application/pdf")


@dataclass
class _Desk:
    """Where sheets are drawn one after the other."""

    turn: Lock = field(default_factory=Lock)
    #: Who draws there, and who waits.
    there: int = 0


_desks: dict[str, _Desk] = {}
_desks_change = Lock()


@contextmanager
def one_at_a_time() -> Iterator[bool]:
    """One sheet at a time for a device, or for who is signed in elsewhere: drawing fifty cards is
    work, and must not take all threads. A second one (a double tap) waits; False for any more."""
    someone = signed()
    place = f"device {someone.device.id}" if someone.device else f"person {someone.staff_id}"
    with _desks_change:
        desk = _desks.setdefault(place, _Desk())
        is_ours = desk.there < 2
        desk.there += is_ours
    if not is_ours:
        yield False
        return
    try:
        with desk.turn:
            yield True
    finally:
        with _desks_change:
            desk.there -= 1
            if not desk.there:
                del _desks[place]


def _card(uow: UnitOfWork, who: Member) -> PaperCard:
    return paper_card(current_club(), uow, who, _scene(who))


def _scene(who: Member) -> Scene:
    """In the member's own language: it is their card."""
    return Scene(current_programme(), current_club().art, who.language)
