"""The commands do what they say; where they can't go on, one sentence says what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup

from app import create_app
from bot.settings import PROJECT, load_settings
from bot.store.messages import inbox
from bot.store.messages.inbox import ChatText
from handlers.commands.installation import Installation
from tests.waiting import SECONDS_MAX

SECRET = "commands-need-a-secret-key-of-some-length"
CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")


def _app(folder: Path, *, programme: str = "program.toml", **more: str) -> Flask:
    database = f"sqlite:///{folder / 'club.sqlite3'}"
    settings = {"SECRET_KEY": SECRET, "DATABASE_URL": database, "PROGRAM_FILE": programme}
    return create_app(load_settings(settings | more), simulator_file=folder / "simulator.sqlite3")


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An installation whose database nobody has made yet."""
    return _app(tmp_path)


@pytest.fixture
def cafe(tmp_path: Path, sqlite_template: bytes) -> Flask:
    """The café, migrated and with its programme published."""
    (tmp_path / "club.sqlite3").write_bytes(sqlite_template)
    app = _app(tmp_path)
    assert _run(app, "migrate").exit_code == 0
    return app


def _run(app: Flask, *words: str, types: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=types)


@pytest.mark.parametrize(
    "words",
    [
        ["serve"],
        ["demo"],
        ["counter-link"],
        ["program", "publish"],
        ["ledger", "audit"],
        ["events", "retry"],
        ["outbox", "status"],
        ["campaign", "switch", "rain"],
    ],
    ids=" ".join,
)
def test_without_a_database_it_says_to_migrate(bare: Flask, words: list[str]) -> None:
    result = _run(bare, *words)
    assert result.exit_code == 1
    assert "flask --app app migrate" in result.output
    assert len(result.output.splitlines()) == 1


def test_a_programme_is_checked_and_explained_without_a_database(bare: Flask) -> None:
    assert "is valid" in _run(bare, "program", "check").output
    assert "ブロンズファン" in _run(bare, "program", "explain").output
    assert "Bronze Fan" in _run(bare, "program", "explain", "--lang", "en").output


def test_a_broken_programme_is_told_where(bare: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "mine.toml"
    broken.write_text(CAFE.replace("at = 3\n", "at = 30\n"), encoding="utf-8")
    result = _run(bare, "program", "check", str(broken))
    assert result.exit_code == 1
    assert "ranks" in result.output
    broken.write_text(CAFE, encoding="cp932", errors="replace")
    assert "can't be read" in _run(bare, "program", "check", str(broken)).output


def test_publishing_says_when_it_comes_into_force_and_the_same_text_changes_nothing(
    cafe: Flask, tmp_path: Path
) -> None:
    assert "Nothing changed" in _run(cafe, "program", "publish").output
    changed = tmp_path / "mine.toml"
    changed.write_text(CAFE.replace("at = 3\n", "at = 4\n"), encoding="utf-8")
    assert "Version 2 comes into force" in _run(cafe, "program", "publish", str(changed)).output


def test_a_demo_is_filled_once_and_adds_up(cafe: Flask) -> None:
    assert "5 members" in _run(cafe, "demo", "--members", "5").output
    assert "members already" in _run(cafe, "demo").output
    assert "5 members: everything adds up." in _run(cafe, "ledger", "audit").output


def test_a_member_is_erased_by_number_after_a_question(cafe: Flask) -> None:
    _run(cafe, "demo", "--members", "1")
    installation: Installation = cafe.extensions["kayoi"]
    with installation.club.store.read() as uow:
        number = uow.connection.exec_driver_sql("SELECT number FROM members").scalar_one()
    assert "Aborted" in _run(cafe, "members", "erase", number, types="n\n").output
    assert "Erased" in _run(cafe, "members", "erase", number, types="y\n").output
    assert "no card" in _run(cafe, "members", "erase", number, types="y\n").output


def test_the_counter_s_link_opens_its_page(cafe: Flask) -> None:
    link = _run(cafe, "counter-link").output.strip()
    assert cafe.test_client().get(link).status_code == 200
    assert "There is no store" in _run(cafe, "counter-link", "--store", "moon").output


def test_a_rainy_day_is_switched_on_and_off(cafe: Flask) -> None:
    assert "is on until" in _run(cafe, "campaign", "switch", "rain").output
    assert "is off" in _run(cafe, "campaign", "switch", "rain", "--off").output
    assert "there is: rain" in _run(cafe, "campaign", "switch", "snow").output


def test_the_doctor_says_what_is_missing_before_going_live(cafe: Flask) -> None:
    result = _run(cafe, "doctor")
    assert result.exit_code == 1
    assert "LINE_CHANNEL_SECRET" in result.output
    assert "up to date" in result.output


def test_staff_read_what_members_wrote_and_note_it_as_done(cafe: Flask) -> None:
    assert "Nothing is waiting" in _run(cafe, "inbox", "list").output
    installation: Installation = cafe.extensions["kayoi"]
    club = installation.club
    with club.store.begin() as uow:
        inbox.add(
            uow,
            ChatText("\x1b[2Jおいしかった", None, club.now()),
            key="k",
            kind="feedback",
            member_id=None,
        )
    listed = _run(cafe, "inbox", "list").output
    assert "おいしかった" in listed
    assert "\x1b" not in listed
    assert "https://chat.line.biz/" in listed
    assert "Done" in _run(cafe, "inbox", "done", "1").output
    assert _run(cafe, "inbox", "done", "1").exit_code == 1
    assert "Nothing is waiting" in _run(cafe, "inbox", "list").output


def test_events_and_messages_are_counted(cafe: Flask) -> None:
    assert "No events yet" in _run(cafe, "events", "status").output
    assert "0 event(s)" in _run(cafe, "events", "retry").output
    assert "empty" in _run(cafe, "outbox", "status").output
    assert "0 message(s)" in _run(cafe, "outbox", "drain").output


def test_a_port_that_is_taken_stops_the_start(cafe: Flask, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = _run(_app(tmp_path, PORT=str(port)), "serve")
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output


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
