"""The LINE accounts one can play: who they are, and whether they are friends of the bot."""

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .store import PlatformStore

Status = Literal["stranger", "friend", "blocked"]

USER_ID = re.compile(r"U[0-9a-f]{32}")
LISTED_MAX = 60
#: As large as SQLite counts.
_LINE_ID_MAX = 2**63 - 1


@dataclass(frozen=True)
class Account:
    """A LINE account."""

    #: "U" and 32 hexadecimal digits.
    user_id: str
    display_name: str
    language: str = "ja"
    #: A stranger never followed the bot; who blocked it was a friend.
    status: Status = "friend"
    #: Whether they ever sent a message.
    wrote: bool = False
    #: The loading dots are shown until then (wall time, seconds).
    loading_until: float = 0.0

    @property
    def reachable(self) -> bool:
        """Whether what the bot sends arrives, and whether its profile may be read."""
        return self.status == "friend" or (self.status == "stranger" and self.wrote)


@dataclass(frozen=True)
class Talk:
    """An account as a list of talks shows it."""

    account: Account
    #: The last message; None without one, or where the last thing was no message.
    last: Mapping[str, Any] | None
    #: Simulated time.
    last_at_ms: int | None
    #: Messages of the bot's that the page has not shown yet.
    unread: int


def new_user_id() -> str:
    """A user id in LINE's format that nobody has."""
    return "U" + secrets.token_hex(16)


_COLUMNS = "user_id, display_name, language, status, wrote, loading_until"
_TALKS = f"""
WITH found AS (
    SELECT {_COLUMNS}, used_at,
        (SELECT max(id) FROM messages m WHERE m.user_id = a.user_id AND visible) AS newest
    FROM accounts a
    WHERE display_name LIKE ? ESCAPE '\\' OR user_id LIKE ? ESCAPE '\\'
    ORDER BY newest IS NULL, newest DESC, used_at DESC, display_name, user_id LIMIT ?
)
SELECT found.user_id, display_name, language, status, wrote, loading_until,
    m.body, m.side, m.at_ms,
    (SELECT count(*) FROM messages u
     WHERE u.user_id = found.user_id AND u.side = 'bot' AND u.visible AND u.id >
        coalesce((SELECT line_id FROM seen WHERE seen.user_id = found.user_id), 0)) AS unread
FROM found LEFT JOIN messages m ON m.id = found.newest
ORDER BY newest IS NULL, newest DESC, used_at DESC, display_name, found.user_id
"""


class People:
    """The accounts in the store."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    def add(self, accounts: Iterable[Account]) -> None:
        """Adds accounts in one transaction; one that exists gets the new name and language only.

        ValueError if a user id isn't "U" and 32 hexadecimal digits.
        """
        rows = [(a.user_id, a.display_name, a.language, a.status) for a in accounts]
        for user_id, *_ in rows:
            if not USER_ID.fullmatch(user_id):
                raise ValueError(f"not a LINE user id: {user_id!r}")
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO accounts (user_id, display_name, language, status) "
                "VALUES (?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET "
                "display_name = excluded.display_name, language = excluded.language",
                rows,
            )

    def get(self, user_id: str) -> Account | None:
        """The account, or None if there is none of that id."""
        with self._store.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM accounts WHERE user_id = ?", (user_id,)
            ).fetchone()
        return None if row is None else _account(row)

    def search(self, text: str) -> list[Talk]:
        """Accounts whose name (or user id's beginning) has `text` in it, newest talk first."""
        like = re.sub(r"([\\%_])", r"\\\1", text.strip())
        with self._store.reading() as connection:
            rows = connection.execute(_TALKS, (f"%{like}%", f"{like}%", LISTED_MAX)).fetchall()
        return [_talk(row) for row in rows]

    def count(self) -> int:
        """How many accounts there are."""
        with self._store.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM accounts").fetchone()[0])

    def set_status(self, user_id: str, status: Status) -> None:
        """Makes somebody a friend, or one who blocked."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE accounts SET status = ?, used_at = ? WHERE user_id = ?",
                (status, time.time(), user_id),
            )

    def mark_wrote(self, user_id: str) -> None:
        """Remembers that somebody wrote, and that this account was played last."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE accounts SET wrote = 1, used_at = ? WHERE user_id = ?",
                (time.time(), user_id),
            )

    def mark_played(self, user_id: str) -> None:
        """Lists an account first."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE accounts SET used_at = ? WHERE user_id = ?", (time.time(), user_id)
            )

    def mark_seen(self, user_id: str, line_id: int) -> None:
        """Remembers that somebody's chat was looked at up to a line."""
        line_id = min(line_id, _LINE_ID_MAX)
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO seen (user_id, line_id) VALUES (?, ?) ON CONFLICT (user_id) "
                "DO UPDATE SET line_id = max(line_id, excluded.line_id)",
                (user_id, line_id),
            )

    def show_loading(self, user_id: str, until: float) -> None:
        """Shows the loading dots until a wall time, or until the next message arrives."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE accounts SET loading_until = ? WHERE user_id = ?", (until, user_id)
            )


def _account(row: sqlite3.Row) -> Account:
    user_id, display_name, language, status, wrote, loading_until = tuple(row)
    return Account(user_id, display_name, language, status, bool(wrote), loading_until)


def _talk(row: sqlite3.Row) -> Talk:
    *account, body, side, at_ms, unread = tuple(row)
    user_id, display_name, language, status, wrote, loading_until = account
    return Talk(
        Account(user_id, display_name, language, status, bool(wrote), loading_until),
        last=None if body is None or side == "note" else json.loads(body),
        last_at_ms=at_ms,
        unread=unread,
    )
