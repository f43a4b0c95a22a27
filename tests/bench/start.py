"""The start of a web process: how long until it could serve, and how much memory it holds then.

The limit only imports what anybody's LINE bot with a database imports.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from bot.settings import PROJECT

from . import wsgi
from .measure import Goal, Row, Sizes, compare, in_turn

SECONDS_MAX = 1.5
MEGABYTES_MAX = 120

_SAY_MEMORY = "\nimport psutil; print(psutil.Process().memory_info().rss)"
_IMPORTS = "import flask, sqlalchemy, linebot.v3.messaging"
_APPLICATION = "from tests.bench.wsgi import served; served()"


def measure(folder: Path, sizes: Sizes) -> list[Row]:
    """Starts both, in turn; each a whole Python from nothing to the end of its imports."""
    memory: dict[str, list[float]] = {"ours": [], "limit": []}
    environ = {**os.environ, **wsgi.environment(f"sqlite:///{folder / 'start.sqlite3'}")}

    def start(name: str, code: str) -> float:
        began = time.perf_counter()
        printed = _run(code + _SAY_MEMORY, environ)
        memory[name].append(int(printed) / 1e6)
        return time.perf_counter() - began

    _run(_APPLICATION, environ)  # the first start of all compiles
    runs = {
        "ours": lambda: start("ours", _APPLICATION),
        "limit": lambda: start("limit", _IMPORTS),
    }
    seconds = in_turn(sizes.rounds, runs)
    return [
        compare(
            "start of a web process", "s", seconds["ours"], seconds["limit"],
            Goal(ours_max=SECONDS_MAX),
        ),
        compare(
            "its memory", "MB", memory["ours"], memory["limit"], Goal(ours_max=MEGABYTES_MAX)
        ),
    ]  # fmt: skip


def _run(code: str, environ: dict[str, str]) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=environ, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
