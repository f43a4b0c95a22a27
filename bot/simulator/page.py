"""The page at /simulator: its HTML, what it polls, and what its buttons do."""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from flask import Blueprint, Response, abort, jsonify, render_template, request

from bot.simulator.chat import Line
from bot.simulator.customers import Customers, NotPossible, Picture
from bot.simulator.guard import content_policy, is_from_our_page
from bot.simulator.people import Account, new_user_id
from bot.simulator.pictures import picture_size
from bot.simulator.platform import BOT_ID, Platform
from bot.simulator.times import JAPAN, milliseconds
from bot.simulator.webhooks import Delivery

NAME_MAX = 40
TEXT_MAX = 5_000
PICTURE_BYTES_MAX = 1024 * 1024
BODY_BYTES_MAX = 2 * PICTURE_BYTES_MAX
TRAVEL_MAX = timedelta(days=3 * 366)

Travel = Callable[[datetime], None]
Body = Mapping[str, Any]
Act = Callable[[str, Body], Delivery]


class Refused(Exception):
    """The page asked for something it can't have; the text is shown to the person."""


def text_of(body: Body, name: str, *, most: int) -> str:
    """A string of 1 to `most` characters from a request; Refused otherwise."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise Refused(f"{name}: 1〜{most}文字で入力してください。")
    return value


def _optional(body: Body, name: str, *, most: int) -> str | None:
    return None if body.get(name) is None else text_of(body, name, most=most)


def page_blueprint(platform: Platform, customers: Customers, travel: Travel) -> Blueprint:
    """The page's routes, relative to /simulator."""
    page = Blueprint("page", __name__)
    _add_guards(page, platform)
    _add_html(page, platform)
    _add_state(page, platform)
    _add_acts(page, platform, customers)
    _add_world(page, platform, travel)
    return page


def _add_guards(page: Blueprint, platform: Platform) -> None:
    policy = content_policy(platform.base_url)

    @page.before_request
    def only_our_page() -> None:
        request.max_content_length = BODY_BYTES_MAX
        if request.method == "POST" and not is_from_our_page(request, base_url=platform.base_url):
            abort(403, "このページからの操作だけを受け付けます。BASE_URL を確認してください。")

    @page.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @page.errorhandler(Refused)
    @page.errorhandler(NotPossible)
    def refuse(error: Exception) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409 if isinstance(error, NotPossible) else 400


def _add_html(page: Blueprint, platform: Platform) -> None:
    def html(*, draft: str = "", follow: bool = False) -> str:
        return render_template(
            "simulator/page.html",
            bot_name=platform.bot_name,
            bot_id=BOT_ID,
            draft=draft[:TEXT_MAX],
            follow=follow,
        )

    @page.get("/", strict_slashes=False)
    def show() -> str:
        return html()

    @page.get("/R/oaMessage/<bot_id>/", strict_slashes=False)
    def open_with_text(bot_id: str) -> str:
        if bot_id != BOT_ID:
            abort(404)
        return html(draft=unquote(request.query_string.decode("ascii", "replace")))

    @page.get("/R/ti/p/<bot_id>", strict_slashes=False)
    def add_friend(bot_id: str) -> str:
        if bot_id != BOT_ID:
            abort(404)
        return html(follow=True)

    @page.get("/menu/<menu_id>")
    def menu_picture(menu_id: str) -> Response:
        return _picture(platform.menus.image(menu_id))

    @page.get("/sent/<int:message_id>")
    def sent_picture(message_id: int) -> Response:
        return _picture(platform.chat.content(message_id))


def _picture(found: tuple[str, bytes] | None) -> Response:
    if found is None:
        abort(404)
    response = Response(found[1], content_type=found[0])
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _person(account: Account) -> dict[str, Any]:
    return {
        "id": account.user_id,
        "name": account.display_name,
        "language": account.language,
        "status": account.status,
    }


def _add_state(page: Blueprint, platform: Platform) -> None:
    @page.get("/page/people")
    def find_people() -> Response:
        found = platform.people.search(request.args.get("q", "")[:NAME_MAX])
        return jsonify(people=[_person(a) for a in found], count=platform.people.count())

    @page.get("/page/state")
    def state() -> Response:
        now = platform.time.now()
        world = {
            "now": milliseconds(now),
            "ahead": int(platform.time.offset().total_seconds()),
            "plan": platform.chat.plan(),
            "used": platform.chat.used(now),
        }
        account = platform.people.get(request.args.get("user", ""))
        if account is None:
            return jsonify(world=world, person=None)
        after = request.args.get("after", 0, type=int)
        return jsonify(
            world=world,
            person=_person(account),
            loading=account.loading_until > time.time(),
            menu=_menu_for(platform, account),
            lines=[_line(line) for line in platform.chat.lines(account.user_id, after=after)],
            deliveries={
                delivery.event_id: _outcome(delivery)
                for delivery in platform.webhooks.recent(account.user_id)
            },
        )


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "side": line.side,
        "via": line.via,
        "body": line.body,
        "at": line.at_ms,
        "event": line.event_id,
    }


def _outcome(delivery: Delivery) -> dict[str, Any]:
    return {
        "ok": delivery.ok,
        "status": delivery.status,
        "error": delivery.error,
        "ms": delivery.took_ms,
    }


