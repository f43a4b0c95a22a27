"""Help: what can be done here, in a few lines."""

from bot.line.messages import Row

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

_TOPICS = ("card", "points", "rank", "rewards", "check_in", "referral", "feedback", "profile")


@conversation("help")
def guide(turn: Turn, _params: Params) -> Answer:
    rows = tuple(
        Row(left=turn.say(f"help.{topic}"), note=turn.say(f"help.{topic}_how")) for topic in _TOPICS
    )
    message = parts.listing(
        turn,
        title=turn.say("help.title"),
        rows=rows,
        hint=turn.say("help.hint"),
        then=("card", "check_in_how", "my_data", "language"),
    )
    return parts.answer_of(message)
