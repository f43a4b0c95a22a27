"""「皆さまの声から」: what members suggested and the shop adopted."""

from bot.line.messages import Row
from bot.store.heard import suggestions

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

#: As many as a message shows well.
_SHOWN = 8


@conversation("adopted_ideas", for_leavers=True)
def adopted_ideas(turn: Turn, _params: Params) -> Answer:
    found = suggestions.shown(turn.uow, limit=_SHOWN)
    if not found:
        none = parts.text(turn, turn.say("adopted_ideas.none"), then=("idea", "card"))
        return parts.answer_of(none)
    listing = parts.listing(
        turn,
        title=turn.say("adopted_ideas.title"),
        subtitle=turn.say("adopted_ideas.about"),
        rows=tuple(Row(left=each.title, note=each.word) for each in found),
        then=("idea", "card"),
    )
    return parts.answer_of(listing)
