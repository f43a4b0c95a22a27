"""The telephone numbers of those who are played: made up, and known nowhere but here."""

import hashlib
import sqlite3

from .store import PlatformStore


class Phones:
    """Every account has a number of its own, given when somebody first asks for it."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    def number_of(self, user_id: str) -> str:
        """The number of an account in international form, always the same: "+819012345678"."""
        with self._store.writing() as connection:
            known = connection.execute(
                "SELECT number FROM phones WHERE user_id = ?", (user_id,)
            ).fetchone()
            return str(known["number"]) if known else _give(connection, user_id)

    def owner_of(self, number: str) -> str | None:
        """The account whose number that is, or None."""
        with self._store.reading() as connection:
            row = connection.execute(
                "SELECT user_id FROM phones WHERE number = ?", (number,)
            ).fetchone()
        return None if row is None else str(row["user_id"])


def _give(connection: sqlite3.Connection, user_id: str) -> str:
    for attempt in range(100):
        digest = hashlib.sha256(f"{user_id} {attempt}".encode()).digest()
        # Japanese mobile numbers: 090 and eight digits, the first of which is no 0.
        number = f"+8190{10_000_000 + int.from_bytes(digest[:8], 'big') % 90_000_000}"
        given = connection.execute(
            "INSERT INTO phones (number, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (number, user_id),
        )
        if given.rowcount:
            return number
    raise RuntimeError("no free telephone number found")
