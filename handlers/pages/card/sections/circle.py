"""The inner circle on the member's page: what it is, a seat in it, giving it back, and what it
tries."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from bot.store.events import seats
from handlers.actions.events.circle import SeatAnswer, SeatOutcome, answer_seat, leave_circle
from handlers.actions.events.taking_part import PartOutcome, PartWish, take_sample, vote
from handlers.actions.recording.work import Work
from handlers.showing.circle_views import circle_name, way_in
from handlers.showing.trials import trial_view, trials_for
from handlers.showing.viewer import Viewer
from rules.characters import whole_number
from rules.events.circle import may_join

from ...current import current_club
from ..frame import page
from ..reader import pages
from ..session import is_shared, member_page
from .forms import act, ends_on, new_key, owner_only, said


@pages.get("/card/circle")
@member_page
def circle(viewer: Viewer) -> ResponseReturnValue:
    its = viewer.programme.circle
    with current_club().store.read() as uow:
        seat = seats.get(uow, viewer.member.id)
        tried = trials_for(viewer, uow, current_club().now())
    no = may_join(viewer.programme, viewer.facts.rank.id, seat)
    return page(
        viewer,
        "sections/circle",
        said=said(viewer),
        title=circle_name(viewer),
        about=viewer.words.name(its.about) if its else "",
        is_in=its is not None and seat is not None and seat.is_in,
        may_join=no is None,
        way_in=way_in(viewer) if its else "",
        trials=[trial_view(viewer, each) for each in tried],
        shares=is_shared(viewer),
        new_key=new_key,
    )


@pages.post("/card/circle/answer")
@member_page
@owner_only("card.circle")
def circle_answer(viewer: Viewer) -> ResponseReturnValue:
    answer = SeatAnswer(viewer.member.id, request.form.get("yes") == "1", "card")
    return _ends(lambda work: answer_seat(work, answer))


@pages.post("/card/circle/leave")
@member_page
@owner_only("card.circle")
def circle_leave(viewer: Viewer) -> ResponseReturnValue:
    """Asked about once, then the seat is given back."""
    if "yes" in request.form:
        return _ends(lambda work: leave_circle(work, viewer.member.id, "card"))
    say = viewer.words.say
    return page(
        viewer,
        "sections/sure",
        title=say("chat.circle.leave_title", circle=circle_name(viewer)),
        body=say("chat.circle.leave_body"),
        action="card.circle_leave",
        sent={"yes": "1", "key": new_key()},
        button="chat.button.circle_leave_yes",
        back="card.circle",
    )


@pages.post("/card/circle/sample")
@member_page
@owner_only("card.circle")
def circle_sample(viewer: Viewer) -> ResponseReturnValue:
    wish = PartWish(viewer.member.id, _number("trial"), "card")
    return _ends(lambda work: take_sample(work, wish), "trial_sampled")


@pages.post("/card/circle/vote")
@member_page
@owner_only("card.circle")
def circle_vote(viewer: Viewer) -> ResponseReturnValue:
    """Another vote takes the place of one before."""
    choice = request.form.get("choice", "")[:1]
    wish = PartWish(viewer.member.id, _number("trial"), "card", choice)
    return _ends(lambda work: vote(work, wish), "trial_voted")


def _number(name: str) -> int:
    """A number of the form, as a database can hold it; 0, which nothing has, for none."""
    return whole_number(request.form.get(name, ""), 9) or 0


def _ends(do: Callable[[Work], SeatOutcome | PartOutcome], told: str = "") -> ResponseReturnValue:
    states: list[str] = []

    def done(work: Work) -> str | None:
        outcome = do(work)
        state = outcome.state if isinstance(outcome, SeatOutcome) else ""
        states.append(told or f"circle_{state}")
        return outcome.refused

    no = act(done)
    return ends_on("card.circle", no, states[0] if states else "")
