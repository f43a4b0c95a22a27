"""LINE's rates: how fast all workers together may send to an endpoint.

Each endpoint has a moment until which its rate is given away. Whoever wants to send `count`
requests moves it on by the time those take, and may begin where it was. On PostgreSQL that moment
is a row, of the database's own clock; on SQLite, where one process sends, it is in memory.
"""

import threading
import time
from collections.abc import Callable, Mapping

from sqlalchemy import text

from .db import Store

_RESERVE = text("""
    INSERT INTO rate_buckets AS bucket (name, free_at)
    VALUES (:name, clock_timestamp() + make_interval(secs => :span))
    ON CONFLICT (name) DO UPDATE SET free_at =
        greatest(bucket.free_at, clock_timestamp()) + make_interval(secs => :span)
    RETURNING extract(epoch FROM free_at - clock_timestamp())::float8
""")

_SLOW_DOWN = text("""
    UPDATE rate_buckets SET free_at =
        greatest(free_at, clock_timestamp() + make_interval(secs => :seconds))
    WHERE name = :name
""")


class Pace:
    """`rates` are requests a second by endpoint. `clock` counts seconds, on SQLite."""

    def __init__(
        self,
        store: Store,
        rates: Mapping[str, float],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._rates = rates
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}

    def reserve(self, name: str, count: int) -> float:
        """Takes `count` requests of the endpoint's rate; gives in how many seconds the first may
        go. The others follow at the rate."""
        span = count / self._rates[name]
        if self._store.is_sqlite:
            with self._lock:
                now = self._clock()
                start = max(self._free_at.get(name, now), now)
                self._free_at[name] = start + span
            return start - now
        with self._store.begin() as uow:
            ends_in = float(uow.run(_RESERVE, {"name": name, "span": span}).scalar_one())
        return max(0.0, ends_in - span)

    def slow_down(self, name: str, seconds: float) -> None:
        """Lets nobody begin before so many seconds: LINE said that it was too fast."""
        if self._store.is_sqlite:
            with self._lock:
                until = self._clock() + seconds
                self._free_at[name] = max(self._free_at.get(name, until), until)
            return
        with self._store.begin() as uow:
            uow.run(_SLOW_DOWN, {"name": name, "seconds": seconds})
