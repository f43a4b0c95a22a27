"""What I get sent: each topic on or off, or all at once."""

from bot.line.messages import Button, Row
from handlers.actions.newsletter.topics import (
    Subscriptions,
    TopicsChoice,
    choose_topics,
    stop_all,
    subscriptions,
)
from rules.sending.policy import TOPICS, Topic

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .sms import CHANNEL


@conversation("topics", of_owner=True)
def topics(turn: Turn, params: Params) -> Answer:
    """The list; with `topic` and `on` (1 or 0) after the change. `to` is "none" for stopping all,
    SMS too, and "these" for taking up again those of `list`."""
    there = _subscriptions(turn).topics
    topic = next((known for known in there if known == params.get("topic")), None)
    wanted = {"1": True, "0": False}.get(params.get("on", ""))
    match params.get("to"):
        case "none":
            return _stop_all(turn)
        case "these":
            these = set(params.get("list", "").split(","))
            chosen = [each for each in there if each in these]
            choose_topics(turn.work, turn.member.id, chosen, _choice(turn, wanted=True))
            return _list(turn.again(), turn.say("topics.back"))
    if topic is None or wanted is None:
        return _list(turn)
    choose_topics(turn.work, turn.member.id, [topic], _choice(turn, wanted=wanted))
    turn = turn.again()
    is_on = _subscriptions(turn).topics[topic]
    name = turn.say(f"topics.name.{topic}")
    return _list(turn, turn.say("topics.on_now" if is_on else "topics.off_now", topic=name))


def _choice(turn: Turn, *, wanted: bool) -> TopicsChoice:
    return TopicsChoice(wanted, turn.at, turn.lang, CHANNEL)


def _stop_all(turn: Turn) -> Answer:
    before = stop_all(turn.work, turn.member, _choice(turn, wanted=False))
    back = parts.button(turn, "topics_back", "topics", to="these", list=",".join(before.on))
    said = turn.say("topics.none_sms" if before.has_sms else "topics.none")
    return _list(turn.again(), said, Button(back, "secondary") if before.on else None)


def _list(turn: Turn, said: str = "", back: Button | None = None) -> Answer:
    now = _subscriptions(turn)
    message = parts.listing(
        turn,
        title=turn.say("topics.title"),
        subtitle=said,
        rows=tuple(_row(turn, topic, is_on=is_on) for topic, is_on in now.topics.items()),
        hint=turn.say("topics.hint"),
        buttons=(back,) if back else (_all_at_once(turn, now), *_sms(turn, now)),
        then=("card", "profile", "my_data"),
    )
    return parts.answer_of(message)


def _subscriptions(turn: Turn) -> Subscriptions:
    return subscriptions(turn.uow, turn.programme, turn.member)


def _all_at_once(turn: Turn, now: Subscriptions) -> Button:
    """Everything stopped, or where nothing is left to stop, everything taken up again."""
    if now.are_any:
        return Button(parts.button(turn, "topics_none", "topics", to="none"), "secondary")
    return Button(
        parts.button(turn, "topics_all", "topics", to="these", list=",".join(TOPICS)), "secondary"
    )


def _sms(turn: Turn, now: Subscriptions) -> tuple[Button, ...]:
    """The door to SMS, or out of it."""
    if now.has_sms:
        return (Button(parts.button(turn, "sms_stop", "sms", to="stop"), "link"),)
    return (Button(parts.button(turn, "sms", "sms"), "link"),) if turn.club.sms else ()


def _row(turn: Turn, topic: Topic, *, is_on: bool) -> Row:
    return Row(
        left=turn.say(f"topics.name.{topic}"),
        note=turn.say(f"topics.about.{topic}"),
        right=turn.say("topics.on" if is_on else "topics.off"),
        action=parts.button(
            turn, "stop" if is_on else "receive", "topics", topic=topic, on=int(not is_on)
        ),
        muted=not is_on,
    )
