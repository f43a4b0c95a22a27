"""Message objects, rich menus and requests: one table of kinds → properties.

Source: LINE's Messaging API reference, "Message objects", "Rich menu structure" and the request
body of each endpoint.
"""

from collections.abc import Mapping
from typing import Any

from .actions import ALIAS_ID, action
from .checks import (
    Check,
    Field,
    Kind,
    Path,
    Report,
    Rule,
    array,
    boolean,
    grapheme_length,
    integer,
    link,
    may,
    need,
    number,
    one_of,
    pattern,
    picture_url,
    sender_name,
    string,
    thing,
    typed,
)
from .flex import CONTAINER

TEXT_MAX = 5_000
MESSAGES_MAX = 5
RECIPIENTS_MAX = 500
ALT_TEXT = string(least=1, most=1_500)
USER_ID = pattern(r"U[0-9a-f]{32}")
MENU_ID = pattern(r"richmenu-[0-9a-f]{32}", "invalid richMenuId")
CHAT_ID = pattern(r"[UCR][0-9a-f]{32}")


def _emojis_at_dollars(value: Mapping[str, Any], path: Path, report: Report) -> None:
    text, emojis = value.get("text"), value.get("emojis")
    if not isinstance(text, str) or not isinstance(emojis, list):
        return
    units = text.encode("utf-16-le", "surrogatepass")
    for index, emoji in enumerate(emojis):
        at = emoji.get("index") if isinstance(emoji, dict) else None
        if isinstance(at, int) and units[2 * at : 2 * at + 2] != "$".encode("utf-16-le"):
            report.add((*path, "emojis", index, "index"), "must be the index of a $")


def _column_text(limit_alone: int, limit_with_more: int) -> Rule:
    def rule(value: Mapping[str, Any], path: Path, report: Report) -> None:
        has_more = value.get("title") is not None or value.get("thumbnailImageUrl") is not None
        limit = limit_with_more if has_more else limit_alone
        text = value.get("text")
        if isinstance(text, str) and grapheme_length(text) > limit:
            report.add((*path, "text"), f"Length must be between 1 and {limit}")

    return rule


def _same_number_of_actions(value: Mapping[str, Any], path: Path, report: Report) -> None:
    columns = value.get("columns")
    columns = [c for c in columns if isinstance(c, dict)] if isinstance(columns, list) else []
    counts = {len(c["actions"]) for c in columns if isinstance(c.get("actions"), list)}
    if len(counts) > 1:
        report.add((*path, "columns"), "the number of actions must be the same in all columns")


def _non_empty(limit: int) -> Check:
    return string(least=1, most=limit, length=grapheme_length)


QUICK_REPLY = Kind(
    {
        "items": need(
            array(
                thing(
                    Kind(
                        {
                            "type": need(one_of("action")),
                            "imageUrl": may(picture_url),
                            "action": need(action("quick reply")),
                        }
                    )
                ),
                least=1,
                most=13,
            )
        )
    }
)
SENDER = Kind({"name": may(sender_name), "iconUrl": may(picture_url)})

_COLUMN = Kind(
    {
        "thumbnailImageUrl": may(picture_url),
        "imageBackgroundColor": may(pattern(r"#[0-9A-Fa-f]{6}")),
        "title": may(_non_empty(40)),
        "text": need(_non_empty(120)),
        "defaultAction": may(action("template area")),
        "actions": need(array(action("template"), least=1, most=3)),
    },
    rules=(_column_text(120, 60),),
)
_IMAGE_SHAPE: Mapping[str, Field] = {
    "imageAspectRatio": may(one_of("rectangle", "square")),
    "imageSize": may(one_of("cover", "contain")),
}
TEMPLATES: Mapping[str, Kind] = {
    "buttons": Kind(
        {
            **_COLUMN.fields,
            **_IMAGE_SHAPE,
            "text": need(_non_empty(160)),
            "actions": need(array(action("template"), least=1, most=4)),
        },
        rules=(_column_text(160, 60),),
    ),
    "confirm": Kind(
        {
            "text": need(_non_empty(240)),
            "actions": need(array(action("template"), least=2, most=2)),
        }
    ),
    "carousel": Kind(
        {"columns": need(array(thing(_COLUMN), least=1, most=10)), **_IMAGE_SHAPE},
        rules=(_same_number_of_actions,),
    ),
    "image_carousel": Kind(
        {
            "columns": need(
                array(
                    thing(
                        Kind(
                            {
                                "imageUrl": need(picture_url),
                                "action": need(action("image carousel")),
                            }
                        )
                    ),
                    least=1,
                    most=10,
                )
            )
        }
    ),
}

_AREA = thing(
    Kind({name: need(integer(least=0)) for name in ("x", "y", "width", "height")}),
)
IMAGEMAP_ACTIONS: Mapping[str, Kind] = {
    "message": Kind({"text": need(string(least=1, most=400)), "area": need(_AREA)}),
    "uri": Kind({"linkUri": need(link()), "area": need(_AREA)}),
    "clipboard": Kind({"clipboardText": need(string(least=1, most=1_000)), "area": need(_AREA)}),
}

_COMMON: Mapping[str, Field] = {
    "quickReply": may(thing(QUICK_REPLY)),
    "sender": may(thing(SENDER)),
}


def _message(fields: Mapping[str, Field], *rules: Rule) -> Kind:
    return Kind({**_COMMON, **fields}, rules)


