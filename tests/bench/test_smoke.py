"""The benchmarks themselves: that each measures what it says, on a tiny scale and without a server.

No time is judged here. What a machine does is for `make bench`.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from bot.line.events import signature_is_valid, split
from bot.store import Store
from bot.store.messages import webhook_events
from tests.bench import (
    check_in,
    due,
    fill,
    late,
    load,
    push,
    replies,
    reply,
    report,
    science,
    wsgi,
)
from tests.bench.databases import Sqlite, sqlite
from tests.bench.measure import Goal, Row, Sizes, compare, in_turn
from tests.loopback import Quiet, on_loopback

TINY = Sizes(
    seconds=0.02,
    warm_up=0.0,
    rounds=1,
    members=4,
    visits=2,
    push_seconds=0.05,
    crowd=900,
    burst=20,
    history=8,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    return sqlite(tmp_path_factory.mktemp("bench"), TINY)


@pytest.mark.parametrize(("measure", "rows"), [(check_in.on_sqlite, 1), (reply.on_sqlite, 2)])
def test_a_benchmark_measures_both_sides(
    measure: Callable[[Sqlite, Sizes], list[Row]], rows: int, filled: Sqlite
) -> None:
    measured = measure(filled, TINY)
    assert len(measured) == rows
    assert all(row.ours > 0 and row.limit > 0 and row.ratio > 0 for row in measured)


def test_the_due_are_found_counted_and_told(filled: Sqlite) -> None:
    rows = [*due.measure([filled], TINY), *fill.measure([filled], TINY)]
    rows += push.measure([filled], TINY)
    assert len(rows) == 7
    assert all(row.ours > 0 and row.limit > 0 and row.ratio > 0 for row in rows)


def test_a_fit_and_chances_are_measured_beside_what_they_cannot_do_without() -> None:
    fitted, chances = science.measure(TINY)
    assert fitted.ours > fitted.limit > 0
    assert chances.ours > chances.limit > 0


def test_replies_are_counted_from_the_post_to_their_arrival(
    filled: Sqlite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "LATENCIES_MS", (1,))
    rows = replies.measure([filled], TINY)
    assert [row.unit for row in rows] == ["/s", "s", "", "ms", "ms"]
    speed, seconds, lost, alone, worked = (row.ours for row in rows)
    assert lost == 0
    assert speed == pytest.approx(TINY.burst / seconds)
    assert alone > 0
    assert worked > 0


def test_what_comes_late_is_undone_or_merged_is_timed(filled: Sqlite) -> None:
    rows = late.measure([filled], TINY)
    assert [row.path.partition(",")[0] for row in rows] == [
        "late visit", "undo", "forced undo", "merge",
    ]  # fmt: skip
    assert all(row.ours > 0 for row in rows)


def test_the_limit_of_the_check_in_writes_the_rows_that_ours_does(filled: Sqlite) -> None:
    def written(url: str) -> list[int]:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            tables = ("claims", "activities", "entries", "lots", "members")
            counts = [connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables]
            (seqs,) = connection.execute("SELECT sum(history_seq) FROM members").fetchone()
        return [*counts, seqs]

    ours, limit = filled.copy(), filled.copy()
    before = written(ours)
    with check_in.threads(ours, TINY) as clients:
        for visitors in clients.clients:
            visitors.next()
    with check_in.raw_sqlite(limit) as raw:
        for _ in range(check_in.CLIENTS):
            raw.step()
    assert written(ours) == written(limit) != before


@pytest.mark.parametrize("what", ["webhook", "raw"])
def test_the_application_and_its_limit_keep_what_the_load_sends(
    what: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wsgi.environment(database_url).items():
        monkeypatch.setenv(name, value)
    content = load.body(3)
    headers = {"X-Line-Signature": load.sign(content)}
    app = getattr(wsgi, what)()
    client = Client(app)
    assert client.post("/callback", data=content, headers=headers).status_code == 200
    assert client.post("/callback", data=content[:-1], headers=headers).status_code == 400
    store = Store(database_url)
    with store.read() as uow:
        assert webhook_events.counts(uow) == {"new": 3}
    store.close()
    if isinstance(app, Flask):
        app.extensions["kayoi"].club.store.close()


def test_events_are_signed_and_distinct() -> None:
    bodies = [load.body(2), load.body(2)]
    assert all(signature_is_valid(wsgi.CHANNEL_SECRET, body, load.sign(body)) for body in bodies)
    assert len({event.event_id for body in bodies for event in split(body)}) == 4


class _Answering(Quiet, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        good = signature_is_valid(wsgi.CHANNEL_SECRET, content, self.headers["X-Line-Signature"])
        self.send_response(200 if good else 400)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


@pytest.fixture
def answering() -> Iterator[int]:
    with on_loopback(_Answering) as url:
        yield int(url.rpartition(":")[2])


def test_the_load_generator_counts_answers(answering: int) -> None:
    done = load.run(answering, connections=2, events=1, warm_up=0.02, seconds=0.1)
    assert done.per_second > 0
    assert done.failed == 0
    assert 0 < done.ms_median <= done.ms_p99


def test_measurements_are_taken_in_turn() -> None:
    order: list[str] = []

    def measuring(name: str) -> float:
        order.append(name)
        return 1.0

    in_turn(2, {"a": lambda: measuring("a"), "b": lambda: measuring("b")})
    assert order == ["a", "b", "a", "b"]


def test_each_sample_is_held_against_the_limit_of_its_own_round() -> None:
    # The machine became twice as slow in the second and third round.
    row = compare("path", "/s", [50, 25, 20], [100, 50, 50], Goal(ratio_min=0.5))
    assert (row.ours, row.limit, row.ratio, row.met) == (25, 50, 0.5, True)


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal(ratio_min=0.5), True),
        (Goal(ratio_min=0.6), False),
        (Goal(ratio_max=0.5), True),
        (Goal(ratio_max=0.4), False),
        (Goal(ours_max=5), True),
        (Goal(ours_max=4), False),
        (Goal(), None),
    ],
)
def test_a_goal_is_met_or_not(goal: Goal, met: bool | None) -> None:
    assert Row("path", "ms", ours=5, limit=10, ratio=0.5, goal=goal).met is met


def test_the_table_says_no_where_a_goal_is_not_met() -> None:
    missed = Row("受付 check-in", "/s", 913, 3753, 0.24, Goal(ratio_min=0.6))
    told = Row("generator", "", 0.2, 1, 0.2)
    header, first, second = report.table([missed, told]).splitlines()
    assert header.split()[:2] == ["hot", "path"]
    assert first.split()[-4:] == ["0.24", "≥", "0.6", "no"]
    assert second.split() == ["generator", "0.2", "1", "0.20"]


def test_the_figures_can_be_read_by_a_program(tmp_path: Path) -> None:
    row = Row("path", "ms", 5, 10, 0.5, Goal(ours_max=4))
    told = json.loads(report.as_json([row], report.machine()))
    assert told["rows"][0]["met"] is False
    assert told["machine"]["python"]
