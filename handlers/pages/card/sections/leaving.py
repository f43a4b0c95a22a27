"""The ways out: leaving, and being forgotten. Both say what becomes of the points, and ask again
before anything is done."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from handlers.actions.members.membership import change_membership, forget_account
from handlers.actions.members.membership import erase as erase_member
from handlers.actions.recording.work import Work
from handlers.showing.viewer import Viewer

from ..frame import page
from ..reader import pages
from ..session import current_session, end_session, is_shared, member_page
from .forms import act, ends_on, new_key, owner_only


@pages.get("/card/data/leave")
@member_page
@owner_only("card.data")
def leave(viewer: Viewer) -> ResponseReturnValue:
    words = viewer.words
    return page(
        viewer,
        "sections/sure",
        title=words.say("chat.membership.leave_title"),
        body=words.say("chat.membership.leave_body"),
        note=words.say("member_page.leave.points", amount=viewer.amount(viewer.facts.balance)),
        more=words.say("chat.membership.leave_note"),
        action="card.do_leave",
        sent={"key": new_key()},
        button="chat.button.leave_yes",
        back="card.data",
    )


@pages.post("/card/data/leave")
@member_page
@owner_only("card.data")
def do_leave(viewer: Viewer) -> ResponseReturnValue:
    def go(work: Work) -> str | None:
        return change_membership(work, viewer.member.id, "left", at=work.now).refused

    if no := act(go):
        return ends_on("card.data", no, "")
    return _goodbye(viewer, "chat.membership.left")


@pages.get("/card/data/erase")
@member_page
def erase(viewer: Viewer) -> ResponseReturnValue:
    return _ask_to_erase(viewer, "erase_shared" if is_shared(viewer) else "erase_first", step=1)


def _ask_to_erase(viewer: Viewer, texts: str, *, step: int) -> ResponseReturnValue:
    words, balance = viewer.words, viewer.amount(viewer.facts.balance)
    return page(
        viewer,
        "sections/sure",
        title=words.say(f"chat.my_data.{texts}_title"),
        body=words.say(f"chat.my_data.{texts}", balance=balance),
        action="card.do_erase",
        sent={"step": str(step), "key": new_key()},
        button="chat.button.erase_go_on" if step == 1 else "chat.button.erase_for_good",
        back="card.data",
        is_grave=True,
    )


@pages.post("/card/data/erase")
@member_page
def do_erase(viewer: Viewer) -> ResponseReturnValue:
    """Confirmed twice: it can't be undone. Who shares a card is forgotten alone, and it stays."""
    if request.form.get("step") != "2":
        return _ask_to_erase(viewer, "erase_really", step=2)
    session, shares = current_session(), is_shared(viewer)

    def go(work: Work) -> str | None:
        if shares and session is not None:
            forget_account(work, session.account, at=work.now)
            return None
        return erase_member(work, viewer.member.id, at=work.now).refused

    if no := act(go):
        return ends_on("card.data", no, "")
    return _goodbye(viewer, "chat.my_data.erased")


def _goodbye(viewer: Viewer, text: str) -> Response:
    """The last page: the session is over with it."""
    answer = make_response(
        render_template(
            "card/sections/goodbye.html",
            lang=viewer.lang,
            say=viewer.words.say,
            shop=viewer.shop,
            said=viewer.words.say(text),
        )
    )
    end_session(answer)
    return answer
