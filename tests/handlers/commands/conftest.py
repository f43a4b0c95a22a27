"""The café as its commands find it, in a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from bot.settings import load_settings
from handlers.commands.pictures import pictures_commands
from tests.conftest import FreshDatabase
from tests.handlers.clubs import club_on

SECRET = "commands-need-a-secret-key-of-some-length"


def app_in(folder: Path, *, programme: str = "program.toml", **more: str) -> Flask:
    database = f"sqlite:///{folder / 'club.sqlite3'}"
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": database, "PROGRAM_FILE": programme}
    return create_app(load_settings(settings | more), simulator_file=folder / "simulator.sqlite3")


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An installation whose database nobody has made yet."""
    return app_in(tmp_path)


@pytest.fixture
def cafe(tmp_path: Path, sqlite_template: bytes) -> Flask:
    """The café, migrated and with its programme published."""
    (tmp_path / "club.sqlite3").write_bytes(sqlite_template)
    app = app_in(tmp_path)
    assert run(app, "migrate").exit_code == 0
    return app


def run(app: Flask, *words: str, types: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=types)


@pytest.fixture
def runner(fresh_sqlite: FreshDatabase) -> Iterator[FlaskCliRunner]:
    """What runs the commands of pictures, on a small club."""
    with fresh_sqlite() as url, club_on(url) as small:
        app = Flask("pictures")
        app.cli.add_command(pictures_commands(lambda: small))
        yield app.test_cli_runner()
