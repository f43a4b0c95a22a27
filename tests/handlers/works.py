"""Works on a database where there is no club."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.codes import Codes
from bot.store import Store
from handlers.actions.recording.work import Work
from rules.programme.timeline import Timeline, Version
from tests.rules.examples import cafe

CODES = Codes("a secret of the tests that is long enough")


@contextmanager
def work_on(store: Store, now: datetime) -> Iterator[Work]:
    """A transaction at `now`, by the café's programme."""
    since = datetime(2000, 1, 1, tzinfo=UTC)
    with store.begin() as uow:
        yield Work(uow, Timeline((Version(1, since, cafe()),)), now, now, CODES)
