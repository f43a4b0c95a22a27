"""A start that can't work ends with one sentence."""

import gc
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import FlaskGroup

from app import create_app
from bot.line.errors import LineError
from bot.settings import PROJECT
from bot.store.engine.statements import PreparedStatement
from bot.store.history import programs
from bot.store.members import members
from handlers.actions.staff.staffing import Assignment, hire
from handlers.club import Club
from handlers.commands.serving import warm_up
from rules.base import LANGS
from rules.wording import texts
from tests.handlers.commands.conftest import SECRET, app_in, run
from tests.ports import held_port
from tests.waiting import SECONDS_MAX, until


def test_a_port_that_is_taken_stops_the_start(cafe: Flask, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run(app_in(tmp_path, PORT=str(port)), "serve")
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output


def test_a_version_that_was_taken_back_goes_on_with_the_newer_database(
    cafe: Flask, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "club.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert run(cafe, "migrate").exit_code == 0
    audit = run(cafe, "ledger", "audit")
    assert audit.exit_code == 0
    assert "A newer version has migrated the database (9999" in audit.stderr
    with sqlite3.connect(tmp_path / "club.sqlite3") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_the_first_who_comes_waits_for_nothing_that_could_be_done_before(
    cafe: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    club: Club = cafe.extensions["kayoi"].club
    texts._texts.cache_clear()
    members._BY_ID._compiled.clear()
    club.programmes.forget()
    warm_up(club)

    def too_late(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(tomllib, "loads", too_late)
    monkeypatch.setattr(PreparedStatement, "_compile", too_late)
    monkeypatch.setattr(programs, "load", too_late)
    assert {texts.say(lang, "start.counter") for lang in LANGS}
    members._BY_ID.on(club.store.engine.dialect)
    club.timeline()


@pytest.mark.parametrize(("key", "name"), [("DYNO", "Heroku"), ("K_SERVICE", "Cloud Run")])
def test_a_disk_that_forgets_is_told_of_before_anybody_joins(
    cafe: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, name: str
) -> None:
    monkeypatch.setenv(key, "web.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run(app_in(tmp_path, PORT=str(taken.getsockname()[1])), "serve")
    assert f"{name} empties this disk at each start" in result.output
    assert "DATABASE_URL" in result.output


def test_a_counter_waits_neither_for_circles_among_years_of_history_nor_long_for_its_turn(
    cafe: Flask, tmp_path: Path
) -> None:
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(700)
    sys.setswitchinterval(0.005)
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            run(app_in(tmp_path, PORT=str(taken.getsockname()[1])), "serve")
        assert gc.get_threshold()[0] == 50_000
        assert sys.getswitchinterval() < 0.001
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(turn)


def test_platforms_reach_what_the_procfile_serves() -> None:
    lines = (PROJECT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert "web: HOST=0.0.0.0 flask --app app serve" in lines


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": SECRET, "LINE_CHANNEL_SECRET": "a" * 32}, "LINE_CHANNEL_ACCESS_TOKEN"),
        ({"SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://u@127.0.0.1:1/x"}, "DATABASE_URL"),
        ({"SECRET_KEY": SECRET, "PORT": "http"}, "PORT"),
    ],
    ids=["a short key", "half of the credentials", "no database", "a wrong port"],
)
def test_a_start_that_can_t_work_ends_with_a_sentence(
    settings: dict[str, str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    ended = CliRunner().invoke(FlaskGroup(create_app=lambda: create_app()), ["serve"])
    assert ended.exit_code == 1
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_such_a_process_ends_without_a_traceback(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "SECRET_KEY": "short"}
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert ended.returncode == 1
    assert "SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_demos_links_are_the_last_that_its_start_says(cafe: Flask, tmp_path: Path) -> None:
    with cafe.extensions["kayoi"].club.work() as work:
        place = Assignment("owner", None)
        hire(work, login="owner", name="森", place=place, stores=["ekimae"], language="ja")
    with held_port() as port:
        app = app_in(tmp_path, PORT=str(port))
        settings = {"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/club.sqlite3"}
        with subprocess.Popen(
            [sys.executable, "-c", _SERVES.format(file=str(tmp_path / "simulator.sqlite3"))],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "PORT": str(port), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            # The simulator has its menus: whatever the start does is done.
            until(lambda: _has_a_menu(app), "a rich menu")
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=SECONDS_MAX)
    lines = said.splitlines()
    places = ["/simulator", "/staff/qr/", "/staff/join/", "/owner/setup/open/"]
    assert len(lines) == 3 * len(places), said
    for line, path in zip(lines[2::3], places, strict=True):
        assert line.startswith(f"  http://127.0.0.1:{port}{path}")
    assert (
        lines[1] == "LINEシミュレーター（お客さまの画面） · LINE simulator (what a customer sees)"
    )


_SERVES = """
from pathlib import Path
from app import create_app
app = create_app(simulator_file=Path({file!r}))
with app.app_context():
    app.cli.commands["serve"].main([], standalone_mode=True)
"""


def _has_a_menu(app: Flask) -> bool:
    try:
        return app.extensions["kayoi"].club.line.default_rich_menu_id() is not None
    except LineError:
        return False


def test_what_takes_a_while_tells_how_far_it_is_where_there_is_no_terminal(
    bare: Flask,
) -> None:
    assert run(bare, "migrate").exit_code == 0
    said = run(bare, "demo", "--members", "3").output
    assert [f"Demo club: members: {n} of 3" in said for n in (1, 2, 3)] == [True] * 3