MESSAGES: Mapping[str, Kind] = {
    "text": _message(
        {
            "text": need(string(least=1, most=TEXT_MAX)),
            "quoteToken": may(string(least=1)),
            "emojis": may(
                array(
                    thing(
                        Kind(
                            {
                                "index": need(integer(least=0)),
                                "productId": need(string(least=1)),
                                "emojiId": need(string(least=1)),
                            }
                        )
                    ),
                    most=20,
                )
            ),
        },
        _emojis_at_dollars,
    ),
    "textV2": _message(
        {
            "text": need(string(least=1, most=TEXT_MAX)),
            "quoteToken": may(string(least=1)),
            "substitution": may(thing(Kind({}))),
        }
    ),
    "sticker": _message(
        {
            "packageId": need(pattern(r"\d+")),
            "stickerId": need(pattern(r"\d+")),
            "quoteToken": may(string(least=1)),
        }
    ),
    "image": _message(
        {"originalContentUrl": need(picture_url), "previewImageUrl": need(picture_url)}
    ),
    "video": _message(
        {
            "originalContentUrl": need(picture_url),
            "previewImageUrl": need(picture_url),
            "trackingId": may(pattern(r"[a-zA-Z0-9\-.=,+*()%$&;:@{}!?<>\[\]]{1,100}")),
        }
    ),
    "audio": _message(
        {"originalContentUrl": need(picture_url), "duration": need(integer(least=1))}
    ),
    "location": _message(
        {
            "title": need(string(least=1, most=100)),
            "address": need(string(least=1, most=100)),
            "latitude": need(number(least=-90, most=90)),
            "longitude": need(number(least=-180, most=180)),
        }
    ),
    "imagemap": _message(
        {
            "baseUrl": need(picture_url),
            "altText": need(ALT_TEXT),
            "baseSize": need(
                thing(
                    Kind(
                        {
                            "width": need(integer(least=1_040, most=1_040)),
                            "height": need(integer(least=1)),
                        }
                    )
                )
            ),
            "actions": need(array(typed(IMAGEMAP_ACTIONS), most=50)),
        }
    ),
    "template": _message({"altText": need(ALT_TEXT), "template": need(typed(TEMPLATES))}),
    "flex": _message({"altText": need(ALT_TEXT), "contents": need(CONTAINER)}),
    "coupon": _message({"couponId": need(string(least=1)), "deliveryTag": may(string(most=30))}),
}

MESSAGE_ARRAY = array(typed(MESSAGES), least=1, most=MESSAGES_MAX)


def _multiple_of_five(value: Mapping[str, Any], path: Path, report: Report) -> None:
    seconds = value.get("loadingSeconds")
    if isinstance(seconds, int) and seconds % 5:
        report.add((*path, "loadingSeconds"), "must be a multiple of five")


_SENT: Mapping[str, Field] = {
    "messages": need(MESSAGE_ARRAY),
    "notificationDisabled": may(boolean),
}
_UNITS: Mapping[str, Field] = {
    "customAggregationUnits": may(array(pattern(r"[A-Za-z0-9_]{1,30}"), least=1, most=1))
}

REQUESTS: Mapping[str, Kind] = {
    "reply": Kind({"replyToken": need(string(least=1)), **_SENT}),
    "push": Kind({"to": need(CHAT_ID), **_SENT, **_UNITS}),
    "multicast": Kind(
        {"to": need(array(USER_ID, least=1, most=RECIPIENTS_MAX)), **_SENT, **_UNITS}
    ),
    "validate": Kind({"messages": need(MESSAGE_ARRAY)}),
    "loading": Kind(
        {"chatId": need(string(least=1)), "loadingSeconds": may(integer(least=5, most=60))},
        rules=(_multiple_of_five,),
    ),
    "alias": Kind(
        {
            "richMenuAliasId": need(pattern(ALIAS_ID, "invalid richMenuAliasId")),
            "richMenuId": need(MENU_ID),
        }
    ),
    "alias change": Kind({"richMenuId": need(MENU_ID)}),
    "bulk link": Kind(
        {
            "richMenuId": need(MENU_ID),
            "userIds": need(array(USER_ID, least=1, most=RECIPIENTS_MAX)),
        }
    ),
    "bulk unlink": Kind({"userIds": need(array(USER_ID, least=1, most=RECIPIENTS_MAX))}),
    "webhook endpoint": Kind({"endpoint": need(string(most=500))}),
    "webhook test": Kind({"endpoint": may(string(most=500))}),
}


def _shape(value: Mapping[str, Any], path: Path, report: Report) -> None:
    width, height = value.get("width"), value.get("height")
    if isinstance(width, int) and isinstance(height, int) and height and width / height < 1.45:
        report.add(path, "the aspect ratio (width / height) must be at least 1.45")


_BOUNDS = Kind(
    {
        "x": need(integer(least=0)),
        "y": need(integer(least=0)),
        "width": need(integer(least=1)),
        "height": need(integer(least=1)),
    }
)
REQUESTS = {
    **REQUESTS,
    "rich menu": Kind(
        {
            "size": need(
                thing(
                    Kind(
                        {
                            "width": need(integer(least=800, most=2_500)),
                            "height": need(integer(least=250)),
                        },
                        rules=(_shape,),
                    )
                )
            ),
            "selected": need(boolean),
            "name": need(_non_empty(300)),
            "chatBarText": need(_non_empty(14)),
            "areas": need(
                array(
                    thing(
                        Kind({"bounds": need(thing(_BOUNDS)), "action": need(action("rich menu"))})
                    ),
                    most=20,
                )
            ),
        }
    ),
}
