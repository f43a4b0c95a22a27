"""Feedback: asked for, then the next text is it. What it says changes no points."""

from handlers.actions.members.feedback import give_feedback

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..letters import letter_key
from ..postbacks import Params

QUESTION = "feedback"


@conversation("feedback", takes_text=True, is_talk=True, letter="feedback")
def feedback(turn: Turn, params: Params) -> Answer:
    words = params.get("text", "").strip()
    if words and turn.was_asked(QUESTION) and turn.message_id:
        return _take(turn, words, turn.message_id)
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("feedback.title"),
        body=turn.say("feedback.ask"),
        buttons=(parts.button(turn, "cancel", "cancel"),),
    )
    return parts.answer_of(question)


def _take(turn: Turn, words: str, message_id: str) -> Answer:
    turn.ask(None)
    outcome = give_feedback(
        turn.work.under(letter_key(message_id, "feedback")),
        turn.member.id,
        turn.wrote(words),
    )
    thanks = parts.notice(
        turn,
        title=turn.say("feedback.thanks_title"),
        body=turn.say("feedback.thanks"),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)) if outcome.points else "",
        then=("card", "points"),
    )
    return parts.answer_of(thanks, must_reach=bool(outcome.points))
