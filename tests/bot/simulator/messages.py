"""Messages for LINE as they are made up here, sound ones and their pieces."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.validate import request_refusal

USER = "U" + "a" * 32
OWN = "http://127.0.0.1:8000"
PICTURE = "https://example.com/a.png"


def text(words: str = "あ", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def message_action(label: str = "見る", **more: Any) -> dict[str, Any]:
    return {"type": "message", "label": label, "text": "見る", **more}


def quick(*actions: Any) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": a} for a in actions]})


def bubble(*contents: Any, **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": box(*contents), **more}


def box(*contents: Any, layout: str = "vertical", **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def flex(contents: Any, alt: str = "カード") -> dict[str, Any]:
    return {"type": "flex", "altText": alt, "contents": contents}


def picker(**more: Any) -> dict[str, Any]:
    return {"type": "datetimepicker", "label": "日", "data": "d", "mode": "date", **more}


def image(url: str) -> dict[str, Any]:
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": PICTURE}


def refusal_of(*messages: Any) -> Any:
    return request_refusal("push", {"to": USER, "messages": list(messages)}, http_origin=OWN)


BAR = box(box(width="60%", height="8px", backgroundColor="#B5651D"), height="8px")

ACCEPTED: Mapping[str, Any] = {
    "the longest text": text("あ" * 5_000),
    "an emoji counts two": text("😀" * 2_500),
    "thirteen quick replies": quick(*[message_action()] * 13),
    "places only quick replies have": quick(
        {"type": "camera", "label": "カメラ"}, {"type": "location", "label": "場所"}
    ),
    "a label of twenty family emoji": quick(message_action("👨‍👩‍👧‍👦" * 20)),
    "a picture of our own": image(f"{OWN}/images/a.png"),
    "a sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "a place": {
        "type": "location", "title": "店", "address": "東京", "latitude": 35.6, "longitude": 139
    },
    "a progress bar": flex(bubble(BAR)),
    "an empty box": flex(bubble(box())),
    "twelve bubbles": flex({"type": "carousel", "contents": [bubble(text())] * 12}),
    "spans": flex(bubble({"type": "text", "contents": [{"type": "span", "text": "あ"}]})),
    "a gradient": flex(
        bubble(
            box(
                background={
                    "type": "linearGradient",
                    "angle": "45deg",
                    "startColor": "#112233",
                    "endColor": "#ffffff80",
                }
            )
        )
    ),
    "a baseline box": flex(
        bubble(box({"type": "icon", "url": PICTURE}, text(), layout="baseline"))
    ),
    "a date picker": flex(
        bubble({"type": "button", "action": picker(min="1900-01-01", initial="1990-01-01")})
    ),
    "a template": {
        "type": "template",
        "altText": "どうしますか",
        "template": {"type": "confirm", "text": "はい？", "actions": [message_action()] * 2},
    },
}  # fmt: skip
