"""Waiting for what threads and processes do: for the event itself, never for some time to pass."""

import time
from collections.abc import Callable

from sqlalchemy import text

from bot.store import Store
from bot.store.engine.turns import Turns

#: Nothing takes nearly so long, however busy the machine: what lasts longer never comes.
SECONDS_MAX = 120


def until(
    true: Callable[[], object], what: str, *, seconds: float = SECONDS_MAX, pause: float = 0.02
) -> None:
    """Returns once it is true; AssertionError, naming `what` was waited for, if it never is."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(pause)


def is_held_up(store: Store) -> bool:
    """Whether anybody who wants to write waits for somebody else who does."""
    if isinstance(store._writing, Turns):
        return bool(store._writing._waiting)
    with store.read() as uow:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(uow.run(text(waiting)).scalar_one())
