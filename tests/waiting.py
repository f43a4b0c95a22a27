"""Waiting for what threads and processes do: for the event itself, never for some time to pass."""

import time
from collections.abc import Callable

#: Nothing takes nearly so long, however busy the machine: what lasts longer never comes.
SECONDS_MAX = 120


def until(true: Callable[[], object], what: str) -> None:
    """Returns once it is true; AssertionError, naming `what` was waited for, if it never is."""
    give_up = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)
