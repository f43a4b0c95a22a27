"""From an event to its conversation."""

from datetime import datetime

from bot.line.events import (
    BeaconEvent,
    Event,
    Follow,
    Ignored,
    Location,
    Media,
    MessageEdited,
    Postback,
    Sticker,
    Text,
)
from bot.store.members import changes
from bot.store.messages import inbox, webhook_events
from handlers.actions.recording.work import Work

from . import intents, letters, postbacks
from .context import SILENCE, Answer, Turn
from .conversations import CONVERSATIONS, TAPPED, membership, unknown
from .intents import IntentMatch

_NOTHING = IntentMatch("")
#: Commands as short as these may well be the words that we asked for.
_TALK = frozenset({"hello", "thanks", "okay", "sticker", "feedback"})
#: Questions of ours that a typed text answers.
_TYPED_ANSWERS = ("feedback", "survey", "birthday", "sms")


def answer(turn: Turn, event: Event) -> Answer:
    """What the member hears to this event, everything it changes done."""
    ask = intent_of(turn, event)
    if not ask.intent or (ask.intent in letters.INTENTS and letters.was_unsent(turn)):
        return SILENCE
    if turn.account.awaiting and turn.account.awaiting != ask.intent:
        turn.ask(None)
    if turn.facts.membership == "left" and ask.intent not in membership.OPEN_TO_LEAVERS:
        return SILENCE if isinstance(event, BeaconEvent) else membership.offer_to_return(turn)
    return CONVERSATIONS[ask.intent](turn, ask.params)


def intent_of(turn: Turn, event: Event) -> IntentMatch:
    """Which conversation the event belongs to; the empty intent for none."""
    match event:
        case Follow():
            return IntentMatch("again")
        case Text(text=text) | MessageEdited(text=text):
            return _intent_of_text(turn, text)
        case Postback(data=data, params=picked):
            return _intent_of_tap(data, picked.get("date"))
        case Sticker():
            return IntentMatch("sticker")
        case Media(kind=kind, starts_set=starts_set):
            return IntentMatch("media", {"kind": kind}) if starts_set else _NOTHING
        case Location():
            return IntentMatch("place")
        case BeaconEvent(kind="enter", hwid=hwid):
            return IntentMatch("beacon", {"hwid": hwid})
        case Ignored(kind=kind) if kind.startswith("message/"):
            return IntentMatch("media", {"kind": "something"})
        case _:
            return _NOTHING


def _intent_of_text(turn: Turn, text: str) -> IntentMatch:
    if ask := intents.codes(text):
        return ask
    ask = intents.whole(text)
    for question in _TYPED_ANSWERS:
        if turn.was_asked(question) and (ask is None or ask.intent in _TALK):
            return IntentMatch(question, {"text": text})
    if ask is None and intents.is_birthday(text, turn.day):
        return IntentMatch("birthday", {"text": text})
    return ask or intents.near(text) or IntentMatch(unknown.INTENT, {"text": text})


def _intent_of_tap(data: str, picked: str | None) -> IntentMatch:
    intent, params = postbacks.read(data)
    if intent not in TAPPED:
        return IntentMatch("stale")
    return IntentMatch(intent, {**params, "date": picked} if picked else params)


def was_erased(event: Event) -> bool:
    """Whether it is a second tap on "erase": joining that person anew would be a bad joke."""
    return isinstance(event, Postback) and postbacks.read(event.data)[0] == "erase"


def unsend(work: Work, user_id: str, message_id: str, *, at: datetime) -> None:
    """Lets go of what a member took back, here and in the staff's inbox; should the message itself
    come later, nobody reads it either."""
    changes.newest(work.uow, letters.subject(work, message_id), letters.UNSENT, at=at)
    for kind in letters.KINDS:
        inbox.remove_message(work.uow, key=letters.letter_key(message_id, kind))
    webhook_events.forget_bodies(work.uow, user_id=user_id)
