"""What the servers that are measured run: the application, and an empty route."""

import os
from typing import TYPE_CHECKING

from flask import Flask, Response

from bot.settings import load_settings

if TYPE_CHECKING:
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


def empty() -> Flask:
    """The least that Flask can do: a POST that is answered 200."""
    app = Flask("empty", static_folder=None)

    @app.post("/callback")
    def callback() -> Response:
        return Response(status=200)

    return app
