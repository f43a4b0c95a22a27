"""One event of every kind that LINE sends, in the shape of its documentation, with our own data."""

import base64
import hashlib
import hmac
import json
from typing import Any

Json = dict[str, Any]

SAKURA = "U" + "5a" * 16
TARO = "U" + "7b" * 16
GROUP = {"type": "group", "groupId": "C" + "1c" * 16, "userId": SAKURA}
ROOM = {"type": "room", "roomId": "R" + "2d" * 16}
AT = 1_795_000_000_123  # 2026-11-18 11:06:40.123 UTC
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(number: int) -> str:
    """An event id as LINE writes them, another for every number."""
    tail = ""
    while number:
        number, digit = divmod(number, 32)
        tail = _LETTERS[digit] + tail
    return "01KAG8W5XB" + tail.rjust(16, "0")


def event(kind: str, *, number: int = 1, reply: bool = True, **fields: Any) -> Json:
    """An event with what all have; `fields` adds to it or replaces."""
    common: Json = {
        "type": kind,
        "mode": "active",
        "timestamp": AT + number,
        "source": {"type": "user", "userId": SAKURA},
        "webhookEventId": ulid(number),
        "deliveryContext": {"isRedelivery": False},
    }
    if reply:
        common["replyToken"] = f"{number:032x}"
    return common | fields


def message(kind: str, *, number: int = 1, **fields: Any) -> Json:
    """A message event of a user's."""
    content = {"type": kind, "id": str(590_000_000_000_000_000 + number)} | fields
    return event("message", number=number, message=content)


def webhook(*events: Any) -> bytes:
    """The body in which LINE would send these events."""
    return json.dumps({"destination": "U" + "00" * 16, "events": list(events)}).encode()


