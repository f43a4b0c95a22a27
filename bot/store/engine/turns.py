"""A lock that goes round."""

from collections import deque
from threading import Lock, get_ident


class Turns:
    """A lock that whoever has waited longest gets next; `threading.Lock` would give it back to who
    takes it again and again, as the night does, while others wait in vain. Its holder may take it
    again."""

    def __init__(self) -> None:
        self._door = Lock()
        # What follows is guarded by the door; the holder alone counts.
        self._holder: int | None = None
        self._waiting: deque[tuple[int, Lock]] = deque()
        self._depth = 0

    def __enter__(self) -> None:
        me = get_ident()
        if self._holder != me:
            self._wait(me)
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._pass_on()

    def _wait(self, me: int) -> None:
        with self._door:
            if self._holder is None:
                self._holder = me
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append((me, turn))
        try:
            turn.acquire()
        except BaseException:
            self._leave(me, turn)
            raise

    def _leave(self, me: int, turn: Lock) -> None:
        """Waits no longer; passes on a turn that came all the same."""
        with self._door:
            if self._holder != me:
                self._waiting.remove((me, turn))
                return
        self._pass_on()

    def _pass_on(self) -> None:
        with self._door:
            if not self._waiting:
                self._holder = None
                return
            self._holder, turn = self._waiting.popleft()
        turn.release()
