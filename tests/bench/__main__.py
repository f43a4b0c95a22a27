"""Measures the hot paths against the most that this machine does, in the same run.

python -m tests.bench [webhook] [check-in] [late] [reply] [replies] [due] [fill] [push] [pictures]
    [science] [card] [start] [console] [counter] [growth] [busy] [night]
    [--members N] [--database KIND] [--keep FOLDER] [--json FILE] [--docs]
"""

import argparse
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import structlog

from . import (
    busy,
    card,
    check_in,
    console,
    counter,
    databases,
    docs,
    due,
    fill,
    growth,
    late,
    night,
    pictures,
    push,
    replies,
    report,
    science,
    start,
    webhook,
)
from . import reply as reply_facts
from .databases import Database, Sqlite
from .kept import LargeClubs
from .measure import Row, Sizes

#: What a club is measured on.
DATABASES = ("sqlite", "postgresql")


class Places(NamedTuple):
    """Of which kinds databases are, where for the time of a run, and where large clubs are kept, if
    they are."""

    kinds: Sequence[str]
    folder: Path
    kept: Path | None = None


class Bench:
    """The benchmarks by name, with the databases made when the first one asks for them."""

    def __init__(self, places: Places, sizes: Sizes, stack: ExitStack) -> None:
        self._places = places
        self._sizes, self._stack = sizes, stack

    @property
    def all(self) -> dict[str, Callable[[], list[Row]]]:
        return {
            "webhook": self._webhook,
            "check-in": self._check_in,
            "late": self._late,
            "reply": self._reply,
            "replies": self._replies,
            "due": self._due,
            "fill": self._fill,
            "push": self._push,
            "pictures": self._pictures,
            "science": self._science,
            "card": self._card,
            "start": self._start,
            "console": self._console,
            "counter": self._counter,
            "growth": self._growth,
            "busy": self._busy,
            "night": self._night,
        }

    @cached_property
    def _databases(self) -> list[Database]:
        return [self._filled(kind) for kind in self._places.kinds]

    def _filled(self, kind: str) -> Database:
        folder = self._places.folder
        if kind == "sqlite":
            return databases.sqlite(folder, self._sizes)
        return self._stack.enter_context(databases.postgresql(folder, self._sizes))

    @cached_property
    def _large(self) -> list[LargeClubs]:
        kinds, folder, kept = self._places
        if kept is None:
            return [LargeClubs(each, folder) for each in self._databases]
        return [LargeClubs(self._kept_in(kept, kind), kept) for kind in kinds]

    def _kept_in(self, kept: Path, kind: str) -> Database:
        if kind == "sqlite":
            return Sqlite(kept, self._places.folder)
        return self._stack.enter_context(databases.server(kept))

    def _webhook(self) -> list[Row]:
        return webhook.measure(self._databases, self._sizes)

    def _check_in(self) -> list[Row]:
        return check_in.measure(self._databases, self._sizes)

    def _late(self) -> list[Row]:
        return late.measure(self._databases, self._sizes)

    def _reply(self) -> list[Row]:
        return reply_facts.measure(self._databases, self._sizes)

    def _replies(self) -> list[Row]:
        return replies.measure(self._databases, self._sizes)

    def _due(self) -> list[Row]:
        return due.measure(self._databases, self._sizes)

    def _fill(self) -> list[Row]:
        return fill.measure(self._databases, self._sizes)

    def _push(self) -> list[Row]:
        return push.measure(self._databases, self._sizes)

    def _pictures(self) -> list[Row]:
        return pictures.measure(self._sizes)

    def _science(self) -> list[Row]:
        return science.measure(self._sizes)

    def _card(self) -> list[Row]:
        return card.measure(self._places.folder, self._sizes)

    def _start(self) -> list[Row]:
        return start.measure(self._places.folder, self._sizes)

    def _console(self) -> list[Row]:
        return console.measure(self._large, self._sizes)

    def _counter(self) -> list[Row]:
        return counter.measure(self._large, self._sizes)

    def _growth(self) -> list[Row]:
        return growth.measure(self._large, self._sizes)

    def _busy(self) -> list[Row]:
        return busy.measure(self._large, self._sizes)

    def _night(self) -> list[Row]:
        return night.measure(self._large, self._sizes)


NAMES = (
    "webhook", "check-in", "late", "reply", "replies", "due", "fill", "push", "pictures", "science",
    "card", "start", "console", "counter", "growth", "busy", "night",
)  # fmt: skip


def measured(
    names: list[str], sizes: Sizes, kinds: Sequence[str], kept: Path | None
) -> Iterator[Row]:
    """Runs the named benchmarks in a folder that is gone afterwards, but for the clubs `kept`."""
    with tempfile.TemporaryDirectory(prefix="kayoi-bench-") as folder, ExitStack() as stack:
        bench = Bench(Places(kinds, Path(folder), kept), sizes, stack)
        for name in names:
            yield from bench.all[name]()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; else all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--members", type=int, default=Sizes().crowd, help="of a large club")
    parser.add_argument("--database", choices=DATABASES, help="that alone; else both")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the large clubs there")
    parser.add_argument("--docs", action="store_true", help="keep the figures in docs/, too")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there is: {', '.join(NAMES)}")
    # A line for each call would be measured too, and stand before the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    facts, load = report.machine(), docs.load_now()
    print(" · ".join(f"{name} {value}" for name, value in facts.items()), flush=True)
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    sizes = replace(Sizes(), crowd=given.members)
    kinds = [given.database] if given.database else DATABASES
    kept = given.keep and given.keep.resolve()
    rows: list[Row] = []
    try:
        rows.extend(measured(given.names or list(NAMES), sizes, kinds, kept))
    finally:
        # What was measured before something failed is told all the same.
        print(report.table(rows))
    if given.docs:
        docs.keep(rows, facts, load)
    if given.json:
        given.json.write_text(report.as_json(rows, facts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
