"""Leaving and coming back: said plainly, asked once, undone with one tap."""

from bot.line.messages import Button
from handlers.actions.members.membership import change_membership

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import leaving

QUESTION = "leave"


def offer_to_return(turn: Turn) -> Answer:
    """Someone who left writes again: the door is open, to whose card it is."""
    name, left = turn.name, turn.amount(turn.facts.balance)
    body = "closed_shared" if turn.shares else "closed"
    door = parts.notice(
        turn,
        title=turn.say("membership.closed_title"),
        body=turn.say(f"membership.{body}", name=name, points_left=left),
        buttons=(
            *(() if turn.shares else (Button(parts.button(turn, "resume", "resume")),)),
            Button(parts.button(turn, "my_data", "my_data"), "link"),
        ),
    )
    return parts.answer_of(door)


@conversation("leave", of_owner=True)
def leave(turn: Turn, params: Params) -> Answer:
    """退会: what it means, then on "yes" it is done. What was earned waits for a return."""
    if "yes" not in params or not turn.was_asked(QUESTION):
        turn.ask(QUESTION)
        question = parts.notice(
            turn,
            title=turn.say("membership.leave_title"),
            body=turn.say("membership.leave_body"),
            note=turn.say("membership.leave_note"),
            buttons=(
                Button(parts.button(turn, "leave_yes", "leave", yes=1), "secondary"),
                parts.no(turn, "card"),
            ),
        )
        return parts.answer_of(question)
    turn.ask(None)
    outcome = change_membership(turn.under("leave"), turn.member.id, "left", at=turn.at)
    if outcome.refused:
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, outcome.refused), then=("card",))
        )
    return leaving.goodbye(turn)


@conversation("resume", for_leavers=True, of_owner=True)
def resume(turn: Turn, _params: Params) -> Answer:
    """再開: points, rank and badges are as they were left."""
    if turn.facts.membership == "active":
        return parts.answer_of(
            parts.text(turn, turn.say("membership.active"), then=("card", "points"))
        )
    outcome = change_membership(turn.under("resume"), turn.member.id, "active", at=turn.at)
    if outcome.refused:
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, outcome.refused), then=("card",))
        )
    name = turn.name
    said = turn.say("membership.back", name=name) if name else turn.say("membership.back_nameless")
    return parts.answer_of(
        parts.text(turn.again(), said, then=("card", "points", "rank")), must_reach=True
    )
