"""Club time: wall time plus however far the simulator has travelled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def no_offset() -> timedelta:
    """The offset of an installation that never travels: none."""
    return timedelta(0)


class Clock:
    """Tells the club's time. Doors read it once; everything below them takes `now`.

    Sessions, CSRF, rate limits and web signatures use wall time instead, so that travelling
    neither logs anybody out nor keeps a signature alive.
    """

    def __init__(self, offset: Callable[[], timedelta] = no_offset) -> None:
        """`offset` is asked at every reading, so a journey in time takes effect at once."""
        self._offset = offset

    def travelled(self) -> timedelta:
        """How far the club's time is ahead of the wall's: nothing, but in a simulation."""
        return self._offset()

    def now(self) -> datetime:
        """The club's time as an aware UTC datetime."""
        return datetime.now(UTC) + self._offset()
