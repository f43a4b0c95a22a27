"""What LINE refuses in a Flex message, one row each."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.bot.simulator.messages import (
    PICTURE,
    box,
    bubble,
    flex,
    message_action,
    picker,
    refusal_of,
    text,
)

BOX_KINDS = "Must be one of the following values: [box, button, image, text, separator, filler]"

IN_FLEX: Mapping[str, tuple[Any, str, str]] = {
    "an unknown field": (bubble(text(), colour="#fff"), "unknown field", "/colour"),
    "an unknown field within": (
        bubble(text(bold=True)), "unknown field", "/body/contents/0/bold"
    ),
    "an unknown field of an action": (
        bubble({"type": "button", "action": message_action(icon="x")}),
        "unknown field",
        "/body/contents/0/action/icon",
    ),
    "an empty text": (bubble(text("")), "must be non-empty text", "/body/contents/0/text"),
    "neither text nor spans": (
        bubble({"type": "text"}), "must be non-empty text", "/body/contents/0/text"
    ),
    "a bubble with nothing in it": (
        {"type": "bubble"}, "At least one block must be specified", "/"
    ),
    "a span in a box": (
        bubble({"type": "span", "text": "あ"}), BOX_KINDS, "/body/contents/0/type"
    ),
    "a button in a baseline box": (
        bubble(box({"type": "button", "action": message_action()}, layout="baseline")),
        "Must be one of the following values: [icon, text, filler]",
        "/body/contents/0/contents/0/type",
    ),
    "a colour by name": (bubble(text(color="red")), "invalid property", "/body/contents/0/color"),
    "a size in em": (bubble(text(size="2em")), "invalid property", "/body/contents/0/size"),
    "a width without unit": (
        bubble(box(width="60")), "invalid property", "/body/contents/0/width"
    ),
    "a flag as a word": (bubble(text(wrap="true")), "invalid property", "/body/contents/0/wrap"),
    "a share as a fraction": (bubble(text(flex=0.5)), "invalid property", "/body/contents/0/flex"),
    "a picture four times as high as wide": (
        bubble({"type": "image", "url": PICTURE, "aspectRatio": "1:4"}),
        "invalid property",
        "/body/contents/0/aspectRatio",
    ),
    "a button without label": (
        bubble({"type": "button", "action": {"type": "message", "text": "あ"}}),
        "must be specified",
        "/body/contents/0/action/label",
    ),
    "a button's label too long": (
        bubble({"type": "button", "action": message_action("あ" * 41)}),
        "Length must be between 0 and 40",
        "/body/contents/0/action/label",
    ),
    "a link that runs code": (
        bubble({"type": "button", "action": {"type": "uri", "label": "a", "uri": "javascript:1"}}),
        "invalid uri scheme",
        "/body/contents/0/action/uri",
    ),
    "a date before 1900": (
        bubble({"type": "button", "action": picker(min="1899-12-31")}),
        "invalid date format",
        "/body/contents/0/action/min",
    ),
    "a picker that starts past its end": (
        bubble({"type": "button", "action": picker(initial="2026-01-02", max="2026-01-01")}),
        "min, initial and max must be in order",
        "/body/contents/0/action",
    ),
    "thirteen bubbles": (
        {"type": "carousel", "contents": [bubble(text())] * 13},
        "Size must be between 1 and 12",
        "/contents",
    ),
    "bubbles of two sizes": (
        {"type": "carousel", "contents": [bubble(text(), size=size) for size in ("kilo", "mega")]},
        "bubbles must have the same size",
        "/contents",
    ),
    "a bubble over 30 KB": (
        bubble(text("あ" * 10_300)), "bubble size must be 30720 bytes or less", "/"
    ),
    "a carousel over 50 KB": (
        {"type": "carousel", "contents": [bubble(text("あ" * 9_000))] * 2},
        "carousel size must be 51200 bytes or less",
        "/",
    ),
    "a message in a message": (
        flex(bubble(text())),
        "Must be one of the following values: [bubble, carousel]",
        "/type",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_FLEX)
def test_what_line_refuses_in_flex(name: str) -> None:
    contents, complaint, place = IN_FLEX[name]

    refusal = refusal_of(text(), flex(contents))

    assert refusal.message == "A message (messages[1]) in the request body is invalid"
    assert refusal.details == ((complaint, place),)
