"""`figures rebuild` counts everybody anew."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from bot.store.tables import figures
from handlers.commands.keeping.figures import figure_commands
from tests.handlers.clubs import SmallClub, club_on


@pytest.fixture
def club(database_url: str) -> Iterator[SmallClub]:
    with club_on(database_url) as club:
        yield club


def rebuilds(club: SmallClub) -> str:
    app = Flask("commands")
    app.cli.add_command(figure_commands(lambda: club))
    done = app.test_cli_runner().invoke(args=["figures", "rebuild"])
    assert done.exit_code == 0
    return done.output


def rows(club: SmallClub) -> list[tuple[Any, ...]]:
    with club.store.read() as uow:
        return sorted(map(tuple, uow.run(select(figures))))


def test_everything_is_counted_anew_whatever_stood_there(club: SmallClub) -> None:
    for _ in range(3):
        club.visits(club.joins())
        club.passes(days=1)
    assert "3 members counted." in rebuilds(club)
    right = rows(club)
    with club.store.begin() as uow:
        uow.run(update(figures).values(value=7))
        uow.run(delete(figures).where(figures.c.figure == "members"))
    assert rows(club) != right
    rebuilds(club)
    assert rows(club) == right
