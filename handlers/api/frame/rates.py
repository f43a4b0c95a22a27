"""How often somebody may ask, counted in this process's memory by the minute."""

import time
from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_LIMITER = "kayoi.api.limiter"


@dataclass(frozen=True, slots=True)
class CountedRequest:
    """How it stands after one more request."""

    is_in: bool
    limit: int
    remaining: int
    #: In how many seconds it is counted anew.
    reset_seconds: int


def count_request(who: str, per_minute: int, *, of: str) -> CountedRequest:
    """Counts a request of `who`, one of those `of` a kind."""
    limiter: FixedWindowRateLimiter = current_app.extensions.setdefault(
        _LIMITER, FixedWindowRateLimiter(MemoryStorage())
    )
    rate = RateLimitItemPerMinute(per_minute)
    is_in = limiter.hit(rate, of, who)
    reset_at, remaining = limiter.get_window_stats(rate, of, who)
    seconds = max(1, round(reset_at - time.time()))
    return CountedRequest(is_in, rate.amount, max(0, remaining), seconds)
