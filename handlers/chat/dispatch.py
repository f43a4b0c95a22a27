"""From an event to its conversation."""

from dataclasses import replace
from datetime import datetime

from bot.line.events import (
    BeaconEvent,
    Event,
    Follow,
    Ignored,
    Location,
    Media,
    MembershipEvent,
    MessageEdited,
    Postback,
    Sticker,
    Text,
)
from bot.store.heard import reviews, surveys
from bot.store.members import changes
from bot.store.messages import webhook_events
from handlers.actions.broadcasts.tapping import note_tap
from handlers.actions.heard import asking, reviewing
from handlers.actions.heard.hearing import take_back
from handlers.actions.recording.work import Work
from handlers.showing.broadcast_links import VIA, read_via

from . import intents, letters, parts, postbacks
from .context import SILENCE, Answer, Turn
from .conversation import SHARED
from .conversations import CONVERSATIONS, LETTERS, TAPPED, card_back, membership, unknown
from .intents import IntentMatch

_NOTHING = IntentMatch("")
#: Who asks for one of these looks at what the club has for them.
LOOKS = frozenset(
    {"card", "points", "rewards", "rank", "badges", "earn", "history", "recap", "today", "help"}
)


def answer(turn: Turn, event: Event) -> Answer:
    """What the member hears to this event, everything it changes done."""
    ask = intent_of(turn, event)
    if not ask.intent:
        return SILENCE
    if tapped := read_via(ask.params.get(VIA, "")):
        note_tap(turn.work, *tapped)
    conversation = CONVERSATIONS[ask.intent]
    if conversation.letter and letters.was_unsent(turn):
        return SILENCE
    if turn.account.awaiting and turn.account.awaiting != ask.intent:
        turn.ask(None)
    if turn.facts.membership == "left" and not conversation.for_leavers:
        return SILENCE if isinstance(event, BeaconEvent) else membership.offer_to_return(turn)
    if conversation.of_owner and turn.shares:
        no = parts.refusal(turn, SHARED)
        return parts.answer_of(parts.text(turn, no, then=("card", "my_data")))
    said = conversation(turn, ask.params)
    is_first = turn.account.looked_at is None and ask.intent in LOOKS
    return replace(said, first_look=True) if is_first else said


def intent_of(turn: Turn, event: Event) -> IntentMatch:
    """Which conversation the event belongs to; the empty intent for none."""
    match event:
        case Follow():
            return IntentMatch("again")
        case MessageEdited(text=text):
            return _intent_of_edit(turn, text)
        case Text(text=text):
            return _intent_of_text(turn, text)
        case Postback(data=data, params=picked):
            return _intent_of_tap(turn, data, picked.get("date"))
        case Sticker():
            return IntentMatch("sticker")
        case Media(kind=kind, starts_set=starts_set):
            return IntentMatch("media", {"kind": kind}) if starts_set else _NOTHING
        case Location():
            return IntentMatch("place")
        case _:
            return _intent_of_others(event)


def _intent_of_others(event: Event) -> IntentMatch:
    """Of what nobody wrote or tapped."""
    match event:
        case BeaconEvent(kind="enter", hwid=hwid):
            return IntentMatch("beacon", {"hwid": hwid})
        case MembershipEvent(kind=told, membership_id=int(plan)):
            return IntentMatch("line_membership", {"told": told, "plan": str(plan)})
        case Ignored(kind=kind) if kind.startswith("message/"):
            return IntentMatch("media", {"kind": "something"})
        case _:
            return _NOTHING


def _intent_of_edit(turn: Turn, text: str) -> IntentMatch:
    """What had the words of a review that stands, answered a question or was passed on stays that,
    but for what asks for something of ours by now."""
    message = turn.message_id or ""
    if reviews.by_key(turn.uow, letters.letter_key(message, "review")) is not None:
        return IntentMatch("review_edited", {"text": text})
    if surveys.by_key(turn.uow, letters.letter_key(message, "answer")) is not None:
        return IntentMatch("answer_edited", {"text": text})
    ask = _intent_of_text(turn, text)
    if CONVERSATIONS[ask.intent].letter and letters.known(turn) is not None:
        return IntentMatch(unknown.EDITED, {"text": text})
    return ask


def _intent_of_text(turn: Turn, text: str) -> IntentMatch:
    if ask := intents.codes(text):
        return ask
    its = turn.programme.circle
    wish = intents.in_our_words(text, turn.programme.points.name, its.name if its else None)
    ask = intents.whole(wish)
    if turn.account.is_asked(turn.now) and intents.is_no(text):
        return IntentMatch("cancel")
    if (ask is None or CONVERSATIONS[ask.intent].is_talk) and (
        question := _open_question(turn, text)
    ):
        return IntentMatch(question, {"text": text})
    if ask is None and intents.is_birthday(text, turn.day):
        return IntentMatch("birthday", {"text": text})
    ask = ask or _of_a_branch(turn, wish) or intents.near(wish)
    if ask is None or not CONVERSATIONS[ask.intent].knows(turn, ask.params):
        return IntentMatch(unknown.INTENT, {"text": text})
    return ask


def _of_a_branch(turn: Turn, text: str) -> IntentMatch | None:
    """What is asked about a branch by its name: 「駅前店の営業時間」."""
    ask = intents.of_branch(text, turn.programme.stores)
    return ask if ask and CONVERSATIONS[ask.intent].of_branch else None


def _open_question(turn: Turn, text: str) -> str | None:
    """The conversation that asked something which this text answers."""
    asked = CONVERSATIONS.get(turn.account.awaiting or "")
    is_open = asked is not None and asked.takes_text(text) and turn.was_asked(asked.intent)
    return turn.account.awaiting if is_open else None


def _intent_of_tap(turn: Turn, data: str, picked: str | None) -> IntentMatch:
    intent, params = postbacks.read(data)
    if intent not in TAPPED or not TAPPED[intent].knows(turn, params):
        return IntentMatch("stale")
    return IntentMatch(intent, {**params, "date": picked} if picked else params)


def was_erased(event: Event) -> bool:
    """Whether it is a second tap on "erase": whoever taps it must not be joined anew."""
    return isinstance(event, Postback) and postbacks.read(event.data)[0] == "erase"


def card_back_token(event: Event) -> str | None:
    """What a tap on "undo this" says, below the message that a card was moved; None for another."""
    intent, params = postbacks.read(event.data) if isinstance(event, Postback) else ("", {})
    return params.get("of", "") if intent == card_back.INTENT else None


def unsend(work: Work, user_id: str, message_id: str, *, at: datetime) -> None:
    """Lets go of what a member took back, here and in the staff's inbox; should the message itself
    come later, nobody reads it either."""
    changes.newest(work.uow, letters.subject(work, message_id), letters.UNSENT, at=at)
    for kind in LETTERS:
        take_back(work, letters.letter_key(message_id, kind))
    reviewing.withdraw_unsent(work, letters.letter_key(message_id, "review"))
    asking.take_back_answer(work, letters.letter_key(message_id, "answer"))
    webhook_events.forget_bodies(work.uow, user_id=user_id)
