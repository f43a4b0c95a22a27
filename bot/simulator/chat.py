"""The chats: what was said on both sides, and LINE's terms for letting the bot speak.

Reply tokens, retry keys and the monthly limit are decided in the same transaction that stores the
messages, so that two requests at once can't both win.
"""

import base64
import json
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from .errors import AlreadyAccepted, InvalidReplyToken, PlanUsedUp
from .people import Account
from .store import PlatformStore, keep_setting, setting
from .times import milliseconds, month_of

REPLY_TOKEN_SECONDS = 60.0
EVENT_SECONDS_MAX = 20 * 60.0  # a token is dead 20 minutes after the event, redelivered or not
RETRY_KEY_LIFE = timedelta(hours=24)
PLAN_DEFAULT = 5_000
SHOWN_MAX = 300

Side = Literal["bot", "user", "note"]


@dataclass(frozen=True)
class ChatEntry:
    """One entry of a chat as the page shows it."""

    #: Grows with every entry of anybody's chat.
    id: int
    side: Side
    #: By what it came: "reply", "push", "user", the kind of an event.
    via: str
    #: A message object of LINE's, or what a note is about.
    body: Mapping[str, Any]
    #: Simulated time.
    at_ms: int
    #: The event that told the bot about it.
    event_id: str | None


def quote_token() -> str:
    """An opaque token in the form LINE uses."""
    return base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()


class Chat:
    """Messages in the store, and the rules for adding to them."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    # What the customer does.

    def say(
        self,
        user_id: str,
        body: Mapping[str, Any],
        *,
        side: Side = "user",
        via: str,
        at: datetime,
        event_id: str | None = None,
    ) -> int:
        """Adds a customer's message, or a note about what a customer did; its id."""
        with self._store.writing() as connection:
            return _insert(connection, user_id, side, via, body, milliseconds(at), event_id)

    def tie(self, message_id: int, event_id: str) -> None:
        """Notes which event told the bot about a message."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE messages SET event_id = ? WHERE id = ?", (event_id, message_id)
            )

    def attach(self, message_id: int, *, content_type: str, body: bytes) -> None:
        """Keeps the picture that a customer sent."""
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO contents (message_id, content_type, body) VALUES (?, ?, ?)",
                (message_id, content_type, body),
            )

    def give_read_token(self, message_id: int, user_id: str, token: str) -> None:
        """Keeps what marks the message, and all before it, as read."""
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO read_tokens (token, user_id, message_id) VALUES (?, ?, ?)",
                (token, user_id, message_id),
            )

    def mark_read(self, token: str) -> bool:
        """Marks the messages up to that token's as read; False for a token that never was."""
        with self._store.writing() as connection:
            row = connection.execute(
                "SELECT user_id, message_id FROM read_tokens WHERE token = ?", (token,)
            ).fetchone()
            if row is None:
                return False
            connection.execute(
                "INSERT INTO reads (user_id, message_id) VALUES (?, ?) ON CONFLICT (user_id)"
                " DO UPDATE SET message_id = max(message_id, excluded.message_id)",
                (row["user_id"], row["message_id"]),
            )
        return True

    def read_up_to(self, user_id: str) -> int:
        """The last message of that customer which the shop has read; 0 for none."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT message_id FROM reads WHERE user_id = ?", (user_id,)
            ).fetchone()
        return 0 if row is None else int(row["message_id"])

    def content(self, message_id: int) -> tuple[str, bytes] | None:
        """Content type and bytes of a picture that a customer sent, or None."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT content_type, body FROM contents WHERE message_id = ?", (message_id,)
            ).fetchone()
        return None if row is None else (row["content_type"], row["body"])

    def lines(self, user_id: str, *, after: int = 0) -> list[ChatEntry]:
        """What the customer sees, oldest first: all after an id, at most the newest SHOWN_MAX."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT id, side, via, body, at_ms, event_id FROM messages "
                "WHERE user_id = ? AND id > ? AND visible ORDER BY id DESC LIMIT ?",
                (user_id, after, SHOWN_MAX),
            ).fetchall()
        return [
            ChatEntry(
                r["id"], r["side"], r["via"], json.loads(r["body"]), r["at_ms"], r["event_id"]
            )
            for r in reversed(rows)
        ]

    def last_id(self) -> int:
        """The id of the newest message of anybody, shown or not; 0 if there is none."""
        with self._store.reading() as connection:
            row = connection.execute("SELECT max(id) FROM messages").fetchone()
        return int(row[0] or 0)

    def arrived(self, *, after: int) -> dict[str, int]:
        """How many messages of the bot's each person received after an id."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT user_id, count(*) FROM messages "
                "WHERE id > ? AND side = 'bot' AND visible GROUP BY user_id",
                (after,),
            ).fetchall()
        return {row[0]: row[1] for row in rows}

    # What the bot does.

    def reply(
        self, token: str, messages: Sequence[Mapping[str, Any]], *, at: datetime
    ) -> list[dict[str, str]]:
        """Shows messages in the chat the token belongs to; InvalidReplyToken if it's no good."""
        wall = time.time()
        with self._store.writing() as connection:
            used = connection.execute(
                "UPDATE events SET replied = 1 WHERE reply_token = ? AND NOT replied "
                "AND delivered_at >= ? AND occurred_at >= ? RETURNING user_id",
                (token, wall - REPLY_TOKEN_SECONDS, wall - EVENT_SECONDS_MAX),
            ).fetchone()
            if used is None:
                raise InvalidReplyToken
            return _show(connection, used["user_id"], messages, via="reply", at=at, blocked=None)

    def push(
        self,
        account: Account,
        messages: Sequence[Mapping[str, Any]],
        *,
        retry_key: str | None,
        request_id: str,
        at: datetime,
    ) -> list[dict[str, str]]:
        """Shows messages to one account, if it is reachable; raises as `_admit` does."""
        with self._store.writing() as connection:
            _admit(connection, retry_key, recipients=int(account.reachable), at=at)
            sent = _show(
                connection,
                account.user_id,
                messages,
                via="push",
                at=at,
                blocked=not account.reachable,
            )
            _remember(connection, retry_key, request_id, sent, at)
            return sent

    def multicast(
        self,
        accounts: Iterable[Account],
        messages: Sequence[Mapping[str, Any]],
        *,
        retry_key: str | None,
        request_id: str,
        at: datetime,
    ) -> None:
        """Shows messages to all of the accounts that are reachable; raises as `_admit` does."""
        reachable = [account for account in accounts if account.reachable]
        with self._store.writing() as connection:
            _admit(connection, retry_key, recipients=len(reachable), at=at)
            for account in reachable:
                _show(connection, account.user_id, messages, via="multicast", at=at, blocked=False)
            _remember(connection, retry_key, request_id, None, at)

    def sms(self, user_id: str, text: str, *, at: datetime) -> int:
        """Shows an SMS on somebody's phone, which LINE knows nothing of; its id."""
        body = {"type": "text", "text": text}
        return self.say(user_id, body, side="bot", via="sms", at=at)

    # The plan.

    def plan(self) -> int | None:
        """Messages a month that may be pushed, or None for no limit."""
        with self._store.reading() as connection:
            return _plan(connection)

    def set_plan(self, limit: int | None) -> None:
        """Changes the plan; None for no limit."""
        with self._store.writing() as connection:
            keep_setting(connection, "plan", "none" if limit is None else str(limit))

    def used(self, at: datetime) -> int:
        """Messages pushed in the month of `at`, one per recipient."""
        with self._store.reading() as connection:
            return _used(connection, month_of(at))


