"""The simulator's own SQLite file: schema, connections, and the few settings it keeps.

Everything above uses two context managers, `reading()` and `writing()`. A writer takes our own
lock before SQLite's, so that threads of one process queue instead of polling for the file lock;
other processes (a command run beside the server) are covered by SQLite's busy timeout.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_TIMEOUT_SECONDS = 10.0

# Message ids begin where LINE's real ones look alike (18 digits) and only ever grow.
MESSAGE_ID_BEFORE_FIRST = 561_000_000_000_000_000

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS accounts (
    user_id TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('stranger', 'friend', 'blocked')),
    wrote INTEGER NOT NULL DEFAULT 0,       -- sent a message without being a friend
    menu_id TEXT,                           -- the rich menu linked to this user
    loading_until REAL NOT NULL DEFAULT 0,  -- wall time, seconds
    used_at REAL NOT NULL DEFAULT 0         -- wall time when last played on the page
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS phones (number TEXT PRIMARY KEY, user_id TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('bot', 'user', 'note')),
    via TEXT NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,                 -- simulated time
    event_id TEXT,
    visible INTEGER NOT NULL DEFAULT 1      -- 0: sent to somebody who doesn't receive it
);
CREATE INDEX IF NOT EXISTS messages_by_user ON messages (user_id, id);
INSERT INTO sqlite_sequence (name, seq) SELECT 'messages', {MESSAGE_ID_BEFORE_FIRST}
    WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'messages');

CREATE TABLE IF NOT EXISTS seen (
    user_id TEXT PRIMARY KEY, line_id INTEGER NOT NULL  -- the last message the page showed
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS read_tokens (
    token TEXT PRIMARY KEY, user_id TEXT NOT NULL, message_id INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reads (
    user_id TEXT PRIMARY KEY, message_id INTEGER NOT NULL  -- the last one that the shop has read
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS contents (
    message_id INTEGER PRIMARY KEY, content_type TEXT NOT NULL, body BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS events (
    event_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    body TEXT NOT NULL,
    reply_token TEXT UNIQUE,
    occurred_at REAL NOT NULL,              -- wall time, seconds
    delivered_at REAL NOT NULL DEFAULT 0,   -- wall time of the last delivery
    replied INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_by_user ON events (user_id, occurred_at);

CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL,
    status INTEGER,                         -- HTTP status, NULL when there was no answer
    error TEXT,
    at_ms INTEGER NOT NULL,                 -- simulated time
    took_ms INTEGER NOT NULL,
    is_redelivery INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_by_event ON deliveries (event_id, id);

CREATE TABLE IF NOT EXISTS retry_keys (
    key TEXT PRIMARY KEY, request_id TEXT NOT NULL, sent TEXT, at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS units (
    unit TEXT NOT NULL,
    user_id TEXT NOT NULL,
    message_id INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,               -- simulated time
    tapped INTEGER NOT NULL DEFAULT 0       -- opened a link in it
);
CREATE INDEX IF NOT EXISTS units_by_unit ON units (unit, sent_ms);
CREATE INDEX IF NOT EXISTS units_by_user ON units (user_id, message_id);

CREATE TABLE IF NOT EXISTS usage (month TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS menus (
    menu_id TEXT PRIMARY KEY, body TEXT NOT NULL, content_type TEXT, image BLOB,
    created INTEGER NOT NULL                -- order of creation
);

CREATE TABLE IF NOT EXISTS aliases (alias_id TEXT PRIMARY KEY, menu_id TEXT NOT NULL) WITHOUT ROWID;
"""


class PlatformStore:
    """One SQLite file, safe to use from any number of threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._path = path
        self._start_pool()
        with self._connection() as connection:
            connection.executescript(SCHEMA)

    def _start_pool(self) -> None:
        self._pid = os.getpid()
        self._idle: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._writer_lock = threading.Lock()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._pid != os.getpid():
            # A forked worker must not use connections its parent opened.
            self._start_pool()
        with self._pool_lock:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._open()
        try:
            yield connection
        finally:
            with self._pool_lock:
                self._idle.append(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for SELECTs; each statement sees the newest commit."""
        with self._connection() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end, rolled back if an exception leaves it."""
        with self._connection() as connection, self._writer_lock:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Closes the idle connections; the store opens new ones if it is used again."""
        with self._pool_lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def setting(connection: sqlite3.Connection, key: str) -> str | None:
    """The stored value of a setting, or None if it was never stored."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row["value"])


def keep_setting(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Stores a setting, replacing what was there."""
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
