"""The staff's pages of the café, as browsers see them, and people who may sign in."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.clock import Clock
from bot.passwords import hashed
from bot.store import staff
from bot.store.staff import Person, Role
from handlers.club import Club
from handlers.pages.counter import counter_blueprint
from handlers.pages.staff import install, login

PASSWORD = "a password of the tests"


@dataclass
class WallClock(Clock):
    """The time on the wall, which a test may move."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Browser:
    """Somebody's browser: it keeps cookies, and fills the page's token into what it sends."""

    client: FlaskClient
    csrf: str = field(default="")

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path)
        found = re.search(r'<meta name="csrf" content="([^"]+)">', answer.text)
        if found:
            self.csrf = found[1]
        return answer

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.csrf, **fields})

    def logs_in(self, who: str, password: str = PASSWORD, **more: str) -> TestResponse:
        self.get("/staff/login")
        answer = self.post("/staff/login", login=who, password=password, **more)
        if answer.status_code == 303:
            self.get("/staff/")
        return answer


@dataclass
class Desks:
    """The pages and what is behind them."""

    club: Club
    app: Flask
    wall: WallClock

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def hires(
        self, who: str, role: Role = "staff", store: str | None = "ekimae", *, password: str = ""
    ) -> Person:
        with self.club.store.begin() as uow:
            person = staff.add(
                uow,
                login=who,
                name=who.capitalize(),
                role=role,
                store=store,
                language="ja",
                at=self.wall.now(),
            )
            assert person is not None
            staff.change(uow, person.id, password_hash=password or _hash())
        return person

    def signed_in(self, who: str, role: Role = "staff", store: str | None = "ekimae") -> Browser:
        """A browser in which somebody new is signed in."""
        self.hires(who, role, store)
        browser = self.browser()
        assert browser.logs_in(who).status_code == 303
        return browser


_KNOWN: list[str] = []


def _hash() -> str:
    """The hash of PASSWORD, made once: it is slow on purpose."""
    if not _KNOWN:
        _KNOWN.append(hashed(PASSWORD))
    return _KNOWN[0]


@pytest.fixture
def desks(club: Club, monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.setattr(login, "NO_AFTER_SECONDS", 0.0)
    app = Flask(__name__, static_folder=None)
    wall = WallClock()
    app.register_blueprint(counter_blueprint(club))
    install(app, club, wall=wall)
    app.config["PREFERRED_URL_SCHEME"] = "https"
    # What Flask itself would otherwise swallow is a failure here.
    app.testing = True
    return Desks(club, app, wall)
