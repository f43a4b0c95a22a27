"""What I get sent: each topic on or off, or all at once."""

from collections.abc import Iterable

from bot.line.messages import Button, Row
from bot.store.members import consents
from handlers.actions.members.profile import TopicChoice, choose_topic
from handlers.actions.members.sms_consent import stop_sms
from rules.sending.policy import TOPICS, Topic

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from . import newsletter
from .sms import CHANNEL


@conversation("topics")
def topics(turn: Turn, params: Params) -> Answer:
    """The list; with `topic` and `on` (1 or 0) after the change. `to` is "none" for stopping all,
    SMS too, and "these" for taking up again those of `list`."""
    topic = next((known for known in _topics(turn) if known == params.get("topic")), None)
    wanted = {"1": True, "0": False}.get(params.get("on", ""))
    match params.get("to"):
        case "none":
            return _stop_all(turn)
        case "these":
            these = set(params.get("list", "").split(","))
            turn = _chosen(turn, [each for each in _topics(turn) if each in these], wanted=True)
            return _list(turn, turn.say("topics.back"))
    if topic is None or wanted is None:
        return _list(turn)
    turn = _chosen(turn, [topic], wanted=wanted)
    name, is_on = turn.say(f"topics.name.{topic}"), _is_on(turn, topic)
    return _list(turn, turn.say("topics.on_now" if is_on else "topics.off_now", topic=name))


def _stop_all(turn: Turn) -> Answer:
    were_on = [topic for topic in _topics(turn) if _is_on(turn, topic)]
    sms = _has_sms(turn) and stop_sms(turn.work, turn.member.id, channel=CHANNEL, at=turn.at)
    turn = _chosen(turn, were_on, wanted=False)
    back = parts.button(turn, "topics_back", "topics", to="these", list=",".join(were_on))
    said = turn.say("topics.none_sms" if sms else "topics.none")
    return _list(turn, said, Button(back, "secondary") if were_on else None)


def _chosen(turn: Turn, chosen: Iterable[Topic], *, wanted: bool) -> Turn:
    """The turn with those topics on, or off."""
    for topic in chosen:
        if topic == "newsletter" and turn.programme.newsletter:
            newsletter.choose(turn, turn.programme.newsletter, wanted=wanted)
            continue
        choose_topic(turn.work, turn.member.id, TopicChoice(topic, wanted, turn.at))
    return turn.again()


def _list(turn: Turn, said: str = "", back: Button | None = None) -> Answer:
    message = parts.listing(
        turn,
        title=turn.say("topics.title"),
        subtitle=said,
        rows=tuple(_row(turn, topic) for topic in _topics(turn)),
        hint=turn.say("topics.hint"),
        buttons=(back,) if back else (_all_at_once(turn), *_sms(turn)),
        then=("card", "profile", "my_data"),
    )
    return parts.answer_of(message)


def _all_at_once(turn: Turn) -> Button:
    """Everything stopped, or where nothing is left to stop, everything taken up again."""
    if _has_sms(turn) or any(_is_on(turn, topic) for topic in _topics(turn)):
        return Button(parts.button(turn, "topics_none", "topics", to="none"), "secondary")
    return Button(
        parts.button(turn, "topics_all", "topics", to="these", list=",".join(TOPICS)), "secondary"
    )


def _sms(turn: Turn) -> tuple[Button, ...]:
    """The door to SMS, or out of it."""
    if _has_sms(turn):
        return (Button(parts.button(turn, "sms_stop", "sms", to="stop"), "link"),)
    return (Button(parts.button(turn, "sms", "sms"), "link"),) if turn.club.sms else ()


def _has_sms(turn: Turn) -> bool:
    return consents.sms_agreed_at(turn.uow, turn.member.id) is not None


def _topics(turn: Turn) -> tuple[Topic, ...]:
    """What can be switched on and off here."""
    return (*TOPICS, "newsletter") if turn.programme.newsletter else TOPICS


def _is_on(turn: Turn, topic: Topic) -> bool:
    if topic == "newsletter":
        return consents.wants_newsletter(turn.uow, turn.member.id)
    return topic not in turn.member.topics_left


def _row(turn: Turn, topic: Topic) -> Row:
    off = not _is_on(turn, topic)
    return Row(
        left=turn.say(f"topics.name.{topic}"),
        note=turn.say(f"topics.about.{topic}"),
        right=turn.say("topics.off" if off else "topics.on"),
        action=parts.button(turn, "receive" if off else "stop", "topics", topic=topic, on=int(off)),
        muted=off,
    )