def sign(secret: str, body: bytes) -> str:
    """LINE's signature, made independently of the code under test."""
    mac = hmac.new(secret.encode(), body, hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


_LINE = {"type": "line"}
_QUOTE = {"quoteToken": "q-9dkW2", "markAsReadToken": "r-71xQe"}

#: name → event; every name says what is special about it
EXAMPLES: dict[str, Json] = {
    "text": message("text", number=1, text="カード", **_QUOTE),
    "text_with_line_emoji": message(
        "text",
        number=2,
        text="ありがとう(love)",
        emojis=[{"index": 5, "length": 6, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "2"}],
        **_QUOTE,
    ),
    "text_with_unicode_emoji": message("text", number=3, text="ポイント👨‍👩‍👧‍👦？", **_QUOTE),
    "text_mentioning_the_bot_in_a_group": message(
        "text",
        number=4,
        text="@通い @All 明日行く？",
        mention={
            "mentionees": [
                {"index": 0, "length": 3, "type": "user", "userId": TARO, "isSelf": True},
                {"index": 4, "length": 4, "type": "all"},
            ]
        },
        **_QUOTE,
    )
    | {"source": GROUP},
    "text_quoting_another": message(
        "text", number=5, text="これのこと", quotedMessageId="590000000000000001", **_QUOTE
    ),
    "text_in_a_room": message("text", number=6, text="やあ", **_QUOTE) | {"source": ROOM},
    "sticker": message(
        "sticker",
        number=7,
        packageId="446",
        stickerId="1988",
        stickerResourceType="ANIMATION",
        keywords=["cheer", "hooray"],
        **_QUOTE,
    ),
    "sticker_with_text": message(
        "sticker",
        number=8,
        packageId="12287",
        stickerId="738839",
        stickerResourceType="MESSAGE",
        text="またね",
        quotedMessageId="590000000000000001",
        **_QUOTE,
    ),
    "image": message("image", number=9, contentProvider=_LINE, **_QUOTE),
    "image_first_of_a_set": message(
        "image",
        number=10,
        contentProvider=_LINE,
        imageSet={"id": "E0A1", "index": 1, "total": 2},
        **_QUOTE,
    ),
    "image_second_of_a_set": message(
        "image",
        number=11,
        contentProvider=_LINE,
        imageSet={"id": "E0A1", "index": 2, "total": 2},
        **_QUOTE,
    ),
    "image_from_elsewhere": message(
        "image",
        number=12,
        contentProvider={
            "type": "external",
            "originalContentUrl": "https://example.com/a.jpg",
            "previewImageUrl": "https://example.com/b.jpg",
        },
        **_QUOTE,
    ),
    "video": message("video", number=13, duration=60_000, contentProvider=_LINE, **_QUOTE),
    "audio": message("audio", number=14, duration=5_000, contentProvider=_LINE),
    "file": message("file", number=15, fileName="領収書.pdf", fileSize=2_138),
    "location": message(
        "location", number=16, title="本店", address="東京都", latitude=35.67, longitude=139.71
    ),
    "message_edited": event(
        "messageEdited",
        number=17,
        message={"type": "text", "id": "590000000000000001", "text": "ポイント", "quoteToken": "q"},
    ),
    "unsend": event("unsend", number=18, reply=False, unsend={"messageId": "590000000000000001"}),
    "follow": event("follow", number=19, follow={"isUnblocked": False}),
    "follow_after_a_block": event("follow", number=20, follow={"isUnblocked": True}),
    "follow_without_details": event("follow", number=21),
    "unfollow": event("unfollow", number=22, reply=False),
    "join": event("join", number=23, source=GROUP),
    "leave": event("leave", number=24, reply=False, source=GROUP),
    "member_joined": event(
        "memberJoined",
        number=25,
        source=GROUP,
        joined={"members": [{"type": "user", "userId": TARO}]},
    ),
    "member_left": event(
        "memberLeft",
        number=26,
        reply=False,
        source=GROUP,
        left={"members": [{"type": "user", "userId": TARO}]},
    ),
    "postback": event("postback", number=27, postback={"data": "card"}),
    "postback_of_a_date_picker": event(
        "postback", number=28, postback={"data": "birthday", "params": {"date": "1990-05-12"}}
    ),
    "postback_of_a_time_picker": event(
        "postback", number=29, postback={"data": "t", "params": {"datetime": "2026-12-25T01:00"}}
    ),
    "postback_of_a_menu_switch": event(
        "postback",
        number=30,
        postback={
            "data": "menu-b",
            "params": {"newRichMenuAliasId": "alias-b", "status": "SUCCESS"},
        },
    ),
    "video_play_complete": event(
        "videoPlayComplete", number=31, videoPlayComplete={"trackingId": "film-1"}
    ),
    "beacon_enter": event("beacon", number=32, beacon={"hwid": "D41D8CD98F", "type": "enter"}),
    "beacon_banner": event("beacon", number=33, beacon={"hwid": "d41d8cd98f", "type": "banner"}),
    "beacon_stay": event(
        "beacon", number=34, beacon={"hwid": "d41d8cd98f", "type": "stay", "dm": "cafe"}
    ),
    "account_link": event("accountLink", number=35, link={"result": "ok", "nonce": "n-4f1"}),
    "account_link_failed": {
        name: value
        for name, value in event(
            "accountLink", number=36, reply=False, link={"result": "failed", "nonce": "n-4f1"}
        ).items()
        if name != "source"
    },
    "membership_joined": event(
        "membership", number=37, membership={"type": "joined", "membershipId": 3189}
    ),
    "membership_left": event(
        "membership", number=38, membership={"type": "left", "membershipId": 3189}
    ),
    "membership_renewed": event(
        "membership", number=39, membership={"type": "renewed", "membershipId": 3189}
    ),
    "module_attached": event(
        "module",
        number=40,
        reply=False,
        module={"type": "attached", "botId": TARO, "scopes": ["message:send"]},
    ),
    "module_detached": event(
        "module",
        number=41,
        reply=False,
        module={"type": "detached", "botId": TARO, "reason": "bot_deleted"},
    ),
    "activated": event(
        "activated", number=42, reply=False, chatControl={"expireAt": AT + 3_600_000}
    ),
    "deactivated": event("deactivated", number=43, reply=False),
    "bot_suspended": event("botSuspended", number=44, reply=False),
    "bot_resumed": event("botResumed", number=45, reply=False),
    "delivery": event("delivery", number=46, reply=False, delivery={"data": "15034552939884E28"}),
}

#: name → what stands in the list of events, though it should not
ODD: dict[str, Any] = {
    "null": None,
    "a number": 7,
    "a string": "follow",
    "a list": [EXAMPLES["follow"]],
    "nothing in it": {},
    "no type": {"source": {"type": "user", "userId": SAKURA}},
    "type of the wrong kind": event("x", type=["message"]),
    "a kind from the future": event("hologram", number=101, hologram={"id": 1}),
    "a message from the future": message("poll", number=102, question="?"),
    "a beacon from the future": event("beacon", number=103, beacon={"hwid": "a1", "type": "leave"}),
    "a plan's event from the future": event("membership", membership={"type": "paused"}),
    "a chat from the future": message("text", text="x") | {"source": {"type": "square"}},
    "a message without message": event("message"),
    "a text without text": message("text"),
    "a text without id": event("message", message={"type": "text", "text": "カード"}),
    "a postback without data": event("postback", postback={}),
    "a postback that is a string": event("postback", postback="card"),
    "a beacon without hwid": event("beacon", beacon={"type": "enter"}),
    "an unsend of nothing": event("unsend", unsend={"messageId": None}),
    "a link without result": event("accountLink", link=[]),
    "an edit of nothing": event("messageEdited", message={"text": "x"}),
}
