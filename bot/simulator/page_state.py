"""What the page shows: the world, the customers, one customer's chat and events."""

import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .chat import ChatEntry
from .people import Account, Talk
from .platform import Platform
from .times import milliseconds
from .webhooks import RecordedEvent, WebhookDelivery

NAME_MAX = 40
_WORDS_MAX = 60
_MEDIA = {
    "image": "［写真］",
    "sticker": "［スタンプ］",
    "video": "［動画］",
    "audio": "［音声］",
    "location": "［位置情報］",
}


def add_state(page: Blueprint, platform: Platform) -> None:
    """Adds the routes that the page reads."""

    @page.get("/page/people")
    def find_people() -> Response:
        talks = platform.people.search(request.args.get("q", "")[:NAME_MAX])
        return jsonify(people=[_talk_view(talk) for talk in talks], count=platform.people.count())

    @page.get("/page/state")
    def state() -> Response:
        now = platform.time.now()
        world = {
            "now": milliseconds(now),
            "ahead": int(platform.time.offset().total_seconds()),
            "plan": platform.chat.plan(),
            "used": platform.chat.used(now),
            "last": str(platform.chat.last_id()),
        }
        account = platform.people.get(request.args.get("user", ""))
        if account is None:
            return jsonify(world=world, person=None)
        after = request.args.get("after", 0, type=int)
        return jsonify(
            world=world,
            person={**person_view(account), "phone": platform.phones.number_of(account.user_id)},
            loading=account.reachable and account.loading_until > time.time(),
            menu=_menu_for(platform, account),
            lines=[_line_view(line) for line in platform.chat.lines(account.user_id, after=after)],
            read=str(platform.chat.read_up_to(account.user_id)),
            deliveries={
                delivery.event_id: outcome_view(delivery)
                for delivery in platform.webhooks.recent(account.user_id)
            },
        )

    @page.get("/page/events")
    def events() -> Response:
        found = platform.webhooks.events_of(request.args.get("user", ""))
        return jsonify(
            events=[_event_view(event) for event in found], beacons=platform.webhooks.beacons()
        )


def person_view(account: Account) -> dict[str, Any]:
    """An account as the page knows it."""
    return {
        "id": account.user_id,
        "name": account.display_name,
        "language": account.language,
        "status": account.status,
    }


def outcome_view(delivery: WebhookDelivery) -> dict[str, Any]:
    """How a delivery went."""
    return {
        "ok": delivery.ok,
        "status": delivery.status,
        "error": delivery.error,
        "ms": delivery.took_ms,
    }


def _talk_view(talk: Talk) -> dict[str, Any]:
    return {
        **person_view(talk.account),
        "unread": talk.unread,
        "words": "" if talk.last is None else words_of(talk.last),
        "at": talk.last_at_ms,
    }


def words_of(body: Mapping[str, Any]) -> str:
    """One line that stands for a message in a list."""
    words = _MEDIA.get(str(body.get("type"))) or body.get("altText") or body.get("text") or ""
    return " ".join(str(words).split())[:_WORDS_MAX]


def _line_view(line: ChatEntry) -> dict[str, Any]:
    return {
        "id": str(line.id),
        "side": line.side,
        "via": line.via,
        "body": line.body,
        "at": line.at_ms,
        "event": line.event_id,
    }


def _event_view(event: RecordedEvent) -> dict[str, Any]:
    body = event.body
    message = body.get("message") or {}
    postback, beacon = body.get("postback") or {}, body.get("beacon") or {}
    membership = body.get("membership") or {}
    words = words_of(message) or postback.get("data") or beacon.get("hwid") or ""
    words = words or " ".join(map(str, membership.values()))
    return {
        "id": event.event_id,
        "kind": body["type"],
        "words": words[:_WORDS_MAX],
        "at": body["timestamp"],
        "times": event.times,
        **outcome_view(event.delivery),
    }


def _menu_for(platform: Platform, account: Account) -> dict[str, Any] | None:
    if account.status != "friend":
        return None
    menu = platform.menus.seen_by(account.user_id)
    if menu is None or not menu.has_image:
        return None
    is_own = menu.menu_id == platform.menus.linked_id(account.user_id)
    return {"id": menu.menu_id, "own": is_own, **menu.body}
