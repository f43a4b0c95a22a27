"""A process starts anew where it was built from another club, or another channel, than there is."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

import app as wiring
from app import as_told
from bot import settings as settings_module
from bot.choice import ClubFolder, choose, write_programme
from bot.codes import Codes
from bot.settings import SettingsError
from bot.store import Store
from bot.store.engine.migrate import upgrade
from bot.store.messages import line_channel
from bot.store.messages.line_channel import SealedChannel
from handlers.actions.founding.channel import TypedChannel, seal
from handlers.commands import server
from handlers.commands.server import Restart

SECRET_KEY = "restarts-need-a-secret-key-of-some-length"
ANOTHER_KEY = "another-secret-key-that-is-quite-long-too"
SECRET, TOKEN = "5ec4e7fedcba9876" * 2, "t" * 170


@pytest.fixture
def clubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of clubs of a machine, whose environment says a key and an https address."""
    clubs = tmp_path / "instance"
    clubs.mkdir()
    for module in (settings_module, wiring):
        monkeypatch.setattr(module, "CLUBS", clubs)
    for name in (*os.environ, "SECRET_KEYS_OLD"):
        if name.lower() in settings_module.Settings.model_fields:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(settings_module.Settings.model_config, "env_file", tmp_path / "none")
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("BASE_URL", "https://club.example.jp")
    return clubs


def club_in(clubs: Path, name: str) -> ClubFolder:
    folder = ClubFolder(clubs / name)
    folder.path.mkdir()
    upgrade(f"sqlite:///{folder.database}")
    return folder


def connects(folder: ClubFolder) -> SealedChannel:
    sealed = seal(Codes(SECRET_KEY), TypedChannel(SECRET, TOKEN), "あおぞら (@aozora)")
    store = Store(f"sqlite:///{folder.database}")
    with store.begin() as uow:
        line_channel.put(uow, sealed, at=datetime.now(UTC))
    store.close()
    return sealed


def test_the_club_that_was_chosen_is_the_one_that_runs(clubs: Path) -> None:
    demo, origin = as_told()
    assert not origin.is_stale()
    assert origin.clubs == clubs
    folder = club_in(clubs, "club-1")
    choose(folder)
    assert origin.is_stale(), "every process sees it"
    settings, later = as_told()
    assert settings.database_url == f"sqlite:///{folder.database}"
    assert settings.database_url != demo.database_url
    assert not later.is_stale()


def test_a_channel_of_the_console_is_taken_and_yields_to_the_environment_s(
    clubs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = club_in(clubs, "club-1")
    choose(folder)
    before, origin = as_told()
    assert before.simulator
    connects(folder)
    assert origin.is_stale()
    settings, origin = as_told()
    assert origin.channel == "console"
    assert settings.line_channel_secret is not None
    assert settings.line_channel_secret.get_secret_value() == SECRET
    assert not origin.is_stale()
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "of the environment".replace(" ", "-"))
    with pytest.raises(SettingsError, match="LINE_CHANNEL_ACCESS_TOKEN"):
        as_told()
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "token")
    settings, origin = as_told()
    assert origin.channel == "environment"
    assert settings.line_channel_secret is not None
    assert settings.line_channel_secret.get_secret_value() != SECRET


def test_a_database_that_is_away_has_given_up_no_channel(clubs: Path) -> None:
    folder = club_in(clubs, "club-1")
    choose(folder)
    connects(folder)
    _, origin = as_told()
    folder.database.write_bytes(b"what no database says" * 100)
    assert not origin.is_stale(), "else the simulator would stand for LINE"


def test_a_channel_under_another_key_stops_the_start_and_one_of_before_opens_it(
    clubs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = club_in(clubs, "club-1")
    choose(folder)
    connects(folder)
    monkeypatch.setenv("SECRET_KEY", ANOTHER_KEY)
    with pytest.raises(SettingsError, match="SECRET_KEYS_OLD"):
        as_told()
    monkeypatch.setenv("SECRET_KEYS_OLD", SECRET_KEY)
    settings, _ = as_told()
    assert not settings.simulator


def test_a_named_database_is_nobody_s_to_choose(
    clubs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = club_in(clubs, "club-1")
    write_programme(folder, "format = 1")
    choose(folder)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.sqlite3'}")
    settings, origin = as_told()
    assert settings.database_url.endswith("own.sqlite3")
    assert "club-1" not in str(settings.program_file), "nor is its programme the other's"
    assert origin.clubs is None


def test_a_choice_that_can_t_be_read_stops_the_start(clubs: Path) -> None:
    (clubs / "club.json").write_text('{"club": "gone"}')
    with pytest.raises(SettingsError, match=r"club\.json"):
        as_told()


def test_a_process_stops_as_by_sigterm_and_goes_on_as_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, begun = Event(), Event()
    monkeypatch.setattr(server, "GRACE_SECONDS", 0.0)

    def kill(pid: int, how: int) -> None:
        assert (pid, how) == (os.getpid(), signal.SIGTERM)
        told.set()

    monkeypatch.setattr(os, "kill", kill)
    monkeypatch.setattr(server, "start_anew", begun.set)
    restart = Restart(lambda: True)
    restart.start()
    restart.soon()
    assert told.wait(60)
    restart.stop()
    restart.go_on()
    assert begun.is_set()


def test_a_process_that_is_as_it_was_told_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, asked = Event(), Event()

    def is_stale() -> bool:
        asked.set()
        raise OSError("the database is away")

    monkeypatch.setattr(server, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(server, "start_anew", begun.set)
    restart = Restart(is_stale)
    restart.start()
    restart.soon()
    assert asked.wait(60)
    restart.stop()
    restart.go_on()
    assert not begun.is_set()
