"""Large clubs: filled when one is first asked for, and kept where `--keep` names a folder, so that
the next run finds them. What is measured on is a copy."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bot.clock import Clock
from bot.store import Store
from bot.store.engine.migrate import behind, head_of, upgrade

from . import copies, lives
from .copies import Copies
from .databases import Database, Sqlite, settle

#: So many lives there are in a large club; every member has one of them.
MODELS = 500


@dataclass(frozen=True, slots=True)
class LargeClubs:
    """Those in `database`, with a note of each in `folder`."""

    database: Database
    folder: Path

    @property
    def name(self) -> str:
        return self.database.name

    @contextmanager
    def copied(self, members: int) -> Iterator[str]:
        """The URL of a copy of the club of so many members; it is gone at the end."""
        url = self.database.copy(self._filled(members))
        try:
            yield url
        finally:
            self.database.drop(url)

    def _filled(self, members: int) -> str:
        """The club's name in the database."""
        name = f"club_{members}"
        note = self.folder / f"{self.name.lower()}-{members}.json"
        if note.exists():
            _bring_up(self.database, name, note)
            return name
        # What was broken off halfway is begun anew.
        url = self.database.make(name)
        upgrade(url)
        told = fill(url, members)
        if isinstance(self.database, Sqlite):
            settle(url)
        _write(note, told)
        return name


def _bring_up(database: Database, name: str, note: Path) -> None:
    """Upgrades a club of an older schema than the code's, and notes how long that took."""
    url = database.url(name)
    store = Store(url)
    try:
        older = behind(store)
    finally:
        store.close()
    if older is None:
        return
    began = time.monotonic()
    upgrade(url)
    took = round(time.monotonic() - began, 1)
    if isinstance(database, Sqlite):
        settle(url)
    was, head = older
    told = json.loads(note.read_text(encoding="utf-8"))
    upgraded = {"from": was, "to": head, "seconds": took}
    told |= {"head": head, "upgraded": [*told.get("upgraded", ()), upgraded]}
    _write(note, told)


def _write(note: Path, told: dict[str, object]) -> None:
    note.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def fill(url: str, members: int) -> dict[str, object]:
    """Fills the empty database at `url`; gives what is there now."""
    models = min(MODELS, members)
    began = time.monotonic()
    monday = lives.live(url, models)
    store = Store(url)
    try:
        made = Copies(models, max(members // models, 1))
        copies.make(store, made)
        with store.read() as uow:
            activities = uow.run(text("SELECT count(*) FROM activities")).scalar_one()
            head = head_of(uow.connection)
    finally:
        store.close()
    return {
        "head": head, "filled_on": f"{Clock().now():%Y-%m-%d}", "night_due": monday.isoformat(),
        "members": made.members, "activities": activities,
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip
