"""What a member is signed up for, on their page: staff sign up who has no LINE, and tell them what
LINE would."""

from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue

from bot.store import UnitOfWork
from bot.store.members.members import Member
from handlers.actions.events.signing_up import (
    OfferAnswer,
    PlaceOutcome,
    Wish,
    answer_offer,
    give_up,
    sign_up,
)
from handlers.actions.recording.work import Work
from handlers.showing.event_views import EventView, event_view
from handlers.showing.events import events_for
from handlers.showing.viewer import viewer_of
from rules.characters import whole_number

from ...current import current_club
from ..frame import layout
from ..frame.access import language, staff_page
from ..frame.blueprint import pages
from ..frame.forms import back_to, form_work
from .member_views import by_number


@dataclass(frozen=True, slots=True)
class MemberEvents:
    """The events that are for them; `untold`: somebody is to tell them what LINE can't."""

    events: list[EventView]
    untold: bool


def member_events(uow: UnitOfWork, who: Member, *, on_line: bool) -> MemberEvents:
    """The events as they stand for the member, in the words of who reads the page."""
    viewer = viewer_of(current_club(), replace(who, language=language()))
    found = events_for(viewer, uow, current_club().now())
    told = any(each.state in ("offered", "off") for each in found)
    return MemberEvents([event_view(viewer, each) for each in found], told and not on_line)


@pages.post("/members/<card:number>/event")
@staff_page
def member_event(number: str) -> ResponseReturnValue:
    """Signs them up, gives their place up, or answers an offer for them."""
    event_id, n = _number("event"), _number("n")
    with form_work() as work:
        who = by_number(work.uow, number)
        outcome = _do(work, who, event_id, n)
    done = f"event_{outcome.state}" if outcome.state else ""
    return back_to("staff.member", outcome.refused, done, number=who.number)


def _do(work: Work, who: Member, event_id: int, n: int) -> PlaceOutcome:
    how = request.form.get("how")
    if how == "join":
        return sign_up(work, Wish(who.id, event_id, n, "staff"))
    if how == "leave":
        return give_up(work, who.id, event_id)
    if how not in ("take", "pass"):
        layout.not_found()
    return answer_offer(work, OfferAnswer(who.id, event_id, n, how == "take"))


def _number(name: str) -> int:
    return whole_number(request.form.get(name, ""), 9) or 0
