"""The club in the pictures: all that `make run` starts, in a folder and at a time of its own."""

import logging
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app import clock_parts, create_app
from bot.logs import configure_logs
from bot.settings import PROJECT, load_settings
from bot.simulator.times import JAPAN
from bot.store.engine.migrate import upgrade
from handlers.chat.worker import EventWorkers
from handlers.commands import demo
from handlers.commands.installation import Installation
from handlers.commands.serving import publish_first
from handlers.jobs import rich_menu

MEMBERS = 40
_SECRET = "screens-need-a-secret-key-of-some-length"
#: Simulated time only goes forward, so no fixed year will do: every run begins at noon of the first
#: Tuesday from the 20th of the next April. A rank of that month is in danger two months later.
_MONTH, _DAY = 4, 20
_TUESDAY = 1


class _Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Says nothing: the pictures tell."""


@contextmanager
def serving(
    folder: Path, *, members: int = MEMBERS, changes: Iterable[tuple[str, str]] = ()
) -> Iterator[Installation]:
    """The café with a few members, served from `folder` until the end of the block; `changes` to
    its programme besides."""
    configure_logs(level=logging.WARNING)
    settings = load_settings(
        {
            "SECRET_KEY": _SECRET,
            "PORT": str(_free_port()),
            "DATABASE_URL": f"sqlite:///{folder / 'kayoi.sqlite3'}",
            "PROGRAM_FILE": str(_programme(folder, changes)),
        }
    )
    app = create_app(settings, simulator_file=folder / "simulator.sqlite3")
    installation: Installation = app.extensions["kayoi"]
    try:
        _fill(installation, members)
        with _server(app, settings.host, settings.port), _background(app, installation):
            rich_menu.deploy(installation.club)
            yield installation
    finally:
        installation.club.store.close()


def _programme(folder: Path, changes: Iterable[tuple[str, str]]) -> Path:
    """The café's, by which whoever stays away is surely written: the story needs it."""
    text = (PROJECT / "program.toml").read_text(encoding="utf-8")
    for old, new in (('kind = "lapsed"', 'kind = "lapsed"\nholdout = 0'), *changes):
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "program.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _fill(installation: Installation, members: int) -> None:
    club, simulator = installation.club, installation.simulator
    assert simulator is not None
    now = simulator.now()
    simulator.set_offset(first_noon(now) - now)
    upgrade(installation.settings.database_url)
    publish_first(installation)
    for _ in demo.fill(club, simulator, members=members):
        """One member after the other."""
    demo.begin_season(club)


def first_noon(now: datetime) -> datetime:
    """Noon in Japan of the day that a run at `now` begins at, in UTC."""
    local = now.astimezone(JAPAN)
    for year in (local.year, local.year + 1):
        first = datetime(year, _MONTH, _DAY, 12, tzinfo=JAPAN)
        noon = first + timedelta(days=(_TUESDAY - first.weekday()) % 7)
        if noon > local:
            break
    return noon.astimezone(UTC)


@contextmanager
def _server(app: Flask, host: str, port: int) -> Iterator[None]:
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _background(app: Flask, installation: Installation) -> Iterator[None]:
    """Event workers, delivery and schedule, as the one process of an installation has them."""
    workers: EventWorkers = app.extensions["kayoi.workers"]
    parts = (workers, *clock_parts(installation))
    for part in parts:
        part.start()
    try:
        yield
    finally:
        for part in reversed(parts):
            part.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
