"""The table of wrong requests: what LINE refuses, where it says so, and what it answers.

A message that LINE shows in its documentation or that somebody reported is LINE's; of the others
only status and shape are.

`doc` names where the rule is written: a heading of LINE's Messaging API reference ("ref: …") or a
page of its documentation ("guide: …"). In paths, headers and bodies, {user} and the other names of
`test_refusals.stage` stand for what was set up before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True)
class Row:
    """One wrong request and LINE's answer to it. `details`: (message, property)."""

    doc: str
    method: str
    path: str
    body: Json
    status: int
    message: str
    details: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    answer_headers: tuple[str, ...] = ()


PUSH, REPLY = "/v2/bot/message/push", "/v2/bot/message/reply"
MULTICAST, LOADING = "/v2/bot/message/multicast", "/v2/bot/chat/loading/start"
MENU, ALIAS = "/v2/bot/richmenu", "/v2/bot/richmenu/alias"
HELLO = {"type": "text", "text": "こんにちは"}
ACTION = {"type": "message", "label": "見る", "text": "見る"}
PICTURE = "https://example.com/a.png"
NOBODY = "U" + "0" * 32
MISSING_MENU = "richmenu-" + "0" * 32


def errors(*details: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return f"The request body has {len(details)} error(s)", details


def sent(doc: str, message: Json, complaint: str, place: str) -> Row:
    """A push of one wrong message."""
    summary, details = errors((complaint, f"messages[0]{place}"))
    return Row(doc, "POST", PUSH, {"to": "{user}", "messages": [message]}, 400, summary, details)


def invalid(doc: str, message: Json, place: str) -> Row:
    """A push of a message with a value of the wrong type."""
    complaint = f"The property, 'messages[0]{place}', in the request body is invalid"
    body = {"to": "{user}", "messages": [message]}
    return Row(doc, "POST", PUSH, body, 400, f"{complaint} (line: -, column: -)")


def flex(doc: str, contents: Json, complaint: str, pointer: str) -> Row:
    """A push of a Flex message with something wrong in its container."""
    message = {"type": "flex", "altText": "会員証", "contents": contents}
    summary = "A message (messages[0]) in the request body is invalid"
    body = {"to": "{user}", "messages": [message]}
    return Row(doc, "POST", PUSH, body, 400, summary, ((complaint, pointer),))


def bubble(*contents: Json, **more: Json) -> Json:
    return {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": list(contents)},
        **more,
    }


def quick(*actions: Json) -> Json:
    return {**HELLO, "quickReply": {"items": [{"type": "action", "action": a} for a in actions]}}


def picker(**more: Json) -> Json:
    return quick({"type": "datetimepicker", "label": "日付", "data": "d", "mode": "date", **more})


def image(url: str) -> Json:
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": PICTURE}


def menu(**changes: Json) -> Json:
    area = {"bounds": {"x": 0, "y": 0, "width": 600, "height": 405}, "action": ACTION}
    whole = {
        "size": {"width": 1200, "height": 405},
        "selected": True,
        "name": "既定",
        "chatBarText": "メニュー",
        "areas": [area],
    }
    return whole | changes


def menu_row(doc: str, changes: Json, complaint: str, place: str) -> Row:
    """A rich menu that can't be made."""
    return Row(doc, "POST", MENU, menu(**changes), 400, *errors((complaint, place)))


def post(doc: str, path: str, body: Json, status: int, message: str, *details: Any) -> Row:
    return Row(doc, "POST", path, body, status, message, details)
