"""A server killed between its 200 and the reply: whoever starts next does what is left, once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.served import Line, Served, environment, follow, platform
from tests.ports import held_port
from tests.waiting import SECONDS_MAX, until


def _statuses(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as club:
        return [status for (status,) in club.execute("SELECT status FROM webhook_events")]


@pytest.fixture
def port() -> Iterator[int]:
    with held_port() as port:
        yield port


def test_what_was_answered_200_is_done_after_kill_9_and_done_once(
    sqlite_template: bytes, tmp_path: Path, port: int
) -> None:
    database = tmp_path / "club.sqlite3"
    database.write_bytes(sqlite_template)
    line = Line()
    with platform(line) as address:
        settings = environment(database, address, port)
        line.hangs.set()
        first = Served(settings, port)
        try:
            assert first.posts(follow()) == 200
            assert line.asked.wait(SECONDS_MAX), "the reply was never tried"
        finally:
            first.dies()
        assert line.replies == []

        line.hangs.clear()
        second = Served(settings, port)
        try:
            until(lambda: _statuses(database) == ["done"], "the second process's work")
            assert second.posts(follow()) == 200
        finally:
            second.dies()
    assert len(line.replies) == 1
    assert _statuses(database) == ["done"]
    with closing(sqlite3.connect(database)) as club:
        assert club.execute("SELECT count(*) FROM members").fetchone() == (1,)
        assert club.execute("SELECT count(*) FROM entries").fetchone() == (1,)
