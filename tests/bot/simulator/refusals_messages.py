"""Wrong messages, quick replies and actions."""

from collections.abc import Mapping

from .refusal_rows import (
    ACTION,
    HELLO,
    PICTURE,
    PUSH,
    Row,
    image,
    invalid,
    picker,
    post,
    quick,
    sent,
)

_ACTION_PLACE = ".quickReply.items[0].action"
_TEMPLATE = {"type": "confirm", "text": "はい？", "actions": [ACTION, ACTION]}

MESSAGES: Mapping[str, Row] = {
    # Messages.
    "six messages": post(
        "ref: Validate message objects of a push message", PUSH,
        {"to": "{user}", "messages": [HELLO] * 6},
        400, "The request body has 1 error(s)", ("Size must be between 1 and 5", "messages"),
    ),
    "no messages": post(
        "ref: Send push message", PUSH, {"to": "{user}", "messages": []},
        400, "The request body has 1 error(s)", ("Size must be between 1 and 5", "messages"),
    ),
    "two faults at once": post(
        "ref: Error responses", PUSH,
        {"to": "{user}", "messages": [{"type": "text", "text": ""}, {"type": "text"}]},
        400, "The request body has 2 error(s)",
        ("May not be empty", "messages[0].text"), ("must be specified", "messages[1].text"),
    ),
    "a message of no known type": sent(
        "ref: Error responses", {"type": "hologram"},
        "Must be one of the following values: [text, textV2, sticker, image, video, audio, "
        "location, imagemap, template, flex, coupon]",
        ".type",
    ),
    "an empty text": sent(
        "ref: Error responses", {"type": "text", "text": ""}, "May not be empty", ".text"
    ),
    "5,001 characters": sent(
        "ref: Validate message objects of a push message", {"type": "text", "text": "あ" * 5_001},
        "Length must be between 0 and 5000", ".text",
    ),
    "2,501 emoji, two UTF-16 units each": sent(
        "guide: Character counting in a text", {"type": "text", "text": "😀" * 2_501},
        "Length must be between 0 and 5000", ".text",
    ),
    "a number as text": invalid("ref: Error messages", {"type": "text", "text": 5}, ".text"),
    "an emoji beside its place": sent(
        "ref: Text message",
        {**HELLO, "emojis": [{"index": 0, "productId": "5ac1", "emojiId": "001"}]},
        "must be the index of a $", ".emojis[0].index",
    ),
    "a picture by http": sent(
        "ref: Image message", image("http://example.com/a.png"),
        "invalid uri scheme", ".originalContentUrl",
    ),
    "a picture's address in Japanese": sent(
        "ref: About the encoding of a URL specified in a request body property",
        image("https://example.com/画.png"), "invalid uri", ".originalContentUrl",
    ),
    "a picture's address of 2,001 characters": sent(
        "ref: Image message", image("https://example.com/" + "a" * 1_981),
        "Length must be between 0 and 2000", ".originalContentUrl",
    ),
    "a picture without preview": sent(
        "ref: Image message", {"type": "image", "originalContentUrl": PICTURE},
        "must be specified", ".previewImageUrl",
    ),
    "a sound without length": sent(
        "ref: Audio message", {"type": "audio", "originalContentUrl": PICTURE},
        "must be specified", ".duration",
    ),
    "a video's odd tracking id": invalid(
        "ref: Video message",
        {
            "type": "video", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE,
            "trackingId": "動画",
        },
        ".trackingId",
    ),
    "a sticker's id with letters": invalid(
        "ref: Sticker message", {"type": "sticker", "packageId": "446", "stickerId": "x"},
        ".stickerId",
    ),
    "a place off the map": sent(
        "ref: Location message",
        {"type": "location", "title": "店", "address": "東京", "latitude": 91, "longitude": 0},
        "Must be between -90 and 90", ".latitude",
    ),
    "a place's name too long": sent(
        "ref: Location message",
        {
            "type": "location", "title": "店" * 101, "address": "東京",
            "latitude": 35, "longitude": 139,
        },
        "Length must be between 0 and 100", ".title",
    ),
    "an imagemap narrower than 1,040": sent(
        "ref: Imagemap message",
        {
            "type": "imagemap", "baseUrl": PICTURE, "altText": "a",
            "baseSize": {"width": 1_000, "height": 500}, "actions": [],
        },
        "Must be between 1040 and 1040", ".baseSize.width",
    ),
    "an imagemap's words too long": sent(
        "ref: Imagemap message",
        {
            "type": "imagemap", "baseUrl": PICTURE, "altText": "a",
            "baseSize": {"width": 1_040, "height": 500},
            "actions": [
                {
                    "type": "message", "text": "あ" * 401,
                    "area": {"x": 0, "y": 0, "width": 1, "height": 1},
                }
            ],
        },
        "Length must be between 0 and 400", ".actions[0].text",
    ),
    "a sender's name of 21 characters": sent(
        "ref: Customize icon and display name", {**HELLO, "sender": {"name": "あ" * 21}},
        "Length must be between 0 and 20", ".sender.name",
    ),
    "a question with one answer": sent(
        "ref: Confirm template",
        {"type": "template", "altText": "a", "template": {**_TEMPLATE, "actions": [ACTION]}},
        "Size must be between 2 and 2", ".template.actions",
    ),
    "a template without alternative text": sent(
        "ref: Common properties of template message objects",
        {"type": "template", "template": _TEMPLATE}, "must be specified", ".altText",
    ),
    "five buttons in a template": sent(
        "ref: Buttons template",
        {
            "type": "template", "altText": "a",
            "template": {"type": "buttons", "text": "a", "actions": [ACTION] * 5},
        },
        "Size must be between 1 and 4", ".template.actions",
    ),
    "a template's text of 61 characters beside a title": sent(
        "ref: Buttons template",
        {
            "type": "template", "altText": "a",
            "template": {"type": "buttons", "title": "a", "text": "あ" * 61, "actions": [ACTION]},
        },
        "Length must be between 1 and 60", ".template.text",
    ),
    "columns with different numbers of buttons": sent(
        "ref: Carousel template",
        {
            "type": "template", "altText": "a",
            "template": {
                "type": "carousel",
                "columns": [
                    {"text": "a", "actions": [ACTION]}, {"text": "b", "actions": [ACTION] * 2},
                ],
            },
        },
        "the number of actions must be the same in all columns", ".template.columns",
    ),
    # Quick replies and actions.
    "fourteen quick replies": sent(
        "ref: Quick reply", quick(*[ACTION] * 14), "Size must be between 1 and 13",
        ".quickReply.items",
    ),
    "a quick reply without label": sent(
        "ref: Specifications of the label", quick({"type": "message", "text": "見る"}),
        "must be specified", f"{_ACTION_PLACE}.label",
    ),
    "a quick reply's label of 21 characters": sent(
        "ref: Specifications of the label", quick({**ACTION, "label": "あ" * 21}),
        "Length must be between 0 and 20", f"{_ACTION_PLACE}.label",
    ),
    "301 characters of postback data": sent(
        "ref: Postback action", quick({"type": "postback", "label": "a", "data": "x" * 301}),
        "Length must be between 0 and 300", f"{_ACTION_PLACE}.data",
    ),
    "displayText and text at once": sent(
        "ref: Postback action",
        quick({"type": "postback", "label": "a", "data": "x", "displayText": "a", "text": "b"}),
        "can't be used together with displayText", f"{_ACTION_PLACE}.text",
    ),
    "words to fill in without a keyboard": sent(
        "ref: Postback action",
        quick({"type": "postback", "label": "a", "data": "x", "fillInText": "a"}),
        "needs inputOption openKeyboard", f"{_ACTION_PLACE}.fillInText",
    ),
    "301 characters to say": sent(
        "ref: Message action", quick({**ACTION, "text": "あ" * 301}),
        "Length must be between 0 and 300", f"{_ACTION_PLACE}.text",
    ),
    "a link of 1,001 characters": sent(
        "ref: URI action",
        quick({"type": "uri", "label": "a", "uri": "https://e.com/" + "a" * 987}),
        "Length must be between 0 and 1000", f"{_ACTION_PLACE}.uri",
    ),
    "a link that runs a script": sent(
        "ref: URI action", quick({"type": "uri", "label": "a", "uri": "javascript:alert(1)"}),
        "invalid uri scheme", f"{_ACTION_PLACE}.uri",
    ),
    "a date written the Japanese way": sent(
        "ref: Date and time format", picker(initial="2026年1月1日"),
        "invalid date format", f"{_ACTION_PLACE}.initial",
    ),
    "a date before 1900": sent(
        "ref: Date and time format", picker(min="1899-12-31"),
        "invalid date format", f"{_ACTION_PLACE}.min",
    ),
    "a date after 2100": sent(
        "ref: Date and time format", picker(max="2101-01-01"),
        "invalid date format", f"{_ACTION_PLACE}.max",
    ),
    "dates in the wrong order": sent(
        "ref: Datetime picker action", picker(min="2026-02-01", max="2026-01-01"),
        "min, initial and max must be in order", _ACTION_PLACE,
    ),
    "a date picker of no known kind": sent(
        "ref: Datetime picker action", picker(mode="year"),
        "Must be one of the following values: [date, time, datetime]", f"{_ACTION_PLACE}.mode",
    ),
    "a rich menu's action in a quick reply": sent(
        "ref: Rich menu switch action",
        quick({"type": "richmenuswitch", "label": "次", "richMenuAliasId": "b", "data": "x"}),
        "Must be one of the following values: [postback, message, uri, datetimepicker, "
        "clipboard, camera, cameraRoll, location]",
        f"{_ACTION_PLACE}.type",
    ),
}  # fmt: skip
