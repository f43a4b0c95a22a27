"""When a till's or web shop's system is asked: in between, and after it gave no answer."""

from datetime import timedelta

#: So often it is asked what changed; what it told us meanwhile by itself is nothing new.
EVERY = timedelta(minutes=15)
#: So far back is asked again each time: what was changed while the last list was read.
OVERLAP = timedelta(minutes=10)
#: The first wait after a failure, and the longest.
_WAIT, _WAIT_MAX = timedelta(minutes=1), timedelta(hours=1)
_DOUBLINGS_MAX = 10
#: One that fails for so long is told to its owner.
FAILING_FOR = timedelta(days=1)


def wait_after(failures: int, asked_seconds: float | None = None) -> timedelta:
    """How long to wait after so many failures in a row, the first being 1; longer where the system
    asks for it, up to an hour."""
    wait: timedelta = _WAIT * (1 << min(max(failures, 1) - 1, _DOUBLINGS_MAX))
    asked = timedelta(seconds=min(asked_seconds or 0.0, _WAIT_MAX.total_seconds()))
    return min(max(wait, asked), _WAIT_MAX)
