"""A poster's code, sent by its link: the card, and by what the member came."""

from handlers.actions.members.came_by import come_by

from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card_message_of


@conversation("came_by", by_tap=False)
def came_by(turn: Turn, params: Params) -> Answer:
    """Of whoever has just joined it is noted; to everybody else it is another way to their card."""
    come_by(turn.work, turn.member.id, params.get("code", ""), at=turn.at)
    return Answer((card_message_of(turn),))
