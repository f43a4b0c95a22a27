"""The shop's own art: PNG files in a folder beside the programme's file, and what was handed in
from a browser, checked and kept open."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

import structlog

from bot.store import Store
from bot.store.history import arts
from images.look import ART_BYTES_MAX, Art, UnusableArt, open_art
from rules.checking.caution import Problem
from rules.programme.programme import Programme

#: The folder's name, beside the file that holds the programme.
FOLDER = "art"

log = structlog.get_logger(__name__)


class ArtFolder:
    """Opens art by its file's name, once for each state of the file. None for a folder: no files.
    `stored` reads what was handed in, by its name."""

    def __init__(
        self, folder: Path | None = None, stored: Callable[[str], bytes | None] | None = None
    ) -> None:
        self.folder = folder
        self._stored = stored
        self._opened: dict[tuple[str, int, int], Art | None] = {}
        self._lock = Lock()

    @property
    def reads_stored(self) -> bool:
        """Whether it can tell of what was handed in."""
        return self._stored is not None

    def get(self, name: str | None) -> Art | None:
        """The art, or None where there is none or it can't be used: then pictures do without."""
        if name is None:
            return None
        if arts.is_stored_name(name):
            # What stands behind such a name never changes.
            key = (name, 0, 0)
        elif self.folder is None:
            return None
        else:
            try:
                state = (self.folder / name).stat()
            except OSError:
                return None
            key = (name, state.st_mtime_ns, state.st_size)
        with self._lock:
            if key in self._opened:
                return self._opened[key]
        # Outside of the lock, since others draw meanwhile.
        opened = self._open(name)
        with self._lock:
            # What isn't there yet may be handed in later.
            if opened is not None or not arts.is_stored_name(name):
                self._opened[key] = opened
        return opened

    def _open(self, name: str) -> Art | None:
        try:
            return self.read(name)
        except UnusableArt as problem:
            log.warning("art_unusable", file=name, why=problem.code, **problem.values)
            return None

    def read(self, name: str) -> Art:
        """The art in the file `name`. Raises UnusableArt, which says what is wrong with it."""
        if arts.is_stored_name(name) and self._stored is not None:
            data = self._stored(name)
            if data is None:
                raise UnusableArt("gone")
            return open_art(data)
        if self.folder is None:
            raise UnusableArt("no_folder")
        try:
            with (self.folder / name).open("rb") as file:
                data = file.read(ART_BYTES_MAX + 1)
        except FileNotFoundError:
            raise UnusableArt("missing", folder=str(self.folder)) from None
        except OSError as problem:
            raise UnusableArt("unreadable", kind=type(problem).__name__) from None
        return open_art(data)


def stored_art(store: Store) -> Callable[[str], bytes | None]:
    """Reads what was handed in."""

    def read(name: str) -> bytes | None:
        with store.read() as uow:
            return arts.read(uow, name)

    return read


def named_art(programme: Programme) -> Iterator[tuple[str, str]]:
    """Every art file that the programme names, each with its place in it."""
    theme = programme.theme
    places = [("theme.logo", theme.logo), ("theme.mascot", theme.mascot)]
    places.append(("voice.icon", programme.voice.icon))
    places += [
        (f'badges[{n}] "{badge.id}" .art', badge.art) for n, badge in enumerate(programme.badges)
    ]
    yield from ((place, name) for place, name in places if name is not None)


def art_problems(programme: Programme, art: ArtFolder) -> tuple[Problem, ...]:
    """What is wrong with the programme's art: what `program check` says of it."""
    problems = []
    for place, name in named_art(programme):
        if arts.is_stored_name(name) and not art.reads_stored:
            continue
        try:
            art.read(name)
        except UnusableArt as problem:
            values = problem.values | {"file": name}
            problems.append(Problem(place, f"art_{problem.code}", values))
    return tuple(problems)
