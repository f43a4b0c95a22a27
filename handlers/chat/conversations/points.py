"""Points: how many, and which of them go when."""

from bot.line.messages import Row
from handlers.actions.telling.warnings import note_shown
from handlers.showing.point_views import points_view
from rules.wording.texts import show

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("points")
def points(turn: Turn, _params: Params) -> Answer:
    lots = turn.lots()
    view = points_view(turn, lots)
    note_shown(turn.work, turn.member, lots)
    message = parts.listing(
        turn,
        title=turn.say("points.title"),
        big=show(turn.lang, turn.facts.balance),
        big_caption=turn.say("points.caption"),
        rows=tuple(Row(left=part.until, right=part.amount) for part in view.going),
        empty=view.empty,
        more=turn.say("points.later"),
        hint=view.hint,
        then=("rewards", "earn", "history", "card"),
    )
    return parts.answer_of(message)
