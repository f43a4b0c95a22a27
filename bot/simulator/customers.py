"""What a customer does on the phone: follow, block, write, tap, walk past a beacon.

Each act stores what the chat shows, tells the bot by a webhook, and returns how that went.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .chat import quote_token
from .errors import NotPossible
from .people import Account
from .platform import Platform
from .webhooks import WebhookDelivery

#: What LINE tells of its own membership.
MEMBERSHIP_EVENTS = ("joined", "left", "renewed")


@dataclass(frozen=True)
class Photo:
    """A picture that a customer sends."""

    content_type: str
    body: bytes


class Customers:
    """Acts of any account. NotPossible for unknown accounts and, mostly, for who blocked."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def follow(self, user_id: str) -> WebhookDelivery:
        """Adds the bot as a friend, or unblocks it."""
        account = self._account(user_id)
        if account.status == "friend":
            raise NotPossible("もう友だちです。")
        is_unblocked = account.status == "blocked"
        self._platform.people.set_status(user_id, "friend")
        return self._happen(
            user_id,
            "follow",
            {"follow": {"isUnblocked": is_unblocked}},
            note={"kind": "unblock" if is_unblocked else "follow"},
        )

    def block(self, user_id: str) -> WebhookDelivery:
        """Blocks the bot."""
        self._able(user_id)
        self._platform.people.set_status(user_id, "blocked")
        return self._happen(user_id, "unfollow", {}, note={"kind": "block"})

    def write(self, user_id: str, text: str) -> WebhookDelivery:
        """Sends a text."""
        return self._send(user_id, {"type": "text", "text": text})

    def send_sticker(self, user_id: str, *, package_id: str, sticker_id: str) -> WebhookDelivery:
        """Sends a sticker."""
        return self._send(
            user_id,
            {
                "type": "sticker",
                "packageId": package_id,
                "stickerId": sticker_id,
                "stickerResourceType": "STATIC",
            },
        )

    def send_picture(self, user_id: str, picture: Photo) -> WebhookDelivery:
        """Sends a picture; the bot may fetch it by its message id."""
        message = {"type": "image", "contentProvider": {"type": "line"}}
        return self._send(user_id, message, picture=picture)

    def send_location(
        self, user_id: str, *, title: str, address: str, latitude: float, longitude: float
    ) -> WebhookDelivery:
        """Sends a place."""
        place = {"title": title, "address": address, "latitude": latitude, "longitude": longitude}
        return self._send(user_id, {"type": "location", **place})

    def postback(
        self,
        user_id: str,
        data: str,
        *,
        display_text: str | None = None,
        text: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> WebhookDelivery:
        """Taps something with a postback.

        `display_text` is shown as the customer's words; `text` is sent as a message as well;
        `params` come from a date picker or a rich menu switch.
        """
        postback = {"data": data, **({"params": dict(params)} if params else {})}
        if text is not None:
            self.write(user_id, text)
        self._able(user_id)
        shown = {"type": "text", "text": display_text} if display_text is not None else None
        return self._happen(
            user_id,
            "postback",
            {"postback": postback},
            message=shown,
            note={"kind": "postback", "data": data, "params": dict(params or {})},
        )

    def switch_menu(self, user_id: str, *, alias_id: str, data: str) -> WebhookDelivery:
        """Taps a rich menu's area that leads to another menu."""
        self._able(user_id)
        menus = self._platform.menus
        menu_id = menus.aliases().get(alias_id)
        params = {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}
        if menu_id is not None and menus.get(menu_id) is None:
            params = {"status": "RICHMENU_NOTFOUND"}
        elif menu_id is not None:
            menus.link([user_id], menu_id)
            params = {"newRichMenuAliasId": alias_id, "status": "SUCCESS"}
        return self.postback(user_id, data, params=params)

    def enter_beacon(self, user_id: str, hwid: str) -> WebhookDelivery:
        """Comes into the range of a beacon."""
        account = self._able(user_id)
        if account.status != "friend":
            raise NotPossible("ビーコンが届くのは友だちだけです。")
        return self._happen(
            user_id,
            "beacon",
            {"beacon": {"hwid": hwid, "type": "enter"}},
            note={"kind": "beacon", "hwid": hwid},
        )

    def tell_membership(self, user_id: str, what: str, plan: int) -> WebhookDelivery:
        """Joins, leaves or renews a plan of LINE's own membership, by its number."""
        self._able(user_id)
        return self._happen(
            user_id,
            "membership",
            {"membership": {"type": what, "membershipId": plan}},
            note={"kind": "membership", "what": what, "plan": plan},
        )

    def _account(self, user_id: str) -> Account:
        account = self._platform.people.get(user_id)
        if account is None:
            raise NotPossible("このお客さまは見つかりません。")
        return account

    def _able(self, user_id: str) -> Account:
        account = self._account(user_id)
        if account.status == "blocked":
            raise NotPossible("ブロック中です。ブロックを解除すると送れます。")
        return account

    def _send(
        self, user_id: str, message: Mapping[str, Any], *, picture: Photo | None = None
    ) -> WebhookDelivery:
        """Sends a message of any type; its id is the chat's."""
        self._able(user_id)
        platform = self._platform
        at = platform.time.now()
        platform.people.mark_wrote(user_id)
        message_id = platform.chat.say(user_id, message, via="user", at=at)
        if picture is not None:
            platform.chat.attach(message_id, content_type=picture.content_type, body=picture.body)
        tokens = {"quoteToken": quote_token(), "markAsReadToken": quote_token()}
        if message["type"] == "location":
            del tokens["quoteToken"]  # a location can't be quoted
        platform.chat.give_read_token(message_id, user_id, tokens["markAsReadToken"])
        contents = {"message": {"id": str(message_id), **message, **tokens}}
        event_id = platform.webhooks.record(user_id, "message", contents, at=at)
        platform.chat.tie(message_id, event_id)
        return platform.webhooks.deliver(event_id)

    def _happen(
        self,
        user_id: str,
        kind: str,
        contents: Mapping[str, Any],
        *,
        note: Mapping[str, Any],
        message: Mapping[str, Any] | None = None,
    ) -> WebhookDelivery:
        """Any other event: the chat shows `message` if there is one, else a note."""
        platform = self._platform
        at = platform.time.now()
        event_id = platform.webhooks.record(user_id, kind, contents, at=at)
        if message is not None:
            platform.chat.say(user_id, message, via=kind, at=at, event_id=event_id)
        else:
            platform.chat.say(user_id, note, side="note", via=kind, at=at, event_id=event_id)
        return platform.webhooks.deliver(event_id)
