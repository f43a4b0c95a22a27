"""How the inner circle is shown to a member: the question whether they come in, and what is held
of their seat."""

from typing import Any

from bot.line.actions import PostbackAction
from bot.line.views import Button, NoticeMessage
from rules.events.circle import CircleSeat

from .viewer import Viewer


def circle_name(viewer: Viewer) -> str:
    """What the shop calls it; our word for it where there is none any more."""
    its = viewer.programme.circle
    return viewer.words.name(its.name) if its else viewer.words.say("seat.plain")


def invitation(viewer: Viewer) -> NoticeMessage | None:
    """The question, with a yes and a no that one tap gives; None where there is no circle."""
    its, words = viewer.programme.circle, viewer.words
    if its is None:
        return None

    def tap(label: str, data: str) -> PostbackAction:
        said = words.say(f"chat.button.{label}")
        return PostbackAction(said, data, said)

    return NoticeMessage(
        title=words.say("seat.invitation.title", circle=circle_name(viewer)),
        body=words.name(its.about),
        note=words.say("seat.invitation.note"),
        buttons=(
            Button(tap("circle_yes", "do=circle_answer&yes=1")),
            Button(tap("circle_no", "do=circle_answer&yes=0"), "link"),
        ),
        accent=viewer.accent,
    )


def seat_data(seat: CircleSeat) -> dict[str, Any]:
    """All that is held of it."""
    return {
        "state": seat.state,
        "since": seat.at.isoformat(),
        "by": seat.via,
        "asked_for": seat.ground,
        "invited_at": seat.invited_at and seat.invited_at.isoformat(),
        "joined_at": seat.joined_at and seat.joined_at.isoformat(),
    }
