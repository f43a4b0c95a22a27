"""A large list of members with balances, brought in for real: looked at, done by a process that is
killed on the way and by another that goes on, and taken back as a whole. All figures by SQL.

python -m tests.soak.files [--rows 100000] [--database sqlite|postgresql]
"""

import argparse
import logging
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import structlog
from sqlalchemy import func, select

from bot.store import Store
from bot.store.engine.migrate import upgrade
from bot.store.finding.due_members import id_span
from bot.store.many import imports
from bot.store.tables import entries, import_rows, lots, members
from handlers.actions.importing.keeping import (
    ArrivingFile,
    begin_doing,
    begin_looking,
    begin_undoing,
    keep_file,
)
from handlers.club import Club
from handlers.jobs.many import imports as job
from handlers.jobs.night.audit import audit_member
from tests.handlers.clubs import MANAGER, MONDAY_NOON, HandClock, SmallClub, club_at, club_on
from tests.waiting import until

from .databases import database

HEAD = "会員番号,氏名,フリガナ,電話番号,生年月日,入会日,ポイント,来店回数"
#: Every so many-th member is audited: all that is stored of them is worked out again.
AUDITED = 500
#: Seconds after which a large file will never be done.
LONGEST = 7_200


def lines(count: int) -> Iterator[str]:
    """The file: each with a telephone, a birthday, points and visits."""
    yield HEAD
    for n in range(count):
        day = f"{n % 12 + 1}/{n % 28 + 1}"
        phone = f"090{10_000_000 + n:08}"
        yield f"A{n:06},山田{n},ヤマダ,{phone},1980/{day},2024/{day},{points(n)},{n % 20}"


def points(n: int) -> int:
    return n * 7 % 300


@dataclass
class Told:
    """What came of it: of each part the seconds by the wall, and those of a processor."""

    rows: int
    parts: dict[str, tuple[float, float]] = field(default_factory=dict)
    killed_at: int = 0

    def lines(self) -> Iterator[str]:
        for part, (seconds, busy) in self.parts.items():
            each = f"{self.rows / seconds:,.0f} rows a second"
            yield f"{part}: {seconds:,.0f} s, {each}; {busy:,.0f} s of a processor of ours"
        held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        yield f"killed after {self.killed_at:,} rows; no process held more than {held} MB"


@dataclass(frozen=True, slots=True)
class Figures:
    """By SQL alone: who is there, and what they have by their rows, entries and lots."""

    members: int
    balance: int
    entries: int
    lots: int


def figures(store: Store) -> Figures:
    with store.read() as uow:
        here = members.c.erased_at.is_(None)
        count, balance = uow.run(
            select(func.count(), func.coalesce(func.sum(members.c.balance), 0)).where(here)
        ).one()
        sums = [
            uow.run(select(func.coalesce(func.sum(column), 0))).scalar_one()
            for column in (entries.c.points, lots.c.left)
        ]
    return Figures(count, int(balance), *map(int, sums))


def lives_through(url: str, folder: Path, *, rows: int, say: Callable[[str], None]) -> Told:
    """All of it, on a migrated database. AssertionError where a figure is not what it must be."""
    told = Told(rows)
    path = folder / "members.csv"
    with path.open("w", encoding="cp932", errors="strict") as file:
        file.writelines(f"{line}\n" for line in lines(rows))
    before = sum(points(n) for n in range(rows))
    with club_on(url) as cafe:
        with timed(told, "kept", say), path.open("rb") as opened:
            arriving = ArrivingFile(opened, path.name, "members", "ekimae")
            made = keep_file(lambda: cafe.club.work(MANAGER), arriving)
        assert isinstance(made, int)
        with cafe.store.read() as uow:
            stored = imports.get(uow, made)
        assert stored is not None
        with cafe.club.work(MANAGER) as work:
            assert begin_looking(work, made, stored.columns, has_head=stored.has_head) is None
        with timed(told, "looked at", say):
            _another_goes_on(url, made)
        assert _fates(cafe, made) == {"head": 1, "new": rows}
        assert figures(cafe.store) == Figures(0, 0, 0, 0), "looking did something"
        with cafe.club.work(MANAGER) as work:
            assert begin_doing(work, made, rows) is None
        with timed(told, "brought in", say):
            told.killed_at = _is_killed(cafe.store, url, made, rows // 2)
            say(f"killed after {told.killed_at:,} rows")
            # Members and fates are of the same whole pages.
            assert figures(cafe.store).members == told.killed_at
            assert figures(cafe.store).balance == sum(points(n) for n in range(told.killed_at))
            _another_goes_on(url, made)
        assert _fates(cafe, made) == {"head": 1, "done": rows}
        assert figures(cafe.store) == Figures(rows, before, before, before)
        _adds_up(cafe.club, cafe.store)
        with cafe.club.work(MANAGER) as work:
            assert begin_undoing(work, made) is None
        with timed(told, "taken back", say):
            _another_goes_on(url, made)
        assert _fates(cafe, made) == {"head": 1, "back": rows}
        assert figures(cafe.store) == Figures(0, 0, 0, 0)
        _adds_up(cafe.club, cafe.store)
    return told


@contextmanager
def timed(told: Told, part: str, say: Callable[[str], None]) -> Iterator[None]:
    began, busy = time.monotonic(), _busy()
    yield
    told.parts[part] = time.monotonic() - began, _busy() - busy
    say(f"{part}: {told.parts[part][0]:,.1f} s")


def _busy() -> float:
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _fates(cafe: SmallClub, import_id: int) -> dict[str | None, int]:
    with cafe.store.read() as uow:
        return imports.fates(uow, import_id)


def _adds_up(club: Club, store: Store) -> None:
    with store.read() as uow:
        ids = uow.run(select(members.c.id).where(members.c.id % AUDITED == 0)).scalars().all()
        timeline, foresight = club.timeline(), club.foresight()
        off = [each for one in ids for each in audit_member(uow, timeline, foresight, one)]
    assert not off, off[:3]


def _process(url: str, import_id: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.soak.files", "--goes-on", str(import_id), "--at", url]
    return subprocess.Popen(command, text=True)


def _another_goes_on(url: str, import_id: int) -> None:
    assert _process(url, import_id).wait() == 0


def _is_killed(store: Store, url: str, import_id: int, rows: int) -> int:
    """Kills the process that does it once so many rows are done; gives how many are, then."""
    process = _process(url, import_id)

    def made() -> bool:
        with store.read() as uow:
            return len(id_span(uow)) >= rows

    until(lambda: made() or process.poll() is not None, "half of it", seconds=LONGEST, pause=1)
    assert process.poll() is None, "it ended before it was killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = (import_rows.c.import_id == import_id) & (import_rows.c.fate == "done")
    with store.read() as uow:
        return int(uow.run(select(func.count()).where(done)).scalar_one())


def goes_on(url: str, import_id: int) -> None:
    """What the clock does, by a process of its own."""
    club = club_at(url, HandClock(MONDAY_NOON), "http://127.0.0.1:9")
    while job.go_on(club, import_id):
        pass
    club.store.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.files", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--goes-on", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if chosen.at:
        goes_on(chosen.at, chosen.goes_on)
        return
    with TemporaryDirectory() as name, database(chosen.database, Path(name)) as url:
        upgrade(url)
        told = lives_through(url, Path(name), rows=chosen.rows, say=click.echo)
    click.echo(f"{chosen.rows:,} members, {chosen.database}:")
    click.echo("\n".join(told.lines()))


if __name__ == "__main__":
    main()
