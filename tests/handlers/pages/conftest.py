"""A club of the café's programme in a database of its own, as pages are handed it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient
from bot.store.engine.db import Store
from bot.store.history.programs import Programmes, publish
from handlers.art import ArtFolder, stored_art
from handlers.club import Club
from handlers.pages import install
from tests.conftest import FreshDatabase
from tests.rules import examples
from tests.rules.examples import changed

#: At whatever hour these tests run, the shop is as good as open.
CAFE = changed(examples.CAFE, ("hours = { start = 07:30:00, end = 22:00:00 } ", ""))


def with_programme(club: Club, text: str) -> Club:
    """The club once `text` is in force, too."""
    with club.store.begin() as uow:
        publish(uow, text, since=datetime.now(UTC) - timedelta(hours=1))
    return replace(club, programmes=Programmes(club.store))


def browser_of(club: Club) -> FlaskClient:
    """Somebody's browser, in which all pages of the club can be asked for."""
    app = Flask(__name__, static_folder=None)
    install(app, club)
    return app.test_client()


@pytest.fixture
def club(fresh_sqlite: FreshDatabase) -> Iterator[Club]:
    with fresh_sqlite() as url:
        store = Store(url)
        club = Club(
            store=store,
            clock=Clock(),
            programmes=Programmes(store),
            line=LineClient("token", "http://127.0.0.1:9"),
            codes=Codes("a secret of this installation only, long enough"),
            base_url="https://club.example.jp",
            link_base="https://line.me",
            bot_id=lambda: "@123abcde",
            art=ArtFolder(None, stored_art(store)),
        )
        with store.begin() as uow:
            publish(uow, CAFE, since=datetime.now(UTC) - timedelta(days=1))
        yield club
        store.close()
