"""The words about the inner circle; whom a step up the ladder brings a seat is asked with it."""

from collections.abc import Iterable

from bot.line.messages import notice_message
from bot.store import UnitOfWork
from bot.store.events import seats
from handlers.actions.telling.circle_messages import SayCircleInvite
from handlers.actions.telling.messages import SayRank, SayReached
from handlers.showing.circle_views import invitation
from handlers.showing.viewer import Viewer
from rules.events.circle import CircleSeat, is_asked_now

from .journey_wording import WordedMessage


def seats_at_hand(uow: UnitOfWork, said: Iterable[tuple[int, object]]) -> dict[int, CircleSeat]:
    """How those stand who are told of a step up, or asked in."""
    ids = {m for m, say in said if isinstance(say, SayRank | SayReached | SayCircleInvite)}
    return seats.of_members(uow, ids) if ids else {}


def with_question(
    worded: WordedMessage | None, reader: Viewer, seat: CircleSeat | None, before: str | None
) -> WordedMessage | None:
    """The message of a step up from `before`, and below it the question whether they come in, where
    it is the step that brings it."""
    rank = reader.facts.rank.id
    if worded is None or not is_asked_now(reader.programme, before, rank, seat):
        return worded
    asked = invitation(reader)
    return WordedMessage([*worded.messages, notice_message(asked)]) if asked else worded


def asked_in(reader: Viewer, seat: CircleSeat | None) -> WordedMessage | None:
    """The question by itself; None for whom it isn't open to any more."""
    view = invitation(reader) if seat is not None and seat.state == "invited" else None
    return WordedMessage([notice_message(view)]) if view else None
