"""LINE's webhook: is it from LINE, which events does it carry, and what does each of them say.

Every event is taken apart on its own, field by field, so that an odd one hurts nobody else. The
SDK's event models are not used: they refuse events that LINE's own documentation shows (a text
without a quote token, a follow without `follow`), and what a newer platform leaves out or adds must
not cost a member their answer.
"""

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, TypedDict

from ..errors import KayoiError
from . import limits
from .event_types import (
    AccountLink,
    BeaconEvent,
    Event,
    Follow,
    GroupEvent,
    Ignored,
    Location,
    Media,
    MembershipEvent,
    MessageEdited,
    Postback,
    Sticker,
    Text,
    Unfollow,
    Unsend,
)

__all__ = [
    "AccountLink",
    "BeaconEvent",
    "Event",
    "Follow",
    "GroupEvent",
    "Ignored",
    "Location",
    "MalformedBody",
    "Media",
    "MembershipEvent",
    "MessageEdited",
    "Postback",
    "RawEvent",
    "Sticker",
    "Text",
    "Unfollow",
    "Unsend",
    "parse",
    "signature_is_valid",
    "split",
]

Json = Mapping[str, Any]


class MalformedBody(KayoiError):
    """The body is not a JSON object with a list of events."""


def signature_is_valid(secret: str, body: bytes, signature: str | None) -> bool:
    """Whether `signature` (the header X-Line-Signature) is LINE's over the raw `body`.

    base64 of HMAC-SHA256 with the channel secret ("Verify webhook signature"), compared in
    constant time. A missing header or an empty secret is never valid.
    """
    if not signature or not secret:
        return False
    expected = base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One event as it is stored: what tells it apart and when it came, and its JSON."""

    #: LINE's webhookEventId, or "sha256:" and a digest of the event where it has none (the same
    #: for a redelivery).
    event_id: str
    user_id: str | None
    source_type: str | None
    occurred_at: datetime | None
    #: ASCII, whatever the event holds.
    body: str


def split(body: bytes) -> list[RawEvent]:
    """The events of a webhook's body, in LINE's order; whatever stands in the list becomes one.

    MalformedBody if it isn't a JSON object with a list "events", or is nested hundreds deep.
    """
    try:
        webhook = _DECODER.decode(body.decode())
        events = webhook.get("events") if isinstance(webhook, dict) else None
        if not isinstance(events, list):
            raise MalformedBody("no list of events")
        return [_raw(event) for event in events]
    except (ValueError, RecursionError) as problem:
        raise MalformedBody(str(problem)) from problem


def _raw(event: object) -> RawEvent:
    fields = _object(event)
    source = _object(fields.get("source"))
    return RawEvent(
        event_id=_identifier(fields.get("webhookEventId")) or _digest(event),
        user_id=_identifier(source.get("userId")),
        source_type=_identifier(source.get("type")),
        occurred_at=_instant(fields.get("timestamp")),
        body=_ENCODER.encode(event),
    )


class _Common(TypedDict):
    event_id: str
    user_id: str | None
    occurred_at: datetime | None
    reply_token: str | None
    mark_as_read_token: str | None
    standby: bool
    is_redelivery: bool


class _Malformed(KayoiError):
    """A field without which the event says nothing."""


def parse(body: str) -> Event:
    """What one stored event (`RawEvent.body`) says. Never raises: what isn't understood is Ignored.

    Texts lose control characters and half emojis, which no database and no message could hold.
    """
    try:
        decoded = _DECODER.decode(body)
        common = _common(_object(decoded), decoded)
    except (ValueError, RecursionError):
        decoded, common = None, _common({}, None)
    event = _object(decoded)
    kind = _text(event.get("type"))
    source_type = _text(_object(event.get("source")).get("type"))
    if source_type in ("group", "room"):
        return GroupEvent(**common, kind=kind, mentions_bot=_mentions_bot(event))
    if source_type not in ("", "user"):
        return Ignored(**common, kind=kind, malformed=False)
    read = _READERS.get(kind)
    if read is None:
        return Ignored(**common, kind=kind, malformed=not kind)
    try:
        return read(common, event)
    except _Malformed:
        return Ignored(**common, kind=kind, malformed=True)


def _common(event: Json, decoded: object) -> _Common:
    standby = event.get("mode") == "standby"
    return {
        "event_id": _identifier(event.get("webhookEventId")) or _digest(decoded),
        "user_id": _identifier(_object(event.get("source")).get("userId")),
        "occurred_at": _instant(event.get("timestamp")),
        "reply_token": None if standby else _identifier(event.get("replyToken")),
        "mark_as_read_token": _identifier(_object(event.get("message")).get("markAsReadToken")),
        "standby": standby,
        "is_redelivery": _object(event.get("deliveryContext")).get("isRedelivery") is True,
    }


def _follow(common: _Common, event: Json) -> Event:
    return Follow(**common, is_unblocked=_object(event.get("follow")).get("isUnblocked") is True)


def _unfollow(common: _Common, _event: Json) -> Event:
    return Unfollow(**common)


def _message(common: _Common, event: Json) -> Event:
    message = _object(event.get("message"))
    kind = _required(message.get("type"))
    read = _MESSAGE_READERS.get(kind)
    if read is None:
        return Ignored(**common, kind=f"message/{kind}", malformed=False)
    return read(common, message)


def _text_message(common: _Common, message: Json) -> Event:
    if not isinstance(message.get("text"), str):
        raise _Malformed
    return Text(
        **common,
        text=_text(message["text"]),
        message_id=_required(message.get("id")),
        quote_token=_identifier(message.get("quoteToken")),
        quoted_message_id=_identifier(message.get("quotedMessageId")),
    )


def _sticker(common: _Common, message: Json) -> Event:
    keywords = message.get("keywords")
    return Sticker(
        **common,
        message_id=_required(message.get("id")),
        keywords=tuple(filter(None, map(_text, keywords))) if isinstance(keywords, list) else (),
        text=_text(message.get("text")),
    )


def _media(kind: Literal["image", "video", "audio", "file"]) -> "_Reader":
    def read(common: _Common, message: Json) -> Event:
        index = _object(message.get("imageSet")).get("index", 1)
        return Media(
            **common, kind=kind, message_id=_required(message.get("id")), starts_set=index == 1
        )

    return read


def _location(common: _Common, message: Json) -> Event:
    return Location(**common, message_id=_required(message.get("id")))


def _postback(common: _Common, event: Json) -> Event:
    postback = _object(event.get("postback"))
    params = _object(postback.get("params"))
    return Postback(
        **common,
        data=_required(postback.get("data")),
        params={_text(k): _text(v) for k, v in params.items() if isinstance(v, str)},
    )


def _beacon(common: _Common, event: Json) -> Event:
    beacon = _object(event.get("beacon"))
    hwid = _required(beacon.get("hwid")).lower()
    match beacon.get("type"):
        case "enter" | "banner" | "stay" as kind:
            return BeaconEvent(**common, kind=kind, hwid=hwid)
        case other:
            return Ignored(**common, kind=f"beacon/{_required(other)}", malformed=False)


def _account_link(common: _Common, event: Json) -> Event:
    link = _object(event.get("link"))
    succeeded = _required(link.get("result")) == "ok"
    return AccountLink(**common, succeeded=succeeded, nonce=_text(link.get("nonce")))


def _unsend(common: _Common, event: Json) -> Event:
    message_id = _required(_object(event.get("unsend")).get("messageId"))
    return Unsend(**common, message_id=message_id)


def _message_edited(common: _Common, event: Json) -> Event:
    message = _object(event.get("message"))
    message_id = _required(message.get("id"))
    return MessageEdited(**common, message_id=message_id, text=_text(message.get("text")))


def _membership(common: _Common, event: Json) -> Event:
    membership = _object(event.get("membership"))
    membership_id = membership.get("membershipId")
    match membership.get("type"):
        case "joined" | "left" | "renewed" as kind:
            number = membership_id if type(membership_id) is int else None
            return MembershipEvent(**common, kind=kind, membership_id=number)
        case other:
            return Ignored(**common, kind=f"membership/{_required(other)}", malformed=False)


_Reader = Callable[[_Common, Json], Event]
_READERS: Final[dict[str, _Reader]] = {
    "message": _message,
    "messageEdited": _message_edited,
    "unsend": _unsend,
    "follow": _follow,
    "unfollow": _unfollow,
    "postback": _postback,
    "beacon": _beacon,
    "accountLink": _account_link,
    "membership": _membership,
}
_MESSAGE_READERS: Final[dict[str, _Reader]] = {
    "text": _text_message,
    "sticker": _sticker,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "file": _media("file"),
    "location": _location,
}


def _mentions_bot(event: Json) -> bool:
    mention = _object(_object(event.get("message")).get("mention"))
    mentionees = mention.get("mentionees")
    if not isinstance(mentionees, list):
        return False
    return any(_object(mentionee).get("isSelf") is True for mentionee in mentionees)


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return limits.clean(value) if isinstance(value, str) else ""


def _required(value: object) -> str:
    text = _text(value)
    if not text:
        raise _Malformed
    return text


_IDENTIFIER_MAX = 255


def _identifier(value: object) -> str | None:
    """A token of LINE's (ids, reply tokens), or None for what cannot be one."""
    if (
        isinstance(value, str)
        and 0 < len(value) <= _IDENTIFIER_MAX
        and value.isascii()
        and value.isprintable()
    ):
        return value
    return None


def _digest(event: object) -> str:
    """The same for an event and its redelivery, which differ in nothing else."""
    told = event
    if isinstance(event, dict):
        told = {name: value for name, value in event.items() if name != "deliveryContext"}
    return "sha256:" + hashlib.sha256(_ENCODER.encode(told).encode()).hexdigest()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: LINE began in June 2011; a stamp before that, or in the next century, is no time of an event.
_PLAUSIBLE = range(1_306_886_400_000, 4_102_444_800_000)


def _instant(milliseconds: object) -> datetime | None:
    if type(milliseconds) is not int or milliseconds not in _PLAUSIBLE:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


_DIGITS_MAX = 20


def _whole(digits: str) -> int | None:
    """Python refuses to read whole numbers of thousands of digits; LINE sends none."""
    return int(digits) if len(digits) <= _DIGITS_MAX else None


def _finite(number: str) -> float | None:
    value = float(number)
    return value if math.isfinite(value) else None


_ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True)
_DECODER = json.JSONDecoder(
    parse_int=_whole, parse_float=_finite, parse_constant=lambda _: None, strict=False
)
