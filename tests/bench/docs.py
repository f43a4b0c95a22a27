"""The figures in docs/bench.md: kept in docs/bench.json, and written by a program alone.

    python -m tests.bench … --docs     measures, and keeps the figures in both
    python -m tests.bench.docs         writes the page anew from the JSON

Each run is kept with its day, its machine and how busy that was. A row that is measured again goes
from the run of before.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.settings import PROJECT

from .measure import Goal, Row
from .report import chart, markdown

FIGURES, PAGE = PROJECT / "docs" / "bench.json", PROJECT / "docs" / "bench.md"
BEGIN = "<!-- Written by `python -m tests.bench.docs` from bench.json; not by hand. -->"
END = "<!-- The end of what is written so. -->"


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured together. `load` is the machine's before and after, as far as somebody
    looked. `note` is what else one should know."""

    day: str
    machine: Mapping[str, str]
    load: tuple[float, ...]
    note: str
    rows: tuple[Row, ...]


def load_now() -> float:
    """How many processes wanted a processor in the last minute, on average."""
    return round(os.getloadavg()[0], 1)


def read(file: Path) -> list[Run]:
    """The runs that are kept in `file`, the oldest first."""
    if not file.exists():
        return []
    told: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["runs"]
    return [
        Run(**run | {"rows": tuple(map(_row, run["rows"])), "load": tuple(run["load"])})
        for run in told
    ]


def _row(told: Mapping[str, Any]) -> Row:
    return Row(**{**told, "goal": Goal(**told["goal"])})


def with_newest(runs: Iterable[Run], newest: Run) -> list[Run]:
    """The runs without what `newest` measured again, and it behind them."""
    again = {row.path for row in newest.rows}
    left = [
        Run(run.day, run.machine, run.load, run.note,
            tuple(row for row in run.rows if row.path not in again))
        for run in runs
    ]  # fmt: skip
    return [*(run for run in left if run.rows), newest]


def keep(rows: Sequence[Row], machine: Mapping[str, str], load_before: float) -> None:
    """Keeps what was measured just now, in the JSON and on the page."""
    load = (load_before, load_now())
    newest = Run(f"{Clock().now():%Y-%m-%d}", machine, load, "", tuple(rows))
    runs = with_newest(read(FIGURES), newest)
    told = {"runs": [asdict(run) for run in runs]}
    FIGURES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write()


def write() -> None:
    """Writes the page's figures from the JSON."""
    PAGE.write_text(filled_in(PAGE.read_text(encoding="utf-8"), read(FIGURES)), encoding="utf-8")


def filled_in(page: str, runs: Iterable[Run]) -> str:
    """The page with the figures of these runs."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{shown(runs)}\n\n{END}{after}"


def shown(runs: Iterable[Run]) -> str:
    """What is reached of all goals, and the runs, in Markdown, the newest first."""
    newest = list(reversed(list(runs)))
    reached = chart(row for run in newest for row in run.rows)
    tables = (f"{_head(run)}\n\n{markdown(run.rows)}" for run in newest)
    return "\n\n".join((f"```text\n{reached}\n```", *tables))


def _head(run: Run) -> str:
    machine = dict(run.machine)
    cores, processor = machine.pop("cores"), machine.pop("processor")
    system = machine.pop("system")
    versions = ", ".join(f"{name} {version}" for name, version in machine.items())
    busy = f" A load of {' to '.join(f'{each:g}' for each in run.load)}." if run.load else ""
    note = f" {run.note}" if run.note else ""
    return f"**{run.day}.** {cores} cores ({processor}), {system}, {versions}.{busy}{note}"


if __name__ == "__main__":
    write()
