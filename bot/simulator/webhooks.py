"""Webhooks: events as LINE writes them, signed, posted to the bot, and recorded.

A delivery takes place in the thread that asks for it. LINE gives a bot 2 seconds, and so does
the simulator. What the bot answered is kept, so that the page can say that a webhook failed.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import urllib3

from .store import PlatformStore
from .times import milliseconds

WEBHOOK_TIMEOUT_SECONDS = 2.0
RECENT_MAX = 60
EVENTS_MAX = 30
BEACONS_MAX = 8
_BEACON_EVENTS_READ_MAX = 200

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Events that can't be answered carry no reply token.
_WITHOUT_REPLY = ("unfollow", "unsend")


def ulid(at: datetime) -> str:
    """A ULID: 48 bits of milliseconds, 80 random ones (https://github.com/ulid/spec)."""
    number = milliseconds(at) << 80 | secrets.randbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def sign(secret: str, body: bytes) -> str:
    """The X-Line-Signature of a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@dataclass(frozen=True)
class WebhookDelivery:
    """What came of one delivery."""

    event_id: str
    #: The HTTP status; None when no answer came.
    status: int | None
    #: LINE's word for what went wrong: "REQUEST_TIMEOUT", …
    error: str | None
    took_ms: int

    @property
    def ok(self) -> bool:
        return self.status == 200


@dataclass(frozen=True)
class RecordedEvent:
    """An event that was sent."""

    event_id: str
    #: As LINE writes it.
    body: Mapping[str, Any]
    #: How often it was delivered.
    times: int
    #: How that went the last time.
    delivery: WebhookDelivery


class Webhooks:
    """Builds, delivers and redelivers events; `url` and `secret` are the bot's. `reached`: other
    addresses that the bot may name as its own, each with where it is reached from here; nobody else
    is ever called."""

    def __init__(
        self,
        store: PlatformStore,
        *,
        url: str,
        secret: str,
        destination: str,
        now: Callable[[], datetime],
        reached: Mapping[str, str] | None = None,
    ) -> None:
        self.url = url
        self.secret = secret
        self._reached = {url: url, **(reached or {})}
        self._store = store
        self._destination = destination
        self._now = now
        self._http = urllib3.PoolManager(retries=False, maxsize=8)

    def close(self) -> None:
        """Closes idle connections to the bot."""
        self._http.clear()

    def record(self, user_id: str, kind: str, contents: Mapping[str, Any], *, at: datetime) -> str:
        """Stores a new event of `user_id` without delivering it; its webhookEventId.

        `contents` are the properties of this kind of event, e.g. {"postback": {"data": "x"}}.
        """
        token = None if kind in _WITHOUT_REPLY else secrets.token_hex(16)
        event_id = ulid(at)
        event = {
            "type": kind,
            **contents,
            "webhookEventId": event_id,
            "deliveryContext": {"isRedelivery": False},
            "timestamp": milliseconds(at),
            "source": {"type": "user", "userId": user_id},
            **({"replyToken": token} if token else {}),
            "mode": "active",
        }
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO events (event_id, user_id, body, reply_token, occurred_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (event_id, user_id, json.dumps(event), token, time.time()),
            )
        return event_id

    def deliver(self, event_id: str) -> WebhookDelivery:
        """Delivers a stored event, for the first time or again; KeyError if there is none.

        A further delivery has the same id and reply token, with isRedelivery true; the token's
        minute begins anew.
        """
        with self._store.writing() as connection:
            row = connection.execute(
                "UPDATE events SET delivered_at = ? WHERE event_id = ? RETURNING body",
                (time.time(), event_id),
            ).fetchone()
            if row is None:
                raise KeyError(event_id)
            tried = connection.execute(
                "SELECT 1 FROM deliveries WHERE event_id = ? LIMIT 1", (event_id,)
            ).fetchone()
        event = json.loads(row["body"])
        event["deliveryContext"]["isRedelivery"] = tried is not None
        delivery = self._post(event_id, [event])
        self._keep(delivery, is_redelivery=tried is not None)
        return delivery

    def ping(self, url: str | None = None) -> WebhookDelivery:
        """Sends a request without events, as the console's Verify button does."""
        return self._post("", [], url)

    def knows(self, url: str) -> bool:
        """Whether it is an address of the bot."""
        return url in self._reached

    def _post(self, event_id: str, events: list[Any], url: str | None = None) -> WebhookDelivery:
        body = json.dumps(
            {"destination": self._destination, "events": events}, ensure_ascii=False
        ).encode("utf-8", "replace")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "X-Line-Signature": sign(self.secret, body),
        }
        started = time.monotonic()
        status, error = None, None
        try:
            response = self._http.request(
                "POST",
                self._reached[url or self.url],
                body=body,
                headers=headers,
                redirect=False,
                timeout=urllib3.Timeout(total=WEBHOOK_TIMEOUT_SECONDS),
            )
            status = response.status
        except urllib3.exceptions.NewConnectionError:  # a TimeoutError too, but a prompt one
            error = "COULD_NOT_CONNECT"
        except urllib3.exceptions.TimeoutError:
            error = "REQUEST_TIMEOUT"
        except urllib3.exceptions.HTTPError:
            error = "COULD_NOT_CONNECT"
        if status is not None and status != 200:
            error = "ERROR_STATUS_CODE"
        return WebhookDelivery(event_id, status, error, int((time.monotonic() - started) * 1000))

    def _keep(self, delivery: WebhookDelivery, *, is_redelivery: bool) -> None:
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO deliveries (event_id, status, error, at_ms, took_ms, is_redelivery) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (
                    delivery.event_id,
                    delivery.status,
                    delivery.error,
                    milliseconds(self._now()),
                    delivery.took_ms,
                    is_redelivery,
                ),
            )

    def owner_of(self, event_id: str) -> str | None:
        """Whose event it is, or None if there is no such event."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT user_id FROM events WHERE event_id = ?", (event_id,)
            ).fetchone()
        return None if row is None else str(row["user_id"])

    def recent(self, user_id: str) -> list[WebhookDelivery]:
        """How the last delivery of each of somebody's RECENT_MAX newest events went."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT e.event_id, d.status, d.error, d.took_ms FROM ("
                " SELECT event_id FROM events WHERE user_id = ?"
                " ORDER BY occurred_at DESC LIMIT ?) e "
                "JOIN deliveries d ON d.id = "
                "(SELECT max(id) FROM deliveries WHERE event_id = e.event_id)",
                (user_id, RECENT_MAX),
            ).fetchall()
        return [WebhookDelivery(r["event_id"], r["status"], r["error"], r["took_ms"]) for r in rows]

    def events_of(self, user_id: str) -> list[RecordedEvent]:
        """Somebody's EVENTS_MAX newest events that were delivered at least once, newest first."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT e.event_id, e.body, d.status, d.error, d.took_ms, "
                "(SELECT count(*) FROM deliveries WHERE event_id = e.event_id) AS times FROM ("
                " SELECT event_id, body, occurred_at FROM events WHERE user_id = ?"
                " ORDER BY occurred_at DESC LIMIT ?) e "
                "JOIN deliveries d ON d.id = "
                "(SELECT max(id) FROM deliveries WHERE event_id = e.event_id) "
                "ORDER BY e.occurred_at DESC",
                (user_id, EVENTS_MAX),
            ).fetchall()
        return [
            RecordedEvent(
                r["event_id"],
                json.loads(r["body"]),
                r["times"],
                WebhookDelivery(r["event_id"], r["status"], r["error"], r["took_ms"]),
            )
            for r in rows
        ]

    def beacons(self) -> list[str]:
        """The hardware ids of the beacons that anybody came near lately, the last one first."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT json_extract(body, '$.beacon.hwid') FROM events "
                "WHERE json_extract(body, '$.type') = 'beacon' ORDER BY occurred_at DESC LIMIT ?",
                (_BEACON_EVENTS_READ_MAX,),
            ).fetchall()
        return list(dict.fromkeys(row[0] for row in rows))[:BEACONS_MAX]
