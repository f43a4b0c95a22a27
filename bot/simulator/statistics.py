"""LINE's statistics by aggregation unit: who opened messages, and who a link in one, in numbers."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from .store import PlatformStore
from .times import JAPAN, milliseconds

#: Of fewer people LINE tells nothing.
FEWEST_TOLD = 20
#: So many days LINE counts together at most, both ends included.
DAYS_MAX = 31
#: So long after it was sent LINE counts what happens to a message.
COUNTED = timedelta(days=14)

_OF_UNIT = "unit = ? AND sent_ms >= ? AND sent_ms < ?"


class Statistics:
    """What was sent with units, and what became of it. A message is opened where its chat was shown
    up to it."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    def note_sent(self, unit: str, user_ids: Iterable[str], *, at: datetime) -> None:
        """Notes that the newest message of each of those people belongs to the unit."""
        with self._store.writing() as connection:
            connection.executemany(
                "INSERT INTO units (unit, user_id, message_id, sent_ms) "
                "SELECT ?, ?, max(id), ? FROM messages WHERE user_id = ? AND side = 'bot' "
                "AND visible HAVING max(id) IS NOT NULL",
                [(unit, user_id, milliseconds(at), user_id) for user_id in user_ids],
            )

    def note_tap(self, user_id: str, uri: str, *, at: datetime) -> None:
        """Notes that somebody opened a link, if the newest message with it has a unit."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE units SET tapped = 1 WHERE sent_ms >= ? AND (user_id, message_id) = ("
                "SELECT user_id, id FROM messages WHERE user_id = ? AND side = 'bot' "
                "AND instr(body, ?) ORDER BY id DESC LIMIT 1)",
                # As it stands in the message, whole: not where another only begins like it.
                (milliseconds(at - COUNTED), user_id, json.dumps(uri)),
            )

    def told(self, unit: str, first: date, last: date) -> dict[str, int | None]:
        """LINE's overview of what was sent on those days, in Japan: of fewer than twenty None."""
        since, until = (
            milliseconds(datetime.combine(day, time(), tzinfo=JAPAN))
            for day in (first, last + timedelta(days=1))
        )
        with self._store.reading() as connection:
            opened = _count(
                connection,
                "message_id <= coalesce("
                "(SELECT line_id FROM seen WHERE seen.user_id = units.user_id), 0)",
                (unit, since, until),
            )
            tapped = _count(connection, "tapped", (unit, since, until))
        return {
            "uniqueImpression": opened,
            "uniqueClick": tapped,
            "uniqueMediaPlayed": None,
            "uniqueMediaPlayed100Percent": None,
        }


def _count(connection: sqlite3.Connection, did: str, of: tuple[str, int, int]) -> int | None:
    row = connection.execute(
        f"SELECT count(DISTINCT user_id) FROM units WHERE {_OF_UNIT} AND {did}", of
    ).fetchone()
    found = int(row[0])
    return found if found >= FEWEST_TOLD else None
