"""Why somebody left, asked with the goodbye: at a tap or in their own words, or not at all."""

from typing import Final

from handlers.actions.heard.survey import say_why_left
from rules.heard.topics import CaseTopic

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation, takes_all
from ..letters import letter_key
from ..postbacks import Params
from .survey import REASONS

QUESTION: Final = "leave_why"
_BACK = ("resume", "my_data")


def goodbye(turn: Turn) -> Answer:
    """They have left: a word of thanks, and the reasons to choose from."""
    said = parts.text(turn, f"{turn.say('membership.left')}\n\n{turn.say('membership.why')}")
    reasons = (parts.button(turn, f"left_{each}", QUESTION, reason=each) for each in REASONS)
    message = parts.with_quick_replies(said, (*reasons, *parts.quick(turn, *_BACK)))
    return parts.answer_of(message, must_reach=True)


@conversation(QUESTION, takes_text=takes_all, for_leavers=True, letter="survey")
def leave_why(turn: Turn, params: Params) -> Answer:
    """With `reason` (a topic): kept, and the text that follows belongs to it."""
    words = params.get("text", "").strip()
    if words and turn.was_asked(QUESTION) and turn.message_id:
        turn.ask(None)
        key = letter_key(turn.message_id, "survey")
        say_why_left(turn.work.under(key), turn.member.id, turn.wrote(words))
        return parts.answer_of(parts.text(turn, turn.say("membership.why_thanks"), then=_BACK))
    topic: CaseTopic | None = next((each for each in REASONS if each == params.get("reason")), None)
    if topic is None or turn.facts.membership != "left":
        return parts.answer_of(parts.text(turn, turn.say("membership.why_thanks"), then=_BACK))
    said = turn.wrote(turn.say(f"button.left_{topic}"))
    key = f"{turn.work.key}:left"
    say_why_left(turn.work.under(key), turn.member.id, said, topic=topic)
    turn.ask(QUESTION)
    return parts.answer_of(parts.text(turn, turn.say("membership.why_more"), then=_BACK))
