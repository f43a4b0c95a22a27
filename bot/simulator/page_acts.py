"""The page's buttons: what a customer does, and what is done to the platform for them."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify

from .customers import MEMBERSHIP_EVENTS, Customers, Photo
from .errors import PageRefusal
from .page_input import Body, json_object, optional_text, text_of
from .page_state import NAME_MAX, outcome_view, person_view
from .people import Account, new_user_id
from .pictures import picture_size
from .platform import Platform
from .webhooks import WebhookDelivery

TEXT_MAX = 5_000
PICTURE_BYTES_MAX = 1024 * 1024
BODY_BYTES_MAX = 2 * PICTURE_BYTES_MAX

Act = Callable[[str, Body], WebhookDelivery]


@dataclass(frozen=True)
class _Acts:
    """Each takes the user id and the request's body."""

    customers: Customers

    def follow(self, user_id: str, _: Body) -> WebhookDelivery:
        return self.customers.follow(user_id)

    def block(self, user_id: str, _: Body) -> WebhookDelivery:
        return self.customers.block(user_id)

    def text(self, user_id: str, body: Body) -> WebhookDelivery:
        return self.customers.write(user_id, text_of(body, "text", most=TEXT_MAX))

    def postback(self, user_id: str, body: Body) -> WebhookDelivery:
        params = body.get("params")
        if params is not None and not (
            isinstance(params, dict) and all(isinstance(v, str) for v in params.values())
        ):
            raise PageRefusal("params")
        return self.customers.postback(
            user_id,
            text_of(body, "data", most=300),
            display_text=optional_text(body, "displayText", most=1_000),
            text=optional_text(body, "text", most=1_000),
            params=params,
        )

    def switch(self, user_id: str, body: Body) -> WebhookDelivery:
        return self.customers.switch_menu(
            user_id,
            alias_id=text_of(body, "alias", most=32),
            data=text_of(body, "data", most=300),
        )

    def sticker(self, user_id: str, body: Body) -> WebhookDelivery:
        return self.customers.send_sticker(
            user_id,
            package_id=text_of(body, "packageId", most=20),
            sticker_id=text_of(body, "stickerId", most=20),
        )

    def picture(self, user_id: str, body: Body) -> WebhookDelivery:
        try:
            data = base64.b64decode(text_of(body, "data", most=BODY_BYTES_MAX), validate=True)
        except (binascii.Error, ValueError):
            raise PageRefusal("画像を読めませんでした。") from None
        if len(data) > PICTURE_BYTES_MAX or picture_size(data) is None:
            raise PageRefusal("1MBまでのJPEGかPNGを選んでください。")
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        return self.customers.send_picture(user_id, Photo(kind, data))

    def location(self, user_id: str, _: Body) -> WebhookDelivery:
        return self.customers.send_location(
            user_id,
            title="位置情報",
            address="東京都千代田区丸の内1丁目",
            latitude=35.681236,
            longitude=139.767125,
        )

    def beacon(self, user_id: str, body: Body) -> WebhookDelivery:
        return self.customers.enter_beacon(user_id, text_of(body, "hwid", most=64))

    def membership(self, user_id: str, body: Body) -> WebhookDelivery:
        plan, what = text_of(body, "plan", most=12), text_of(body, "what", most=10)
        if what not in MEMBERSHIP_EVENTS or not (plan.isascii() and plan.isdecimal()):
            raise PageRefusal("メンバーシップの番号は数字です。")
        return self.customers.tell_membership(user_id, what, int(plan))


_ACT_NAMES = (
    "follow", "block", "text", "postback", "switch", "sticker", "picture", "location", "beacon",
    "membership",
)  # fmt: skip


def add_acts(page: Blueprint, platform: Platform, customers: Customers) -> None:
    """Adds the routes that play a customer."""
    acts = _Acts(customers)
    by_name: dict[str, Act] = {name: getattr(acts, name) for name in _ACT_NAMES}

    @page.post("/page/act/<name>")
    def act(name: str) -> Response:
        do = by_name.get(name)
        if do is None:
            abort(404)
        body = json_object()
        return jsonify(delivery=outcome_view(do(text_of(body, "user", most=40), body)))

    @page.post("/page/redeliver")
    def redeliver() -> Response:
        event_id = text_of(json_object(), "event", most=40)
        if platform.webhooks.owner_of(event_id) is None:
            raise PageRefusal("このイベントは見つかりません。")
        return jsonify(delivery=outcome_view(platform.webhooks.deliver(event_id)))

    @page.post("/page/people")
    def add_person() -> Response:
        body = json_object()
        name = text_of(body, "name", most=NAME_MAX).strip()
        language = text_of(body, "language", most=10)
        account = Account(new_user_id(), name, language, "stranger")
        platform.people.add([account])
        platform.people.mark_played(account.user_id)
        return jsonify(person=person_view(account))

    @page.post("/page/tapped")
    def note_tap() -> Response:
        """A link in a message was opened: the phone tells LINE, and nobody else."""
        body = json_object()
        user, uri = text_of(body, "user", most=40), text_of(body, "uri", most=TEXT_MAX)
        platform.statistics.note_tap(user, uri, at=platform.time.now())
        return jsonify({})

    @page.post("/page/seen")
    def mark_seen() -> Response:
        body = json_object()
        line_id = text_of(body, "line", most=20)
        if not line_id.isascii() or not line_id.isdecimal():
            raise PageRefusal("line")
        platform.people.mark_seen(text_of(body, "user", most=40), int(line_id))
        return jsonify({})
