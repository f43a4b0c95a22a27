"""A card from before, found by its telephone number: who has the telephone is sent its code by SMS.

The chat says the same whether or not a card is known by the number: nobody learns it who hasn't the
telephone in their hand.
"""

from bot.phones import e164
from handlers.actions.members import one_time_codes
from handlers.actions.members.link import SHOWN, codes_for
from handlers.actions.telling.messages import text_card_code
from rules.base import Refusal

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation, takes_only
from ..postbacks import Params
from .link import link
from .sms import NUMBER

QUESTION = "old_card"
_is_number = takes_only(NUMBER)


def _answers(text: str) -> bool:
    return _is_number(text) or bool(one_time_codes.plain(text))


@conversation(QUESTION, takes_text=_answers)
def old_card(turn: Turn, params: Params) -> Answer:
    """`text` is the number, or the code that came by SMS; without it we ask."""
    if turn.club.sms is None:
        said = turn.say("old_card.at_counter")
        return parts.answer_of(parts.text(turn, said, then=("card", "profile")))
    given = params.get("text")
    if given is None:
        return _ask(turn, turn.say("old_card.ask"))
    if one_time_codes.plain(given):
        return link(turn, {"code": given})
    number = e164(given, turn.programme.shop.country)
    if number is None:
        return _ask(turn, parts.refusal(turn, "phone_unknown"))
    return _send(turn, number)


def _ask(turn: Turn, said: str) -> Answer:
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("old_card.title"),
        body=said,
        buttons=(parts.cancel(turn),),
    )
    return parts.answer_of(question)


def _send(turn: Turn, number: str) -> Answer:
    codes = codes_for(turn.work, turn.member.id, number)
    if isinstance(codes, Refusal):
        turn.ask(None)
        said = parts.refusal(turn, codes.code)
        return parts.answer_of(parts.text(turn, said, then=("card", "profile")))
    for each in codes:
        text_card_code(turn.work, each)
    # What comes next may be the code as it stands in the SMS.
    turn.ask(QUESTION)
    sent = parts.notice(
        turn,
        title=turn.say("old_card.sent_title"),
        body=turn.say("old_card.sent", minutes=SHOWN.seconds // 60),
        note=turn.say("old_card.none"),
        then=("card",),
    )
    return parts.answer_of(sent)
