"""The API of the café, on each database, as systems with a key see it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.codes import Codes
from bot.store.staff import staff
from handlers.actions.recording.actor import Actor
from handlers.actions.staff.api_keys import KeyAsked, MadeKey, make_key
from handlers.api import install
from rules.scopes import SCOPES, Scope
from tests.handlers.clubs import SmallClub, club_on


def body_of(answer: TestResponse) -> dict[str, Any]:
    """What the answer says: an object, as every one of the API is."""
    said = answer.json
    assert isinstance(said, dict), answer.text
    return said


@dataclass
class System:
    """A till or a shop, which has a key."""

    client: FlaskClient
    token: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def asks(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers(**headers))

    def does(
        self, path: str, *, key: str | None = None, method: str = "POST", **body: Any
    ) -> TestResponse:
        headers = self.headers(**{"Idempotency-Key": key or f"test-{next(self._numbers)}"})
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}

    def joins(self, name: str = "山田さくら", **more: Any) -> str:
        """Somebody new; gives the card's number."""
        answer = self.does("/members", name=name, agreed=True, **more)
        assert answer.status_code == 201, answer.text
        return str(body_of(answer)["card_number"])


@dataclass
class Api:
    """The API, and the club behind it."""

    cafe: SmallClub
    app: Flask

    @property
    def codes(self) -> Codes:
        return self.cafe.club.codes

    def owner(self) -> Actor:
        with self.cafe.store.begin() as uow:
            boss = staff.by_login(uow, "boss") or staff.add(
                uow, login="boss", name="Boss", role="owner", store=None, language="ja",
                at=self.cafe.now,
            )  # fmt: skip
        assert boss is not None
        return Actor(boss.id, boss.name, boss.role, "ekimae", everywhere=True)

    def key(
        self,
        *scopes: Scope,
        store: str | None = None,
        last_day: date | None = None,
        follows: int | None = None,
    ) -> MadeKey:
        """A key that the owner makes, of all scopes where none is named."""
        club = self.cafe.club
        last_day = last_day or club.wall.now().date() + timedelta(days=30)
        asked = KeyAsked("レジ", scopes or SCOPES, store, last_day, follows)
        with club.work(self.owner()) as work:
            made = make_key(work, asked, stores=[each.id for each in work.programme.stores])
        assert isinstance(made, MadeKey), made
        return made

    def system(self, *scopes: Scope, store: str | None = None) -> System:
        """A system with such a key."""
        return System(self.app.test_client(), self.key(*scopes, store=store).token)


def api_of(cafe: SmallClub) -> Api:
    app = Flask(__name__, static_folder=None)
    # What Flask itself would otherwise swallow is a failure here.
    app.testing = True
    install(app, cafe.club)
    return Api(cafe, app)


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    with club_on(database_url) as cafe:
        yield api_of(cafe)


@pytest.fixture
def till(api: Api) -> System:
    """A till of the first store that may do everything."""
    return api.system(store="ekimae")


@pytest.fixture
def office(api: Api) -> System:
    """A system of the whole club that may do everything."""
    return api.system()
