"""Taking one's card back: one tap on what told of its having been moved or put together."""

from bot.store.members import members
from handlers.actions.counter.take_card_back import CardBack, take_card_back

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card_message_of

INTENT = "card_back"


@conversation(INTENT, for_leavers=True)
def card_back(turn: Turn, params: Params) -> Answer:
    wish = CardBack(turn.account.user_id, params.get("of", ""), turn.at)
    outcome = take_card_back(turn.under(INTENT), wish)
    if outcome.refused or outcome.member_id is None:
        no = parts.refusal(turn, outcome.refused or "back_unknown")
        return parts.answer_of(parts.text(turn, no, then=("card", "points")), must_reach=True)
    mine = members.get(turn.uow, outcome.member_id)
    if mine is None:
        raise LookupError("a card that was taken back is gone")
    return returned(turn.about(mine))


def returned(turn: Turn) -> Answer:
    """The card is back."""
    done = parts.notice(turn, title=turn.say("card_back.title"), body=turn.say("card_back.body"))
    return parts.answer_of(done, card_message_of(turn), must_reach=True)
