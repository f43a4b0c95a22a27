"""The shop's own art: PNG files in a folder beside the programme's file, checked and kept open."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

import structlog

from images.look import ART_BYTES_MAX, Art, UnusableArt, open_art
from rules.checking.caution import Problem
from rules.programme.programme import Programme

#: The folder's name, beside the file that holds the programme.
FOLDER = "art"

log = structlog.get_logger(__name__)


class ArtFolder:
    """Opens art by its file's name, once for each state of the file. None for a folder: no art."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._opened: dict[tuple[str, int, int], Art | None] = {}
        self._lock = Lock()

    def get(self, name: str | None) -> Art | None:
        """The art, or None where there is none or it can't be used: then pictures do without."""
        if name is None or self.folder is None:
            return None
        try:
            state = (self.folder / name).stat()
        except OSError:
            return None
        key = (name, state.st_mtime_ns, state.st_size)
        with self._lock:
            if key not in self._opened:
                self._opened[key] = self._open(name)
            return self._opened[key]

    def _open(self, name: str) -> Art | None:
        try:
            return self.read(name)
        except UnusableArt as problem:
            log.warning("art_unusable", file=name, why=problem.code, **problem.values)
            return None

    def read(self, name: str) -> Art:
        """The art in the file `name`. Raises UnusableArt, which says what is wrong with it."""
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


def named_art(programme: Programme) -> Iterator[tuple[str, str]]:
    """Every art file that the programme names, each with its place in it."""
    theme = programme.theme
    places = [("theme.logo", theme.logo), ("theme.mascot", theme.mascot)]
    places += [
        (f'badges[{n}] "{badge.id}" .art', badge.art) for n, badge in enumerate(programme.badges)
    ]
    yield from ((place, name) for place, name in places if name is not None)


def art_problems(programme: Programme, folder: Path) -> tuple[Problem, ...]:
    """What is wrong with the programme's art: what `program check` says of it."""
    art = ArtFolder(folder)
    problems = []
    for place, name in named_art(programme):
        try:
            art.read(name)
        except UnusableArt as problem:
            values = problem.values | {"file": name}
            problems.append(Problem(place, f"art_{problem.code}", values))
    return tuple(problems)
