"""How to earn: every way that is still open to this member, as the programme explains it."""

from bot.line.messages import Row
from rules.explain import ways_to_earn

from .. import parts
from ..context import Answer, Turn
from ..postbacks import Params


def earn(turn: Turn, _params: Params) -> Answer:
    ways = ways_to_earn(turn.programme, turn.lang, turn.facts, day=turn.day)
    message = parts.listing(
        turn,
        title=turn.say("earn.title"),
        rows=tuple(Row(left=w.name, right=w.points_label, note=w.sentence) for w in ways),
        empty=turn.say("earn.none"),
        more=turn.say("earn.more"),
        then=("points", "rewards", "referral", "card"),
    )
    return parts.said(message)
