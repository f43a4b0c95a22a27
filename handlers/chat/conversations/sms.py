"""SMS as well: the very words that are agreed to, the number typed and shown back, and the stop."""

from typing import Final

from bot.line.messages import Button, Row
from bot.phones import e164, spoken
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone, stop_sms

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation, takes_only
from ..postbacks import Params

QUESTION = "sms"
#: How the record of a consent calls the chat.
CHANNEL: Final = "line"
#: What a telephone number is written with.
NUMBER = r"[\d\s()+./\-‐‑‒–—―−ー]+"


@conversation("sms", of_owner=True, takes_text=takes_only(NUMBER))
def sms(turn: Turn, params: Params) -> Answer:
    """`text` is a number typed, `save` one confirmed, `to` "stop"; without any of them we ask."""
    if params.get("to") == "stop":
        return _stop(turn)
    if turn.club.sms is None:
        return parts.answer_of(
            parts.text(turn, parts.refusal(turn, "sms_not_offered"), then=("topics", "card"))
        )
    given = params.get("save") or params.get("text")
    if given is None:
        return _ask(turn, turn.say("sms.ask"))
    number = e164(given, turn.programme.shop.country)
    if number is None:
        return _ask(turn, parts.refusal(turn, "phone_unknown"))
    return _save(turn, number) if "save" in params else _confirm(turn, number)


def _wording(turn: Turn) -> str:
    """What is agreed to: kept word for word."""
    return turn.say("sms.wording", sender=turn.programme.shop.legal_name)


def _ask(turn: Turn, said: str) -> Answer:
    turn.ask(QUESTION)
    question = parts.notice(
        turn,
        title=turn.say("sms.title"),
        body=f"{_wording(turn)}\n{said}",
        buttons=(parts.cancel(turn),),
    )
    return parts.answer_of(question)


def _confirm(turn: Turn, number: str) -> Answer:
    read = spoken(number, turn.programme.shop.country)
    question = parts.notice(
        turn,
        title=turn.say("sms.confirm"),
        body=_wording(turn),
        rows=(Row(left=turn.say("sms.number"), right=read),),
        buttons=(
            Button(parts.button(turn, "sms_agree", "sms", save=number)),
            parts.cancel(turn),
        ),
    )
    return parts.answer_of(question)


def _save(turn: Turn, number: str) -> Answer:
    turn.ask(None)
    consent = SmsConsent(turn.at, CHANNEL, _wording(turn))
    agreed = agree_by_phone(turn.work, turn.member.id, number, consent)
    said = turn.say("sms.saved" if agreed else "sms.stopped_since")
    return parts.answer_of(parts.text(turn, said, then=("topics", "card")))


def _stop(turn: Turn) -> Answer:
    turn.ask(None)
    stopped = stop_sms(turn.work, turn.member.id, channel=CHANNEL, at=turn.at)
    said = turn.say("sms.stopped" if stopped else "sms.none")
    return parts.answer_of(parts.text(turn, said, then=("topics", "card")))
