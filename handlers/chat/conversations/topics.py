"""What I get sent: each topic on or off."""

from bot.line.messages import Row
from handlers.actions.members.profile import TopicChoice, choose_topic
from rules.sending.policy import TOPICS, Topic

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params


@conversation("topics")
def topics(turn: Turn, params: Params) -> Answer:
    """The list; with `topic` and `on` (1 or 0) after the change."""
    topic = next((known for known in TOPICS if known == params.get("topic")), None)
    wanted = {"1": True, "0": False}.get(params.get("on", ""))
    subtitle = ""
    if topic is not None and wanted is not None:
        choose_topic(turn.work, turn.member.id, TopicChoice(topic, wanted, turn.at))
        turn = turn.again()
        name, is_on = turn.say(f"topics.name.{topic}"), topic not in turn.member.topics_left
        subtitle = turn.say("topics.on_now" if is_on else "topics.off_now", topic=name)
    message = parts.listing(
        turn,
        title=turn.say("topics.title"),
        subtitle=subtitle,
        rows=tuple(_row(turn, topic) for topic in TOPICS),
        hint=turn.say("topics.hint"),
        then=("card", "profile", "my_data"),
    )
    return parts.answer_of(message)


def _row(turn: Turn, topic: Topic) -> Row:
    off = topic in turn.member.topics_left
    return Row(
        left=turn.say(f"topics.name.{topic}"),
        note=turn.say(f"topics.about.{topic}"),
        right=turn.say("topics.off" if off else "topics.on"),
        action=parts.button(turn, "receive" if off else "stop", "topics", topic=topic, on=int(off)),
        muted=off,
    )
