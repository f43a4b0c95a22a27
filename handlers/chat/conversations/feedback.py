"""Feedback and complaints: asked for, then the next text is it. What it says changes no points."""

from bot.line.messages import Button
from handlers.actions.heard.feedback import give_feedback

from .. import intents, parts
from ..context import Answer, Turn
from ..conversation import conversation, takes_all
from ..letters import letter_key
from ..postbacks import Params

#: They are called by these in the texts, too.
FEEDBACK, COMPLAINT, IDEA = "feedback", "complaint", "idea"


@conversation(FEEDBACK, takes_text=takes_all, is_talk=True, for_leavers=True, letter="feedback")
def feedback(turn: Turn, params: Params) -> Answer:
    """「クレーム」 alone, as an answer, is no opinion yet: it asks for the other question."""
    named = intents.whole(params.get("text", ""))
    if named and named.intent == COMPLAINT:
        return _hear(turn, {}, COMPLAINT)
    return _hear(turn, params, FEEDBACK)


@conversation(COMPLAINT, takes_text=takes_all, is_talk=True, for_leavers=True, letter="feedback")
def complaint(turn: Turn, params: Params) -> Answer:
    """「クレーム」: said sorry for, and read first; it earns what any feedback does."""
    return _hear(turn, params, COMPLAINT)


@conversation(IDEA, takes_text=takes_all, is_talk=True, for_leavers=True, letter="feedback")
def idea(turn: Turn, params: Params) -> Answer:
    """A suggestion: it stands among those that the shop decides on, and says what came of."""
    return _hear(turn, params, IDEA)


def _hear(turn: Turn, params: Params, kind: str) -> Answer:
    words = params.get("text", "").strip()
    if words and turn.was_asked(kind) and turn.message_id:
        return _take(turn, words, turn.message_id, kind)
    turn.ask(kind)
    others = (IDEA, COMPLAINT) if kind == FEEDBACK else ()
    amiss = tuple(Button(parts.button(turn, each, each), "secondary") for each in others)
    question = parts.notice(
        turn,
        title=turn.say(f"{kind}.title"),
        body=turn.say(f"{kind}.ask"),
        buttons=(*amiss, parts.cancel(turn)),
    )
    return parts.answer_of(question)


def _take(turn: Turn, words: str, message_id: str, kind: str) -> Answer:
    turn.ask(None)
    outcome = give_feedback(
        turn.work.under(letter_key(message_id, "feedback")),
        turn.member.id,
        turn.wrote(words),
        complaint=kind == COMPLAINT,
        suggests=kind == IDEA,
    )
    thanks = parts.notice(
        turn,
        title=turn.say(f"{kind}.thanks_title"),
        body=turn.say(f"{kind}.thanks"),
        big=f"+{outcome.points:,}" if outcome.points else "",
        big_caption=turn.say("total", total=turn.amount(outcome.balance)) if outcome.points else "",
        then=("adopted_ideas", "card") if kind == IDEA else ("card", "points"),
    )
    return parts.answer_of(thanks, must_reach=bool(outcome.points))
