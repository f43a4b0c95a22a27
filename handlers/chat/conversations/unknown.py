"""What no conversation understood: it goes to the staff, and the member hears just that."""

from typing import Final

from handlers.actions.heard.hearing import Heard, hear, hear_edited

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..letters import is_newest, known, letter_key
from ..postbacks import Params

INTENT: Final = "unknown"
EDITED: Final = "letter_edited"


@conversation(INTENT, by_tap=False, for_leavers=True, letter="message")
def unknown(turn: Turn, params: Params) -> Answer:
    """One helpful answer, not a menu of everything."""
    return _passed_on(turn, params.get("text", ""))


@conversation("media", by_tap=False, for_leavers=True, letter="message")
def media(turn: Turn, params: Params) -> Answer:
    """A picture, film, sound or file: the staff see it in LINE's own chat."""
    return _passed_on(turn, turn.say(f"unknown.kind.{params['kind']}"))


@conversation(EDITED, by_tap=False, for_leavers=True, letter="message")
def letter_edited(turn: Turn, params: Params) -> Answer:
    """A message that had been passed on was edited in the chat: so is what the staff read."""
    letter = known(turn)
    if letter is not None and is_newest(turn):
        hear_edited(turn.work, letter, turn.wrote(params["text"]))
    return _said(turn)


def _passed_on(turn: Turn, words: str) -> Answer:
    if is_newest(turn):
        key = letter_key(turn.message_id or turn.event_id, "message")
        heard = Heard(turn.member.id, turn.wrote(words), "message", "question")
        hear(turn.work.under(key), heard)
    return _said(turn)


def _said(turn: Turn) -> Answer:
    likely = "rewards" if turn.card().rewards_ready else "points"
    return parts.answer_of(parts.text(turn, turn.say("unknown.said"), then=("card", likely)))
