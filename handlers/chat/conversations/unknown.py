"""What no conversation understood: it goes to the staff, and the member hears just that."""

from typing import Final

from bot.store.messages import inbox
from handlers.actions.heard.hearing import Heard, hear

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..letters import is_newest, letter_key
from ..postbacks import Params

INTENT: Final = "unknown"


@conversation(INTENT, by_tap=False, for_leavers=True, letter="message")
def unknown(turn: Turn, params: Params) -> Answer:
    """One helpful answer, not a menu of everything."""
    return _passed_on(turn, params.get("text", ""))


@conversation("media", by_tap=False, for_leavers=True, letter="message")
def media(turn: Turn, params: Params) -> Answer:
    """A picture, film, sound or file: the staff see it in LINE's own chat."""
    return _passed_on(turn, turn.say(f"unknown.kind.{params['kind']}"))


def _passed_on(turn: Turn, words: str) -> Answer:
    if is_newest(turn):
        key = letter_key(turn.message_id or turn.event_id, "message")
        # An edited message comes with the id of the first one, which it replaces.
        inbox.remove_message(turn.uow, key=key)
        heard = Heard(turn.member.id, turn.wrote(words), "message", "question")
        hear(turn.work.under(key), heard)
    likely = "rewards" if turn.card().rewards_ready else "points"
    return parts.answer_of(parts.text(turn, turn.say("unknown.said"), then=("card", likely)))
