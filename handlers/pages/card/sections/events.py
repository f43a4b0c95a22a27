"""Events: what there is, signing up with two taps, and what somebody is signed up for."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from handlers.actions.events.signing_up import (
    OfferAnswer,
    PlaceOutcome,
    Wish,
    answer_offer,
    give_up,
    sign_up,
)
from handlers.actions.recording.work import Work
from handlers.showing.event_views import event_view
from handlers.showing.events import event_for, events_for
from handlers.showing.viewer import Viewer
from rules.characters import whole_number
from rules.explaining.event_words import when_line

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import is_shared, member_page
from .forms import act, ends_on, new_key, owner_only, said


@pages.get("/card/events")
@member_page
def events(viewer: Viewer) -> ResponseReturnValue:
    now = current_club().now()
    with current_club().store.read() as uow:
        shown = events_for(viewer, uow, now)
    return page(
        viewer,
        "sections/events",
        said=said(viewer),
        events=[event_view(viewer, each) for each in shown],
        shares=is_shared(viewer),
        new_key=new_key,
    )


@pages.post("/card/events/join")
@member_page
@owner_only("card.events")
def event_join(viewer: Viewer) -> ResponseReturnValue:
    wish = Wish(viewer.member.id, _number("event"), _number("n"), "card")
    return _ends(lambda work: sign_up(work, wish))


@pages.post("/card/events/offer")
@member_page
@owner_only("card.events")
def event_offer(viewer: Viewer) -> ResponseReturnValue:
    wanted = request.form.get("yes") == "1"
    answer = OfferAnswer(viewer.member.id, _number("event"), _number("no"), wanted)
    return _ends(lambda work: answer_offer(work, answer))


@pages.post("/card/events/leave")
@member_page
@owner_only("card.events")
def event_leave(viewer: Viewer) -> ResponseReturnValue:
    """Asked about once, then given up."""
    event_id = _number("event")
    if "yes" in request.form:
        return _ends(lambda work: give_up(work, viewer.member.id, event_id))
    with current_club().store.read() as uow:
        found = event_for(viewer, uow, event_id, current_club().now())
    if found is None or found.held is None:
        return ends_on("card.events", "event_none", "")
    words = viewer.words
    return page(
        viewer,
        "sections/sure",
        title=words.say("chat.events.ask_title"),
        body=words.say(
            "chat.events.ask_body",
            event=found.stored.event.title.in_(viewer.lang),
            when=when_line(words, found.held),
        ),
        action="card.event_leave",
        sent={"event": str(event_id), "yes": "1", "key": new_key()},
        button="chat.button.event_give_up_yes",
        back="card.events",
    )


def _number(name: str) -> int:
    """A number of the form, as a database can hold it; 0, which nothing has, for none."""
    return whole_number(request.form.get(name, ""), 9) or 0


def _ends(do: Callable[[Work], PlaceOutcome]) -> ResponseReturnValue:
    came: list[PlaceOutcome] = []

    def done(work: Work) -> str | None:
        came.append(do(work))
        return came[-1].refused

    no = act(done)
    if not came:
        return ends_on("card.events", no, "")
    return ends_on("card.events", no, f"event_{came[-1].state}", came[-1].again_at)
