"""Simulated time: wall time plus an offset that only ever grows."""

from datetime import UTC, datetime, timedelta, timezone

from .store import PlatformStore, keep_setting, setting

# LINE's accounts in Japan count their month in Japan's time, and so does the page.
JAPAN = timezone(timedelta(hours=9), "JST")

_OFFSET = "offset_us"
_MICROSECOND = timedelta(microseconds=1)


def milliseconds(moment: datetime) -> int:
    """UNIX milliseconds of an aware datetime, as LINE's `timestamp` has them."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def month_of(moment: datetime) -> str:
    """The month a message counts in, as "2026-11"."""
    return f"{moment.astimezone(JAPAN):%Y-%m}"


class SimulatedTime:
    """The stored offset, shared by every process that uses the same file."""

    def __init__(self, store: PlatformStore) -> None:
        self._store = store

    def offset(self) -> timedelta:
        """How far simulated time is ahead of wall time."""
        with self._store.reading() as connection:
            return timedelta(microseconds=int(setting(connection, _OFFSET) or 0))

    def now(self) -> datetime:
        """The simulated moment, aware UTC."""
        return datetime.now(UTC) + self.offset()

    def set_offset(self, offset: timedelta) -> None:
        """Moves simulated time forward; ValueError if `offset` would move it back."""
        with self._store.writing() as connection:
            before = timedelta(microseconds=int(setting(connection, _OFFSET) or 0))
            if offset < before:
                raise ValueError(f"simulated time only goes forward: {offset} < {before}")
            keep_setting(connection, _OFFSET, str(offset // _MICROSECOND))
