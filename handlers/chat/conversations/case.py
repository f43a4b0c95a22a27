"""Whether what the shop did about a member's words helped: asked when a case is closed."""

from bot.store.heard.cases import CaseName
from bot.store.members import members
from handlers.actions.heard.helping import say_helped

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation, takes_all
from ..postbacks import Params, whole_number
from . import cards, unknown

QUESTION = "case"


@conversation(QUESTION, takes_text=takes_all, for_leavers=True, letter="message")
def case(turn: Turn, params: Params) -> Answer:
    """With `of` (a card's number), `n` (which of its cases) and `helped` (1 or 0): that is noted. A
    no opens the case again and asks what is missing; the text that follows belongs to it."""
    words = params.get("text", "")
    if words and turn.was_asked(QUESTION):
        turn.ask(None)
        return unknown.unknown(turn, {"text": words})
    name, helped = _named(turn, params), params.get("helped") == "1"
    if name is None or not say_helped(turn.work, name, helped=helped):
        return parts.answer_of(parts.text(turn, turn.say("case.going_on"), then=("card",)))
    if helped:
        return parts.answer_of(parts.text(turn, turn.say("case.helped"), then=("card",)))
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("case.sorry_title"),
        body=turn.say("case.sorry"),
        buttons=(parts.cancel(turn),),
    )
    return parts.answer_of(question)


def _named(turn: Turn, params: Params) -> CaseName | None:
    """The case that a tap names, if it is of a card of theirs."""
    number, owner = whole_number(params, "n"), members.by_code(
        turn.uow, "number", params.get("of", "")
    )  # fmt: skip
    if number is None or owner is None or cards.of_number(turn, params.get("of", "")) is None:
        return None
    return CaseName(owner, number)
