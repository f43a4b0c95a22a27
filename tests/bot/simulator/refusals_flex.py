"""Wrong Flex messages."""

from collections.abc import Mapping

from .refusal_rows import (
    ACTION,
    PICTURE,
    Row,
    bubble,
    flex,
    sent,
)

TEXT = {"type": "text", "text": "あ"}

FLEX: Mapping[str, Row] = {
    # Flex.
    "a Flex without alternative text": sent(
        "ref: Flex Message", {"type": "flex", "contents": bubble(TEXT)},
        "must be specified", ".altText",
    ),
    "an alternative text of 1,501 characters": sent(
        "ref: Flex Message",
        {"type": "flex", "altText": "あ" * 1_501, "contents": bubble(TEXT)},
        "Length must be between 0 and 1500", ".altText",
    ),
    "an unknown field in a text": flex(
        "guide: Flex Message elements", bubble({**TEXT, "colour": "#000000"}),
        "unknown field", "/body/contents/0/colour",
    ),
    "an unknown field in styles": flex(
        "ref: Bubble", bubble(TEXT, styles={"type": "x"}), "unknown field", "/styles/type"
    ),
    "an empty text in Flex": flex(
        "ref: Text", bubble({"type": "text", "text": ""}),
        "must be non-empty text", "/body/contents/0/text",
    ),
    "a colour by name": flex(
        "ref: Text", bubble({**TEXT, "color": "red"}),
        "invalid property", "/body/contents/0/color",
    ),
    "a number as size": flex(
        "ref: Text", bubble({**TEXT, "size": 14}), "invalid property", "/body/contents/0/size"
    ),
    "a button without label": flex(
        "ref: Button", bubble({"type": "button", "action": {"type": "message", "text": "見る"}}),
        "must be specified", "/body/contents/0/action/label",
    ),
    "a button's label of 41 characters": flex(
        "ref: Specifications of the label",
        bubble({"type": "button", "action": {**ACTION, "label": "あ" * 41}}),
        "Length must be between 0 and 40", "/body/contents/0/action/label",
    ),
    "an icon outside a baseline box": flex(
        "ref: Icon", bubble({"type": "icon", "url": PICTURE}),
        "Must be one of the following values: [box, button, image, text, separator, filler]",
        "/body/contents/0/type",
    ),
    "a Flex picture by http": flex(
        "ref: Image", bubble({"type": "image", "url": "http://example.com/a.png"}),
        "invalid uri scheme", "/body/contents/0/url",
    ),
    "a picture four times as high as wide": flex(
        "ref: Image", bubble({"type": "image", "url": PICTURE, "aspectRatio": "1:4"}),
        "invalid property", "/body/contents/0/aspectRatio",
    ),
    "a bubble with nothing in it": flex(
        "ref: Bubble", {"type": "bubble"}, "At least one block must be specified", "/"
    ),
    "a bubble over 30 KB": flex(
        "ref: Bubble", bubble(*[{**TEXT, "text": "あ" * 2_000}] * 6),
        "bubble size must be 30720 bytes or less", "/",
    ),
    "13 bubbles": flex(
        "ref: Carousel", {"type": "carousel", "contents": [bubble(TEXT)] * 13},
        "Size must be between 1 and 12", "/contents",
    ),
    "a carousel over 50 KB": flex(
        "ref: Carousel",
        {"type": "carousel", "contents": [bubble({**TEXT, "text": "あ" * 2_000})] * 9},
        "carousel size must be 51200 bytes or less", "/",
    ),
    "a carousel of different sizes": flex(
        "ref: Carousel",
        {"type": "carousel", "contents": [bubble(TEXT), bubble(TEXT, size="kilo")]},
        "bubbles must have the same size", "/contents",
    ),
}  # fmt: skip
