"""Which of the clubs in `instance/` this installation runs. The demo's is the one that nobody
chose; one that was begun in the console has a folder of its own, with database and programme.

What is chosen stands in one small file, written whole or not at all: a process that dies at any
instant leaves either the club of before or the new one.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

#: In the folder of clubs.
_FILE = "club.json"
_DATABASE, _PROGRAMME, _SIMULATOR = "kayoi.sqlite3", "program.toml", "simulator.sqlite3"


@dataclass(frozen=True, slots=True)
class ClubFolder:
    """What belongs to one club."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / _DATABASE

    @property
    def programme(self) -> Path:
        return self.path / _PROGRAMME

    @property
    def simulator(self) -> Path:
        """The LINE platform that is played, where there is no real one."""
        return self.path / _SIMULATOR


def chosen(clubs: Path) -> ClubFolder | None:
    """The club that was chosen of those in `clubs`; None for the demo's. ValueError where the file
    says anything else than a club that is there: to run another one instead would be worse than
    not to start."""
    try:
        said = json.loads((clubs / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    name = said.get("club") if isinstance(said, dict) else None
    if not isinstance(name, str) or Path(name).name != name or not (clubs / name).is_dir():
        raise ValueError(f"{_FILE} names no club")
    return ClubFolder(clubs / name)


def choose(folder: ClubFolder) -> None:
    """Makes it the one that runs from the next start on."""
    clubs = folder.path.parent
    written = clubs / f".{_FILE}.{uuid4().hex}"
    try:
        _write(written, json.dumps({"club": folder.path.name}) + "\n")
        written.replace(clubs / _FILE)
        _keep_names(clubs)
    finally:
        with suppress(FileNotFoundError):
            written.unlink()


def choose_demo(clubs: Path) -> None:
    """Makes the demo's club the one that runs from the next start on. The others stay."""
    (clubs / _FILE).unlink(missing_ok=True)
    _keep_names(clubs)


def begun(clubs: Path) -> list[ClubFolder]:
    """The clubs that were begun in `clubs`, the newest last."""
    folders = [each.parent for each in clubs.glob(f"club-*/{_DATABASE}")]
    return [ClubFolder(each) for each in sorted(folders, key=lambda each: each.stat().st_ctime)]


def write_programme(folder: ClubFolder, text: str) -> None:
    """Keeps the club's programme as its file."""
    folder.path.mkdir(parents=True, exist_ok=True)
    _write(folder.programme, text)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keep_names(folder: Path) -> None:
    """Has the disk keep which names the folder has, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
