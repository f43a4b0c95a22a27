"""What the servers of the webhook's measurement run: the application, and an empty route.

The application is whole, but nobody starts its workers: only the webhook itself is measured.
"""

import os

from flask import Flask, Response

from bot.settings import load_settings

CHANNEL_SECRET = "bench-channel-secret"
DATABASE = "KAYOI_BENCH_DATABASE"


def environment(database_url: str) -> dict[str, str]:
    """What a server must find in its environment to measure on `database_url`."""
    return {DATABASE: database_url}


def webhook() -> Flask:
    """The application as with a real account, whose platform nobody will call."""
    from app import create_app

    settings = {
        "SECRET_KEY": "the-bench-needs-a-secret-key-of-some-length",
        "DATABASE_URL": os.environ[DATABASE],
        "BASE_URL": "https://bench.invalid",
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "bench-access-token",
        "LINE_API_BASE": "http://127.0.0.1:9",
    }
    return create_app(load_settings(settings))


def served() -> Flask:
    """The same with its logs set up, as the server's process does it."""
    from bot.logs import configure_logs

    configure_logs()
    return webhook()


def empty() -> Flask:
    """The least that Flask can do: a POST that is answered 200."""
    app = Flask("empty", static_folder=None)

    @app.post("/callback")
    def callback() -> Response:
        return Response(status=200)

    return app
