"""「エコ」: how often this month, one's own and everybody's, and what counts."""

from bot.line.messages import Row
from handlers.showing.eco import eco_month
from rules.wording.explain_earning import rule_label, rule_sentence

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card_message_of


@conversation("eco")
def eco(turn: Turn, _params: Params) -> Answer:
    """A club without eco actions shows the card."""
    month = eco_month(turn, turn.uow)
    if month is None:
        return parts.answer_of(card_message_of(turn))
    message = parts.listing(
        turn,
        title=turn.say("eco.title"),
        subtitle="\n".join(month.lines),
        rows=tuple(
            Row(
                left=turn.words.name(rule.name),
                right=rule_label(turn.words, rule),
                note=rule_sentence(turn.words, rule),
            )
            for rule in turn.programme.earning_on("eco")
        ),
        then=("card", "history", "earn"),
    )
    return parts.answer_of(message)
