"""How often, and how long after one another, an event is tried: over three days, as Standard
Webhooks advises.

Standard Webhooks, "Deliverability and reliability",
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from datetime import timedelta

#: Before the second try, the third, …; the first is made at once.
WAITS = tuple(
    timedelta(seconds=each)
    for each in (
        5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600,
    )
)  # fmt: skip
TRIES_MAX = len(WAITS) + 1
#: What failed together shall not come back together: each wait is up to so much longer.
SPREAD = 0.2
#: Whoever asks us to come later is left alone for so long at the most.
REST_MAX = timedelta(hours=6)


def wait_after(tries: int, lot: float) -> timedelta | None:
    """How long to wait after so many tries; None where there were enough. `lot`: from 0 to 1."""
    if tries >= TRIES_MAX:
        return None
    return WAITS[max(tries, 1) - 1] * (1 + SPREAD * lot)


def rest(seconds: float | None) -> timedelta | None:
    """For how long a receiver is left alone who asked for that; None where it asked for nothing."""
    if seconds is None or seconds <= 0:
        return None
    return min(timedelta(seconds=min(seconds, REST_MAX.total_seconds())), REST_MAX)
