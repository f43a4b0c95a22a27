"""What LINE refuses, one row each: a fault, and the message and place it is answered with."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.simulator.checks import grapheme_length, utf16_length
from bot.simulator.validate import request_refusal
from tests.bot.simulator.messages import (
    ACCEPTED,
    USER,
    box,
    bubble,
    flex,
    image,
    message_action,
    quick,
    refusal_of,
    text,
)
from tests.chance import examples


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_line_accepts_is_accepted(name: str) -> None:
    assert refusal_of(ACCEPTED[name]) is None


OUTSIDE_FLEX: Mapping[str, tuple[Any, str, str]] = {
    "a text too long": (
        text("あ" * 5_001), "Length must be between 0 and 5000", "messages[0].text"
    ),
    "an emoji more than fits": (
        text("😀" * 2_501), "Length must be between 0 and 5000", "messages[0].text"
    ),
    "an empty text": (text(""), "May not be empty", "messages[0].text"),
    "no text": ({"type": "text"}, "must be specified", "messages[0].text"),
    "no type": ({"text": "あ"}, "must be specified", "messages[0].type"),
    "emoji at the wrong place": (
        text("a$", emojis=[{"index": 0, "productId": "p", "emojiId": "001"}]),
        "must be the index of a $",
        "messages[0].emojis[0].index",
    ),
    "fourteen quick replies": (
        quick(*[message_action()] * 14),
        "Size must be between 1 and 13",
        "messages[0].quickReply.items",
    ),
    "a quick reply without label": (
        quick({"type": "message", "text": "見る"}),
        "must be specified",
        "messages[0].quickReply.items[0].action.label",
    ),
    "a quick reply's label too long": (
        quick(message_action("あ" * 21)),
        "Length must be between 0 and 20",
        "messages[0].quickReply.items[0].action.label",
    ),
    "a rich menu's action in a quick reply": (
        quick({"type": "richmenuswitch", "label": "次", "richMenuAliasId": "b", "data": "x"}),
        "Must be one of the following values: [postback, message, uri, datetimepicker, "
        "clipboard, camera, cameraRoll, location]",
        "messages[0].quickReply.items[0].action.type",
    ),
    "postback data too long": (
        quick({"type": "postback", "label": "見る", "data": "x" * 301}),
        "Length must be between 0 and 300",
        "messages[0].quickReply.items[0].action.data",
    ),
    "displayText and text at once": (
        quick({"type": "postback", "label": "a", "data": "x", "displayText": "a", "text": "b"}),
        "can't be used together with displayText",
        "messages[0].quickReply.items[0].action.text",
    ),
    "a picture by http": (
        image("http://example.com/a.png"),
        "invalid uri scheme",
        "messages[0].originalContentUrl",
    ),
    "a picture of another port here": (
        image("http://127.0.0.1:9000/a.png"),
        "invalid uri scheme",
        "messages[0].originalContentUrl",
    ),
    "a picture's URL not encoded": (
        image("https://example.com/画.png"), "invalid uri", "messages[0].originalContentUrl"
    ),
    "a picture's URL too long": (
        image("https://example.com/" + "a" * 2_000),
        "Length must be between 0 and 2000",
        "messages[0].originalContentUrl",
    ),
    "a place off the map": (
        {"type": "location", "title": "店", "address": "東京", "latitude": 91, "longitude": 0},
        "Must be between -90 and 90",
        "messages[0].latitude",
    ),
    "no alternative text": (
        flex(bubble(text()), alt=""), "May not be empty", "messages[0].altText"
    ),
    "an alternative text too long": (
        flex(bubble(text()), alt="あ" * 1_501),
        "Length must be between 0 and 1500",
        "messages[0].altText",
    ),
    "columns that don't match": (
        {
            "type": "template",
            "altText": "a",
            "template": {
                "type": "carousel",
                "columns": [
                    {"text": "a", "actions": [message_action()] * 1},
                    {"text": "a", "actions": [message_action()] * 2},
                ],
            },
        },
        "the number of actions must be the same in all columns",
        "messages[0].template.columns",
    ),
    "a sender's name too long": (
        text(sender={"name": "あ" * 21}),
        "Length must be between 0 and 20",
        "messages[0].sender.name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE_FLEX)
def test_what_line_refuses_outside_flex(name: str) -> None:
    message, complaint, place = OUTSIDE_FLEX[name]

    refusal = refusal_of(message)

    assert refusal.message == "The request body has 1 error(s)"
    assert refusal.details == ((complaint, place),)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"to": "someone"},
            "The property, 'to', in the request body is invalid (line: -, column: -)",
        ),
        ({"to": 5}, "The property, 'to', in the request body is invalid (line: -, column: -)"),
        (
            {"messages": [{"type": "text", "text": 5}]},
            "The property, 'messages[0].text', in the request body is invalid (line: -, column: -)",
        ),
        (
            {"messages": "あ"},
            "The property, 'messages', in the request body is invalid (line: -, column: -)",
        ),
        (
            {"notificationDisabled": "no"},
            "The property, 'notificationDisabled', in the request body is invalid "
            "(line: -, column: -)",
        ),
        ({"messages": [text()] * 6}, "The request body has 1 error(s)"),
        ({"messages": [{"type": "poem"}]}, "The request body has 1 error(s)"),
        ({"messages": None, "to": None}, "The request body has 2 error(s)"),
    ],
)
def test_requests_that_are_not_as_line_wants_them(changes: Any, message: str) -> None:
    body = {"to": USER, "messages": [text()], **changes}

    refusal = request_refusal("push", body, http_origin=None)

    assert refusal is not None
    assert refusal.message == message


def test_every_fault_is_told_at_once() -> None:
    refusal = refusal_of(text(""), text("あ" * 5_001))

    assert refusal.message == "The request body has 2 error(s)"
    assert [place for _, place in refusal.details] == ["messages[0].text", "messages[1].text"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a JSON value."""
    parts: dict[Any, Any] = value if isinstance(value, dict) else {}
    if isinstance(value, list):
        parts = dict(enumerate(value))
    found = [path]
    for key, part in parts.items():
        found += places(part, (*path, key))
    return found


SOUND = list(ACCEPTED.values())


@settings(max_examples=examples(300))
@given(data=st.data())
def test_any_value_in_any_place_is_judged_without_failing(data: st.DataObject) -> None:
    message = deepcopy(data.draw(st.sampled_from(SOUND)))
    *way, last = data.draw(st.sampled_from(places(message)[1:]))
    target = message
    for step in way:
        target = target[step]
    target[last] = data.draw(ANY_JSON)

    refusal = refusal_of(message)

    assert refusal is None or refusal.message


def test_a_bottomless_message_is_refused() -> None:
    deep = box()
    for _ in range(900):
        deep = box(deep)

    assert refusal_of(flex(bubble(deep))) is not None


def test_a_simulator_reached_from_outside_takes_no_http_pictures() -> None:
    body = {"to": USER, "messages": [image("http://127.0.0.1:8000/a.png")]}

    assert request_refusal("push", body, http_origin=None) is not None


@pytest.mark.parametrize(
    ("words", "units", "graphemes"),
    [
        ("あ", 1, 1),
        ("😀", 2, 1),
        ("👨‍👩‍👧‍👦", 11, 1),
        ("🇯🇵🇯🇵", 8, 2),
        ("か\u3099が", 3, 2),
        ("👍🏽a", 5, 2),
    ],
)
def test_lengths_as_line_counts_them(words: str, units: int, graphemes: int) -> None:
    assert (utf16_length(words), grapheme_length(words)) == (units, graphemes)
