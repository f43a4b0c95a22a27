"""Photographs a new customer's way through the demo club, and the staff's side of it, for README.md
and docs/tour.md; each timing at which points are given, for docs/timings.md; an event, for
docs/events.md; the fan steps, the circle, an old card and a letter, for docs/program.md,
docs/circle.md and docs/counter.md; and the owner's console, for docs/owner.md.

And writes a sheet of every text's rendering into the folder `texts` beside them, to be looked at.

python -m tests.screens [--out docs/screens] [--timings | --event | --perks | --console | --texts]
"""

import argparse
import sys
import tempfile
from pathlib import Path

from PIL import Image

from bot.settings import PROJECT

from .browser import NoBrowser, browsing, chromium
from .club import serving
from .console import walk_console
from .event import walk_event
from .journey import walk
from .perks import ASKING, walk_perks
from .pictures import save_phone, save_plain, save_row, save_small
from .texts import save_texts
from .timings import walk_timings

OUT = PROJECT / "docs" / "screens"
#: Not kept: docs/screens/texts is ignored.
TEXTS = "texts"
#: What the READMEs show first.
HEROES = {
    "hero": ("check-in", "staff-scan", "card-bronze"),
    "hero-english": ("english-check-in", "english-bronze", "english"),
}
#: As many as the timings need around who lives through them.
FEW = 4
#: So much happens to her in a month that her messages would wait for each other.
SOON = ("per_day_max = 1\nper_week_max = 3", "per_day_max = 9\nper_week_max = 9")
HERO_HEIGHT = 1080
HERO_GAP = 56


def photograph(browser_path: str, out: Path) -> None:
    """Plays the journey and writes its screens, as PNG files, into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    taken: dict[str, Image.Image] = {}
    with (
        tempfile.TemporaryDirectory(prefix="kayoi-screens-") as folder,
        serving(Path(folder)) as installation,
        browsing(browser_path) as browser,
    ):
        for screen in walk(browser, installation):
            path = out / f"{screen.name}.png"
            (save_phone if screen.framed else save_plain)(screen.picture, path)
            taken[screen.name] = screen.picture
            _tell(path)
        for path in save_texts(browser, out / TEXTS):
            _tell(path)
    for hero, names in HEROES.items():
        path = out / f"{hero}.png"
        save_row([taken[name] for name in names], path, height=HERO_HEIGHT, gap=HERO_GAP)
        _tell(path)

    timings(browser_path, out)
    event(browser_path, out)
    perks(browser_path, out)
    console(browser_path, out)


def timings(browser_path: str, out: Path) -> None:
    """Plays the life of docs/timings.md, in a club of its own, and writes its screens alone."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kayoi-screens-") as folder,
        serving(Path(folder), members=FEW, changes=[SOON]) as installation,
        browsing(browser_path) as browser,
    ):
        for screen in walk_timings(browser, installation):
            path = out / f"{screen.name}.png"
            save_small(screen.picture, path)
            _tell(path)


def event(browser_path: str, out: Path) -> None:
    """Plays an event from the invitation to the thanks, in a club of its own."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kayoi-screens-") as folder,
        serving(Path(folder), members=FEW, changes=[SOON]) as installation,
        browsing(browser_path) as browser,
    ):
        for screen in walk_event(browser, installation):
            path = out / f"{screen.name}.png"
            (save_small if screen.framed else save_plain)(screen.picture, path)
            _tell(path)


def perks(browser_path: str, out: Path) -> None:
    """Plays the fan steps, the circle and a letter, in a club of its own."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kayoi-screens-") as folder,
        serving(Path(folder), changes=[SOON, ASKING]) as installation,
        browsing(browser_path) as browser,
    ):
        for screen in walk_perks(browser, installation):
            path = out / f"{screen.name}.png"
            (save_small if screen.framed else save_plain)(screen.picture, path)
            _tell(path)


def console(browser_path: str, out: Path) -> None:
    """Writes the screens of the owner's console alone, of a club of its own."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="kayoi-screens-") as folder,
        serving(Path(folder)) as installation,
        browsing(browser_path) as browser,
    ):
        for screen in walk_console(browser, installation):
            path = out / f"{screen.name}.png"
            save_plain(screen.picture, path)
            _tell(path)


def sheets(browser_path: str, out: Path) -> None:
    """Writes the texts' sheets alone."""
    with browsing(browser_path) as browser:
        for path in save_texts(browser, out / TEXTS):
            _tell(path)


def _tell(path: Path) -> None:
    sys.stdout.write(f"{path.name:18} {path.stat().st_size / 1000:5.0f} kB\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR", help="where to write them")
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--texts", action="store_true", help="the texts' sheets alone")
    alone.add_argument("--timings", action="store_true", help="docs/timings.md's screens alone")
    alone.add_argument("--event", action="store_true", help="docs/events.md's screens alone")
    alone.add_argument("--perks", action="store_true", help="fan steps, circle and letters alone")
    alone.add_argument("--console", action="store_true", help="docs/owner.md's screens alone")
    given = parser.parse_args()
    chosen = (
        (given.texts, sheets),
        (given.timings, timings),
        (given.event, event),
        (given.perks, perks),
        (given.console, console),
    )
    play = next((play for is_chosen, play in chosen if is_chosen), photograph)
    try:
        browser_path = chromium()
    except NoBrowser as problem:
        sys.exit(str(problem))
    play(browser_path, given.out)


if __name__ == "__main__":
    main()