def _menu_for(platform: Platform, account: Account) -> dict[str, Any] | None:
    if account.status != "friend":
        return None
    menu = platform.menus.seen_by(account.user_id)
    if menu is None or not menu.has_image:
        return None
    return {"id": menu.menu_id, **menu.body}


@dataclass(frozen=True)
class _Acts:
    """The page's buttons: each takes the user id and the request's body."""

    customers: Customers

    def follow(self, user_id: str, _: Body) -> Delivery:
        return self.customers.follow(user_id)

    def block(self, user_id: str, _: Body) -> Delivery:
        return self.customers.block(user_id)

    def text(self, user_id: str, body: Body) -> Delivery:
        return self.customers.write(user_id, text_of(body, "text", most=TEXT_MAX))

    def postback(self, user_id: str, body: Body) -> Delivery:
        params = body.get("params")
        if params is not None and not (
            isinstance(params, dict) and all(isinstance(v, str) for v in params.values())
        ):
            raise Refused("params")
        return self.customers.postback(
            user_id,
            text_of(body, "data", most=300),
            display_text=_optional(body, "displayText", most=1_000),
            text=_optional(body, "text", most=1_000),
            params=params,
        )

    def switch(self, user_id: str, body: Body) -> Delivery:
        return self.customers.switch_menu(
            user_id,
            alias_id=text_of(body, "alias", most=32),
            data=text_of(body, "data", most=300),
        )

    def sticker(self, user_id: str, body: Body) -> Delivery:
        return self.customers.send_sticker(
            user_id,
            package_id=text_of(body, "packageId", most=20),
            sticker_id=text_of(body, "stickerId", most=20),
        )

    def picture(self, user_id: str, body: Body) -> Delivery:
        try:
            data = base64.b64decode(text_of(body, "data", most=BODY_BYTES_MAX), validate=True)
        except (binascii.Error, ValueError):
            raise Refused("画像を読めませんでした。") from None
        if len(data) > PICTURE_BYTES_MAX or picture_size(data) is None:
            raise Refused("1MBまでのJPEGかPNGを選んでください。")
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        return self.customers.send_picture(user_id, Picture(kind, data))

    def location(self, user_id: str, _: Body) -> Delivery:
        return self.customers.send_location(
            user_id,
            title="位置情報",
            address="東京都千代田区丸の内1丁目",
            latitude=35.681236,
            longitude=139.767125,
        )

    def beacon(self, user_id: str, body: Body) -> Delivery:
        return self.customers.enter_beacon(user_id, text_of(body, "hwid", most=64))


_ACT_NAMES = (
    "follow", "block", "text", "postback", "switch", "sticker", "picture", "location", "beacon",
)  # fmt: skip


def _body() -> Body:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("JSON")
    return body


def _add_acts(page: Blueprint, platform: Platform, customers: Customers) -> None:
    acts = _Acts(customers)
    by_name: dict[str, Act] = {name: getattr(acts, name) for name in _ACT_NAMES}

    @page.post("/page/act/<name>")
    def act(name: str) -> Response:
        do = by_name.get(name)
        if do is None:
            abort(404)
        body = _body()
        return jsonify(delivery=_outcome(do(text_of(body, "user", most=40), body)))

    @page.post("/page/redeliver")
    def redeliver() -> Response:
        event_id = text_of(_body(), "event", most=40)
        if platform.webhooks.owner_of(event_id) is None:
            raise Refused("このイベントは見つかりません。")
        return jsonify(delivery=_outcome(platform.webhooks.deliver(event_id)))

    @page.post("/page/people")
    def add_person() -> Response:
        body = _body()
        name = text_of(body, "name", most=NAME_MAX).strip()
        language = text_of(body, "language", most=10)
        account = Account(new_user_id(), name, language, "stranger")
        platform.people.add([account])
        platform.people.mark_played(account.user_id)
        return jsonify(person=_person(account))


def _add_world(page: Blueprint, platform: Platform, travel: Travel) -> None:
    journey = threading.Lock()

    @page.post("/page/travel")
    def go() -> Response:
        target = _target(_body(), platform.time.now())
        if not journey.acquire(blocking=False):
            raise NotPossible("いま時間を進めています。少しお待ちください。")
        try:
            travel(target)
        finally:
            journey.release()
        return jsonify(now=milliseconds(platform.time.now()))

    @page.post("/page/plan")
    def change_plan() -> Response:
        limit = _body().get("limit")
        is_number = isinstance(limit, int) and not isinstance(limit, bool)
        if limit is not None and not (is_number and 0 <= limit <= 10_000_000):
            raise Refused("通数は0以上の整数で入力してください。")
        platform.chat.set_plan(limit)
        return jsonify(plan=limit)


def _target(body: Body, now: datetime) -> datetime:
    """Where to travel: `seconds` ahead, or `to` a local Japanese time without offset."""
    seconds, to = body.get("seconds"), body.get("to")
    if isinstance(seconds, int) and 0 < seconds <= TRAVEL_MAX.total_seconds():
        return now + timedelta(seconds=seconds)
    try:
        target = datetime.fromisoformat(str(to)).replace(tzinfo=JAPAN)
    except ValueError:
        raise Refused("日時を選んでください。") from None
    if target <= now:
        raise Refused("時間は先にしか進められません。いまより後の日時を選んでください。")
    if target > now + TRAVEL_MAX:
        raise Refused("一度に進められるのは3年までです。")
    return target
