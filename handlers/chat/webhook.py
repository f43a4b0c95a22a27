"""LINE's webhook: check the signature, keep the events, say 200; the work comes afterwards.

LINE counts an answer that takes longer than two seconds as a failure, so nothing else is done here.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import structlog
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wsgi import get_input_stream

from bot import metrics
from bot.line.events import MalformedBody, RawEvent, signature_is_valid, split
from bot.store.engine.group_commit import GroupCommit
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from handlers.club import Club

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger(__name__)

#: Far above anything LINE sends (its own requests end at 2 MB), far below what would hurt.
BODY_BYTES_MAX = 8 * 1024 * 1024
#: As long as the columns are that keep them. LINE's own have 26 and 33 characters.
EVENT_ID_MAX = 80
USER_ID_MAX = 64
_NOTHING = [("Content-Type", "text/plain"), ("Content-Length", "0")]


class Webhook:
    """`POST /callback`, a WSGI application by itself. `wake` tells the workers that there is
    something to do."""

    rule = "/callback"

    def __init__(self, club: Club, *, channel_secret: str, wake: Callable[[], None]) -> None:
        self._secret = channel_secret
        self._keeping: GroupCommit[ArrivedEvent] = GroupCommit(
            club.store,
            lambda uow, arrived: webhook_events.store(uow, arrived, at=club.now()),
            partial(_count_kept, wake),
        )

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        try:
            start(self._receive(environ), _NOTHING)
        except HTTPException as refusal:
            return refusal(environ, start)
        except Exception:
            log.exception("webhook_failed")
            return InternalServerError()(environ, start)
        return ()

    def _receive(self, environ: "WSGIEnvironment") -> str:
        """Keeps what came; gives the status to answer with."""
        body = get_input_stream(environ, max_content_length=BODY_BYTES_MAX).read()
        if not signature_is_valid(self._secret, body, environ.get("HTTP_X_LINE_SIGNATURE")):
            metrics.count_webhook_events("bad_signature")
            return "400 BAD REQUEST"
        if arrived := _read(body):
            self._keeping.add(arrived)
        return "200 OK"


def _read(body: bytes) -> list[ArrivedEvent]:
    """The events in `body`; none where it is nothing we can read."""
    try:
        return [_arrived_event(event) for event in split(body)]
    except MalformedBody:
        # It is LINE's signature: refusing it would only make LINE send it again.
        log.warning("webhook_malformed", bytes=len(body))
        metrics.count_webhook_events("malformed")
        return []


def _count_kept(wake: Callable[[], None], arrived: int, new: int) -> None:
    """`arrived` events are kept, of which `new` had not been before."""
    if new:
        metrics.count_webhook_events("stored", new)
        wake()
    if new < arrived:
        metrics.count_webhook_events("duplicate", arrived - new)


def _arrived_event(event: RawEvent) -> ArrivedEvent:
    event_id = event.event_id
    if len(event_id) > EVENT_ID_MAX:
        event_id = "sha256:" + hashlib.sha256(event_id.encode()).hexdigest()
    if event.source_type in ("group", "room"):
        return ArrivedEvent(event_id, None, _without_contents(event.body))
    known = event.user_id if event.user_id and len(event.user_id) <= USER_ID_MAX else None
    return ArrivedEvent(event_id, known, event.body)


def _without_contents(body: str) -> str:
    """A group's event without who said what: we answer there, but keep nothing of it."""
    event = json.loads(body)
    kept = ("type", "mode", "timestamp", "webhookEventId", "deliveryContext", "replyToken")
    bare = {name: event[name] for name in kept if name in event}
    bare["source"] = {"type": event["source"]["type"]}
    message = event.get("message")
    mention = message.get("mention") if isinstance(message, dict) else None
    mentionees = mention.get("mentionees") if isinstance(mention, dict) else None
    if isinstance(mentionees, list):
        is_us = any(isinstance(who, dict) and who.get("isSelf") is True for who in mentionees)
        bare["message"] = {"mention": {"mentionees": [{"isSelf": is_us}]}}
    return json.dumps(bare, separators=(",", ":"))
