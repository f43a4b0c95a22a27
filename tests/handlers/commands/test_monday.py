"""`monday` prints the five lines, and sends them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import Result
from flask import Flask

from bot.settings import Settings, load_settings
from handlers.club import Club
from handlers.commands.keeping.monday import monday_command
from tests.bot.ears import Ears, listening
from tests.handlers.clubs import SmallClub, club_on

from .conftest import SECRET


@dataclass(frozen=True)
class SetUp:
    club: Club
    settings: Settings


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


@pytest.fixture
def ears() -> Iterator[Ears]:
    with listening() as ears:
        yield ears


def runs(club: SmallClub, *words: str, people: str = "") -> Result:
    settings = load_settings({"SECRET_KEY": SECRET, "DATABASE_URL": "", "NOTIFY_URLS": people})
    app = Flask("commands")
    app.cli.add_command(monday_command(lambda: SetUp(club.club, settings)))
    return app.test_cli_runner().invoke(args=["monday", *words])


def test_the_five_lines_are_printed_in_the_language_asked_for(club: SmallClub) -> None:
    club.visits(club.joins())
    done = runs(club, "--lang", "en")
    assert done.exit_code == 0
    assert "1. Nothing needs you this week." in done.output
    assert "5. " in done.output
    assert "6. " not in done.output


def test_they_are_sent_where_that_is_wanted(club: SmallClub, ears: Ears) -> None:
    club.visits(club.joins())
    assert runs(club, people=ears.people).exit_code == 0
    assert ears.told == []
    assert runs(club, "--send", people=ears.people).exit_code == 0
    assert "5. " in ears.told[0]["message"]
    assert runs(club, "--send").exit_code != 0
    ears.status = 500
    assert runs(club, "--send", people=ears.people).exit_code != 0


def test_a_club_without_members_has_nothing_to_tell(club: SmallClub) -> None:
    done = runs(club)
    assert done.exit_code != 0
    assert "no members" in done.output
