"""Back-ups of the club: one compressed file for each, with the database and the shop's art in it.

They hold members' personal data. What is not in them is SECRET_KEY, by which some of it is
encrypted.
"""

import json
import re
import shutil
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock

from . import VERSION
from .errors import KayoiError
from .settings import PROJECT, Settings
from .store import Store
from .store.engine import dump

#: So many days, and so many weeks before, of which the newest one stays.
DAYS_KEPT, WEEKS_KEPT = 7, 4
#: And so many of the last day, on which somebody may make some by hand.
NEWEST_KEPT = 3
_NAME = re.compile(r"kayoi-(\d{8}-\d{6})\.tar\.gz")
_STAMP = "%Y%m%d-%H%M%S"
_ABOUT, _ART = "about.json", "art"
_making = Lock()


class UnusableArchive(KayoiError):
    """The file is no back-up of ours, or of another kind of database."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A back-up that was made."""

    file: Path
    made_at: datetime
    size: int

    @property
    def name(self) -> str:
        return self.file.name


@dataclass(frozen=True, slots=True)
class Archives:
    """The back-ups of a club, in a folder that its owner alone may read."""

    store: Store
    folder: Path
    #: The shop's own pictures; None for none.
    art: Path | None = None

    def everything(self) -> list[Archive]:
        """The newest first."""
        return archives_in(self.folder)

    def find(self, name: str) -> Archive | None:
        """The one of that name; None for none, and for what is no such name."""
        return next((each for each in self.everything() if each.name == name), None)

    def make(self, now: datetime) -> Archive:
        """A new one, whole or not at all; those that need no longer be kept go. DumpFailed, or an
        OSError, where it can't be made."""
        with _making:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with tempfile.TemporaryDirectory(prefix="making-", dir=self.folder) as name:
                there = Path(name)
                database = there / dump.NAMES[self.store.is_sqlite]
                dump.dump(self.store, database)
                file = self._pack(there, database, now)
                made = file.replace(self.folder / f"kayoi-{now.astimezone(UTC):{_STAMP}}.tar.gz")
            self._let_go()
        return Archive(made, now, made.stat().st_size)

    def _pack(self, there: Path, database: Path, now: datetime) -> Path:
        about = there / _ABOUT
        told = {"version": VERSION, "database": database.name, "made_at": now.isoformat()}
        about.write_text(json.dumps(told), encoding="utf-8")
        file = there / "archive"
        file.touch(mode=0o600)
        with tarfile.open(file, "w:gz", compresslevel=6) as tar:
            tar.add(about, _ABOUT)
            tar.add(database, database.name)
            if self.art is not None and self.art.is_dir():
                for each in sorted(self.art.glob("*.png")):
                    tar.add(each, f"{_ART}/{each.name}")
        return file

    def _let_go(self) -> None:
        made = self.everything()
        stays = kept(each.made_at.date() for each in made)
        seen: Counter[date] = Counter()
        for each in made:
            day = each.made_at.date()
            seen[day] += 1
            most = NEWEST_KEPT if day == made[0].made_at.date() else 1
            if day not in stays or seen[day] > most:
                each.file.unlink(missing_ok=True)


def folder_of(settings: Settings) -> Path:
    """Where back-ups are kept: beside the database's file, by its name, if it has one."""
    file = settings.database_url.partition("sqlite:///")[2]
    if file:
        return Path(file).parent / "backups" / Path(file).stem
    return PROJECT / "instance" / "backups" / "postgresql"


def archives_in(folder: Path) -> list[Archive]:
    """The back-ups in a folder, the newest first."""
    found = []
    for file in folder.glob("kayoi-*.tar.gz"):
        if match := _NAME.fullmatch(file.name):
            made_at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Archive(file, made_at, file.stat().st_size))
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def kept(days: Iterable[date]) -> set[date]:
    """The days whose back-ups stay: the last seven that there are, and the last one of each of four
    weeks (from Monday) before."""
    newest_first = sorted(set(days), reverse=True)
    stays = set(newest_first[:DAYS_KEPT])
    weeks: dict[tuple[int, int], date] = {}
    for day in newest_first[DAYS_KEPT:]:
        year, week, _ = day.isocalendar()
        weeks.setdefault((year, week), day)
    return stays | set(list(weeks.values())[:WEEKS_KEPT])


def restore(store: Store, file: Path, art: Path | None, *, over: bool) -> None:
    """Puts the database of a back-up in the place of the store's, and its art where the shop's is;
    pictures that are there stay, unless `over`. UnusableArchive, or DumpFailed."""
    with tempfile.TemporaryDirectory(prefix="kayoi-") as name:
        there = Path(name)
        try:
            with tarfile.open(file, "r:gz") as tar:
                tar.extractall(there, filter="data")
        except (OSError, tarfile.TarError, EOFError) as problem:
            raise UnusableArchive(f"{file.name} can't be read: {problem}.") from problem
        database = there / dump.NAMES[store.is_sqlite]
        if not database.exists():
            kind = "SQLite" if store.is_sqlite else "PostgreSQL"
            raise UnusableArchive(f"{file.name} has no database for {kind} in it.")
        dump.load(store, database)
        if art is not None and (there / _ART).is_dir():
            art.mkdir(parents=True, exist_ok=True)
            for each in (there / _ART).iterdir():
                if over or not (art / each.name).exists():
                    shutil.copyfile(each, art / each.name)
