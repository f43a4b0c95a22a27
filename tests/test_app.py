"""What is wired at the top."""

import multiprocessing
from pathlib import Path

import pytest

from app import at_the_end, create_app
from bot.settings import load_settings
from tests.waiting import SECONDS_MAX

LINE = {
    "LINE_CHANNEL_SECRET": "secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "BASE_URL": "https://shop.example",
}


@pytest.mark.parametrize(("more", "front"), [({}, "/simulator"), (LINE, "/staff")])
def test_the_bare_address_leads_to_where_there_is_something(
    tmp_path: Path, more: dict[str, str], front: str
) -> None:
    database = f"sqlite:///{tmp_path / 'kayoi.sqlite3'}"
    settings = load_settings({"SECRET_KEY": "s" * 40, "DATABASE_URL": database, **more})
    app = create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.location) == (302, front)


def _ends(note: str) -> None:
    at_the_end(Path(note).touch)


def test_parts_are_stopped_in_a_process_such_as_the_servers(tmp_path: Path) -> None:
    note = tmp_path / "stopped"
    process = multiprocessing.get_context("fork").Process(target=_ends, args=(str(note),))
    process.start()
    process.join(SECONDS_MAX)
    assert process.exitcode == 0
    assert note.exists()
