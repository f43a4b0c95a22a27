"""How the inner circle is shown to a member: the question whether they come in, and what is held
of their seat."""

from datetime import datetime
from typing import Any

from bot.line.actions import PostbackAction
from bot.line.views import Button, NoticeMessage
from bot.store import UnitOfWork
from bot.store.events import trial_parts, trials
from rules.events.circle import CircleSeat, brings_seat

from .viewer import Viewer


def circle_name(viewer: Viewer) -> str:
    """What the shop calls it; our word for it where there is none any more."""
    its = viewer.programme.circle
    return viewer.words.name(its.name) if its else viewer.words.say("seat.plain")


def way_in(viewer: Viewer) -> str:
    """How one comes to be asked: by a rank, or by the shop alone."""
    ladder = viewer.programme.ranks
    steps = ladder.steps if ladder else ()
    first = next((each for each in steps if brings_seat(viewer.programme, each.id)), None)
    if first is None:
        return viewer.words.say("chat.circle.by_word")
    return viewer.words.say("chat.circle.by_rank", rank=viewer.words.name(first.name))


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


def seat_data(uow: UnitOfWork, viewer: Viewer, seat: CircleSeat) -> dict[str, Any]:
    """All that is held of it, and of what they took part in."""
    mine = trial_parts.of_member(uow, seat.member_id)
    known = trials.many(uow, {each.trial_id for each in mine})
    return {
        "state": seat.state,
        "since": seat.at.isoformat(),
        "by": seat.via,
        "asked_for": seat.ground,
        "invited_at": _iso(seat.invited_at),
        "joined_at": _iso(seat.joined_at),
        "trials": [
            {
                "title": known[each.trial_id].trial.title.in_(viewer.lang),
                "sample_taken_at": _iso(each.sampled_at),
                "sample_fetched_at": _iso(each.fetched_at),
                "asked_at": _iso(each.asked_at),
                "told_at": _iso(each.told_at),
                "vote": choice.name.in_(viewer.lang) if choice else None,
                "voted_at": _iso(each.voted_at),
            }
            for each in mine
            for choice in (known[each.trial_id].trial.choice(each.choice),)
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
