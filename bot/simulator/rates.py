"""LINE's rate limits: a token bucket for each endpoint.

Source: LINE's Messaging API reference, "Rate limits". LINE doesn't publish the capacity of its
buckets; ours hold what the limit allows at once.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

HOUR = 3_600.0


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: float = 1.0


DEFAULT = Rate(2_000)
RATES: dict[str, Rate] = {
    "POST /v2/bot/message/multicast": Rate(200),
    "POST /v2/bot/chat/loading/start": Rate(100),
    "POST /v2/bot/channel/webhook/test": Rate(60, HOUR),
    "GET /v2/bot/channel/webhook/endpoint": Rate(1_000, 60.0),
    "PUT /v2/bot/channel/webhook/endpoint": Rate(1_000, 60.0),
    "POST /v2/bot/richmenu": Rate(100, HOUR),
    "DELETE /v2/bot/richmenu/<menu_id>": Rate(100, HOUR),
    "DELETE /v2/bot/richmenu/alias/<alias_id>": Rate(100, HOUR),
    "GET /v2/bot/richmenu/list": Rate(10),
    "GET /v2/bot/insight/message/event/aggregation": Rate(60, HOUR),
}


class Rates:
    """How much of each bucket is left. Kept in memory: a restart fills the buckets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}  # endpoint → (tokens, when counted)

    def admit(self, endpoint: str) -> bool:
        """Takes a token for a request to `endpoint` ("POST /v2/…"); False if there is none."""
        rate = RATES.get(endpoint, DEFAULT)
        now = self._clock()
        with self._lock:
            tokens, counted = self._left.get(endpoint, (float(rate.requests), now))
            grown = tokens + (now - counted) * rate.requests / rate.seconds
            tokens = min(float(rate.requests), grown)
            is_admitted = tokens >= 1
            self._left[endpoint] = (tokens - 1 if is_admitted else tokens, now)
        return is_admitted
