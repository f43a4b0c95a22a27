"""Programme versions: what was published when. The database is their only home."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock

from sqlalchemy import delete, func, insert, select

from bot import calendar
from bot.errors import KayoiError
from rules.checking.reading import InvalidProgramme, parse
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline, Version
from rules.science.learned import PRIOR

from ..engine.db import Store, UnitOfWork
from ..tables import programs
from ..tables import return_fits as fits
from . import return_fits

#: How long a process may not know of a new version; so that all of them know in time, a version
#: comes into force that much after it was published.
REFRESH = timedelta(seconds=5)
NOTICE = timedelta(seconds=10)


_NEWEST_FIT = select(func.max(fits.c.number)).scalar_subquery()
#: What a timeline is made from, so that a look tells whether there is another.
_MARKS = select(
    programs.c.number, programs.c.since, programs.c.sha256, _NEWEST_FIT.label("fit")
).order_by(programs.c.number)


class NoProgramme(KayoiError):
    """No programme has been published here yet. Run `flask --app app program publish`."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A version, and whether it is new (an unchanged text publishes nothing)."""

    number: int
    since: datetime
    new: bool


def load(uow: UnitOfWork) -> Timeline:
    """All versions, and what was learned last. NoProgramme when there is none."""
    rows = uow.run(select(programs).order_by(programs.c.number)).all()
    if not rows:
        raise NoProgramme
    versions = tuple(Version(row.number, row.since, _known_good(row.text)) for row in rows)
    fit = return_fits.newest(uow)
    return Timeline(versions, fit.models if fit else PRIOR)


@dataclass(frozen=True, slots=True)
class PublishedText:
    """What was published: the text, and from when on it is in force."""

    number: int
    since: datetime
    text: str


def published(uow: UnitOfWork) -> list[PublishedText]:
    """All versions as they were written, oldest first."""
    rows = uow.run(select(programs).order_by(programs.c.number))
    return [PublishedText(row.number, row.since, row.text) for row in rows]


def newest(uow: UnitOfWork) -> PublishedText:
    """The newest version as it was written. NoProgramme when there is none."""
    row = uow.run(select(programs).order_by(programs.c.number.desc()).limit(1)).first()
    if row is None:
        raise NoProgramme
    return PublishedText(row.number, row.since, row.text)


def lock(uow: UnitOfWork) -> None:
    """Lets nobody else who locks them publish until the transaction ends."""
    uow.run(select(programs.c.number).order_by(programs.c.number).with_for_update()).all()


def withdraw_after(uow: UnitOfWork, moment: datetime) -> int:
    """Takes back the versions that come into force after `moment`, by which nothing was judged yet;
    gives how many."""
    return uow.run(delete(programs).where(programs.c.since > moment)).rowcount


def publish(uow: UnitOfWork, text: str, *, since: datetime) -> Publication:
    """Adds `text` as the newest version, in force from `since`, unless the newest says the same.

    The text must have been checked; a broken one raises ValueError.
    """
    _known_good(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = uow.run(select(programs).order_by(programs.c.number.desc()).limit(1)).first()
    if last is not None and last.sha256 == digest:
        return Publication(last.number, last.since, new=False)
    number = last.number + 1 if last else 1
    if last is not None:
        since = max(since, last.since + timedelta(seconds=1))
    uow.run(insert(programs).values(number=number, since=since, sha256=digest, text=text))
    return Publication(number, since, new=True)


def publish_first(uow: UnitOfWork, text: str, *, since: datetime) -> bool:
    """Publishes `text` where nothing is yet, also where another process does so at this moment;
    gives whether it was this one."""
    _known_good(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    first = {"number": 1, "since": since, "sha256": digest, "text": text}
    return uow.insert_new(programs, [first]) == 1


@lru_cache(maxsize=8)
def _known_good(text: str) -> Programme:
    """What is published is read again at once, and by every club of this process."""
    programme = parse(text)
    if isinstance(programme, InvalidProgramme):
        raise ValueError(programme.listed("en"))
    return programme


class Programmes:
    """The timeline, kept in memory and looked after every few seconds of wall time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._known: Timeline | None = None
        self._marks: list[tuple[int, datetime, str, int | None]] = []
        self._looked_at = 0.0

    def timeline(self) -> Timeline:
        """All versions, and the models in force. NoProgramme when there is none."""
        fresh = time.monotonic() - self._looked_at < REFRESH.total_seconds()
        if self._known is not None and fresh:
            return self._known
        with self._lock:
            return self._refresh()

    def forget(self) -> None:
        """Looks again at the next call, for whoever has just published, or learned."""
        self._looked_at = 0.0

    def _refresh(self) -> Timeline:
        with self._store.read() as uow:
            # One taken back may have been followed by another of its number.
            marks = [(row.number, row.since, row.sha256, row.fit) for row in uow.run(_MARKS)]
            if self._known is None or marks != self._marks:
                self._known, self._marks = load(uow), marks
        for country in {version.programme.shop.country for version in self._known.versions}:
            calendar.learn(country)
        self._looked_at = time.monotonic()
        return self._known