def _insert(
    connection: sqlite3.Connection,
    user_id: str,
    side: Side,
    via: str,
    body: Mapping[str, Any],
    at_ms: int,
    event_id: str | None = None,
    *,
    visible: bool = True,
) -> int:
    text = json.dumps(body)
    row = connection.execute(
        "INSERT INTO messages (user_id, side, via, body, at_ms, event_id, visible) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (user_id, side, via, text, at_ms, event_id, visible),
    ).fetchone()
    return int(row["id"])


def _show(
    connection: sqlite3.Connection,
    user_id: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    via: str,
    at: datetime,
    blocked: bool | None,
) -> list[dict[str, str]]:
    if blocked is None:
        row = connection.execute(
            "SELECT status FROM accounts WHERE user_id = ?", (user_id,)
        ).fetchone()
        blocked = row is None or row["status"] == "blocked"
    sent = []
    for message in messages:
        message_id = _insert(
            connection, user_id, "bot", via, message, milliseconds(at), visible=not blocked
        )
        sent.append({"id": str(message_id), "quoteToken": quote_token()})
    if not blocked:
        connection.execute("UPDATE accounts SET loading_until = 0 WHERE user_id = ?", (user_id,))
    return sent


def _admit(
    connection: sqlite3.Connection, retry_key: str | None, *, recipients: int, at: datetime
) -> None:
    """Raises AlreadyAccepted or PlanUsedUp, or counts the recipients."""
    connection.execute(
        "DELETE FROM retry_keys WHERE at_ms < ?", (milliseconds(at - RETRY_KEY_LIFE),)
    )
    if retry_key is not None:
        row = connection.execute(
            "SELECT request_id, sent FROM retry_keys WHERE key = ?", (retry_key,)
        ).fetchone()
        if row is not None:
            raise AlreadyAccepted(row["request_id"], row["sent"] and json.loads(row["sent"]))
    plan, month = _plan(connection), month_of(at)
    if plan is not None and _used(connection, month) + max(recipients, 1) > plan:
        raise PlanUsedUp
    connection.execute(
        "INSERT INTO usage (month, count) VALUES (?, ?) "
        "ON CONFLICT (month) DO UPDATE SET count = count + excluded.count",
        (month, recipients),
    )


def _remember(
    connection: sqlite3.Connection,
    retry_key: str | None,
    request_id: str,
    sent: list[dict[str, str]] | None,
    at: datetime,
) -> None:
    if retry_key is not None:
        connection.execute(
            "INSERT INTO retry_keys (key, request_id, sent, at_ms) VALUES (?, ?, ?, ?)",
            (retry_key, request_id, sent and json.dumps(sent), milliseconds(at)),
        )


def _plan(connection: sqlite3.Connection) -> int | None:
    stored = setting(connection, "plan")
    if stored == "none":
        return None
    return PLAN_DEFAULT if stored is None else int(stored)


def _used(connection: sqlite3.Connection, month: str) -> int:
    row = connection.execute("SELECT count FROM usage WHERE month = ?", (month,)).fetchone()
    return 0 if row is None else int(row["count"])
