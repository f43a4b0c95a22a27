"""Help: what can be asked for, each a tap away."""

from bot.line.messages import Row
from rules.activity import Trigger
from rules.explaining.explain import ways_to_earn
from rules.programme.programme import Programme

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

#: What the rows lead to, and what a member earns points by there.
_TOPICS: dict[str, Trigger | None] = {
    "card": None,
    "points": None,
    "earn": None,
    "rewards": None,
    "rank": None,
    "badges": None,
    "history": None,
    "events": None,
    "circle": None,
    "check_in_how": "visit",
    "referral": "referral",
    "review": "review",
    "feedback": "feedback",
    "profile": "profile",
    "shop": None,
}


@conversation("help")
def guide(turn: Turn, _params: Params) -> Answer:
    ways = ways_to_earn(turn.programme, turn.lang, turn.facts, day=turn.day)
    brings = {way.on: way.points_label for way in reversed(ways)}
    message = parts.listing(
        turn,
        title=turn.say("help.title"),
        rows=tuple(
            Row(
                left=turn.say(f"button.{topic}"),
                right=brings.get(earns, "") if earns else "",
                note=turn.say(f"help.about.{topic}"),
                opens=parts.button(turn, topic, topic),
            )
            for topic, earns in _TOPICS.items()
            if _is_there(turn.programme, topic)
        ),
        hint=turn.say("help.hint"),
        then=("card", "topics", "my_data", "language"),
    )
    return parts.answer_of(message)


def _is_there(programme: Programme, topic: str) -> bool:
    """Whether the club has such a thing."""
    has = {
        "circle": programme.circle is not None,
        "rank": programme.ranks is not None,
        "badges": bool(programme.badges),
        "rewards": bool(programme.rewards),
    }
    return has.get(topic, True)
