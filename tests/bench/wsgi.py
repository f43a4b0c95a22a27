"""What the servers that are measured run: the application, and the least that could do as much."""

import atexit
import base64
import hmac
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from flask import Flask

from bot.settings import load_settings

from .databases import libpq

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from handlers.jobs.delivery_worker import DeliveryWorker
    from handlers.jobs.scheduler import Scheduler

CHANNEL_SECRET = "bench-channel-secret"
SECRET_KEY = "the-bench-needs-a-secret-key-of-some-length"
DATABASE, PLATFORM = "KAYOI_BENCH_DATABASE", "KAYOI_BENCH_LINE"
_NOBODY = "http://127.0.0.1:9"


def environment(database_url: str, line: str = _NOBODY) -> dict[str, str]:
    """What a server must find in its environment to measure on `database_url`, with the platform
    at `line`."""
    return {DATABASE: database_url, PLATFORM: line}


def webhook() -> Flask:
    """The application as with a real account. Nobody starts its workers: only the webhook itself is
    measured."""
    from app import create_app

    settings = {
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": os.environ[DATABASE],
        "BASE_URL": "https://bench.invalid",
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "bench-access-token",
        "LINE_API_BASE": os.environ[PLATFORM],
    }
    return create_app(load_settings(settings))


def served() -> Flask:
    """The same with its logs set up, as the server's process does it."""
    from bot.logs import configure_logs

    configure_logs()
    return webhook()


def answering() -> Flask:
    """The same with its event workers at work, so that it replies."""
    app = served()
    app.extensions["kayoi.workers"].start()
    return app


def whole() -> Flask:
    """The same with what goes by the clock, as where one process is the whole installation; its
    night makes no back-up."""
    app = answering()
    for part in clock_parts(app):
        part.start()
    return app


def clock_parts(app: Flask) -> tuple["Scheduler", "DeliveryWorker"]:
    """What goes by the clock, not started."""
    from handlers.jobs.clockwork import Clockwork
    from handlers.jobs.delivery_worker import DeliveryWorker
    from handlers.jobs.scheduler import Scheduler

    club = app.extensions["kayoi"].club
    clockwork = Clockwork(club)
    return Scheduler(club.store, clockwork), DeliveryWorker(clockwork)


def raw() -> "WSGIApplication":
    """The least that a webhook can be which is as careful: it verifies, parses and commits, and
    knows of nothing else."""
    keep = _keeping(os.environ[DATABASE])

    def callback(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        expected = base64.b64encode(hmac.digest(CHANNEL_SECRET.encode(), body, "sha256")).decode()
        if not hmac.compare_digest(expected, environ["HTTP_X_LINE_SIGNATURE"]):
            start_response("400 Bad Request", [("Content-Length", "0")])
            return []
        now = datetime.now(UTC)
        keep([_row(event, now) for event in json.loads(body)["events"]])
        start_response("200 OK", [("Content-Length", "0")])
        return []

    return callback


def _row(event: Any, now: datetime) -> tuple[Any, ...]:
    return event["webhookEventId"], event["source"]["userId"], now, json.dumps(event)


_Keep = Callable[[Sequence[tuple[Any, ...]]], object]


def _keeping(url: str) -> _Keep:
    """Commits rows, by one statement."""
    return _on_sqlite(url) if url.startswith("sqlite") else _on_postgresql(url)


def _on_sqlite(url: str) -> _Keep:
    """By one connection, which takes one after the other."""
    path, writing = url.removeprefix("sqlite:///"), threading.Lock()
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    atexit.register(connection.close)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")

    def keep(rows: Sequence[tuple[Any, ...]]) -> None:
        values = [str(v) if isinstance(v, datetime) else v for row in rows for v in row]
        with writing:
            connection.execute(_INSERT + ", ".join(["(?, ?, ?, ?, 'new')"] * len(rows)), values)

    return keep


def _on_postgresql(url: str) -> _Keep:
    """By a connection for each thread."""
    mine = threading.local()

    def keep(rows: Sequence[tuple[Any, ...]]) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(libpq(url), autocommit=True)
            atexit.register(mine.connection.close)
        statement = _INSERT + ", ".join(["(%s, %s, %s, %s, 'new')"] * len(rows))
        mine.connection.execute(statement, [value for row in rows for value in row])

    return keep


_INSERT = "INSERT INTO webhook_events (event_id, user_id, received_at, body, status) VALUES "
