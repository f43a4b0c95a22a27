"""A server killed between its 200 and the reply: whoever starts next does what is left, once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.served import Line, Served, environment, platform, post, text
from tests.ports import held_port
from tests.waiting import SECONDS_MAX, until


def _statuses(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as club:
        return [status for (status,) in club.execute("SELECT status FROM webhook_events")]


@pytest.fixture
def port() -> Iterator[int]:
    with held_port() as port:
        yield port


def test_of_a_burst_cut_short_by_kill_9_each_event_is_counted_once_and_answered_once(
    sqlite_template: bytes, tmp_path: Path, port: int
) -> None:
    people, texts = 12, 4
    numbers = {p: [p + n * people for n in range(texts)] for p in range(people)}
    bodies = [post(*(text(p, numbers[p][n]) for p in range(people))) for n in range(texts)]
    database = tmp_path / "club.sqlite3"
    database.write_bytes(sqlite_template)
    line = Line(hangs_after=people + 3)
    with platform(line) as address:
        settings = environment(database, address, port)
        first = Served(settings, port)
        try:
            assert [first.posts(body) for body in bodies] == [200] * texts
            assert line.asked.wait(SECONDS_MAX), "nothing was on its way"
            until(lambda: "done" in _statuses(database), "the first ones to be written down")
        finally:
            first.dies()
        assert "new" in _statuses(database)

        line.hangs.clear()
        second = Served(settings, port)
        try:
            until(lambda: set(_statuses(database)) == {"done"}, "the second process's work")
            assert [second.posts(body) for body in bodies] == [200] * texts
        finally:
            second.dies()
    replied = [int(reply["replyToken"]) for reply in line.replies]
    assert sorted(replied) == list(range(people * texts))
    for mine in numbers.values():
        assert [number for number in replied if number in mine] == mine
    assert _statuses(database) == ["done"] * (people * texts)
    with closing(sqlite3.connect(database)) as club:
        for table, count in {"members": people, "entries": people, "inbox": people * texts}.items():
            assert club.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,), table
        unsaid = club.execute("SELECT count(*) FROM webhook_events WHERE error IS NOT NULL")
        assert unsaid.fetchone() == (0,)
