"""Who wants to hear what, kept in memory: what happens at a counter costs no question more."""

import time
from datetime import timedelta
from threading import Lock

from ..engine.db import Store
from . import endpoints
from .endpoints import HookEndpoint

#: How long a process may not know of a new receiver, or of one that is off.
REFRESH = timedelta(seconds=5)


class HookWishes:
    """The receivers that are on, looked after every few seconds of wall time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: tuple[HookEndpoint, ...] = ()
        self._good_until = 0.0

    def receivers(self, store: Store) -> tuple[HookEndpoint, ...]:
        """Those that are to be told, as far as this process knows."""
        if time.monotonic() < self._good_until:
            return self._known
        with self._lock:
            if time.monotonic() >= self._good_until:
                with store.read() as uow:
                    self._known = tuple(each for each in endpoints.every(uow) if each.is_on)
                self._good_until = time.monotonic() + REFRESH.total_seconds()
            return self._known

    def forget(self) -> None:
        """Looks again at the next call, for whoever has just changed one."""
        self._good_until = 0.0
