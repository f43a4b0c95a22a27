"""The staff's pages of the café, as browsers see them, and people who may sign in."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import passwords
from bot.clock import Clock
from bot.passwords import hashed
from bot.store.staff import audit_pages, staff
from bot.store.staff.audit_pages import AuditEntry, AuditQuery
from bot.store.staff.staff import Role, StaffMember
from handlers.actions.recording.actor import Actor
from handlers.actions.staff.inviting import invite_device
from handlers.club import Club
from handlers.pages import install
from handlers.pages.staff.frame import login

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

    def address(self, path: str) -> str:
        """A path as tests write it, with a card's number, as the pages link to it."""
        club = self.client.application.extensions["kayoi.club"]
        return re.sub(
            r"(/staff/(?:members|calls|inbox|voices)/)(\d{10})",
            lambda found: found[1] + club.codes.seal("card", found[2]),
            path,
        )

    def card_at(self, path: str) -> str:
        """The number of the card whose page is at `path`."""
        club = self.client.application.extensions["kayoi.club"]
        number = club.codes.unseal("card", path.split("/")[-1].split("?")[0])
        assert isinstance(number, str)
        return number

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(self.address(path))
        if answer.mimetype == "text/html":
            found = re.search(r'<meta name="csrf" content="([^"]+)">', answer.text)
            self.csrf = found[1] if found else self.csrf
        return answer

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client.post(self.address(path), data={"csrf_token": self.csrf, **fields})

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

    def browser(self, address: str = "127.0.0.1") -> Browser:
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return Browser(client)

    def hires(
        self, who: str, role: Role = "staff", store: str | None = "ekimae", *, password: str = ""
    ) -> StaffMember:
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
            staff.change(uow, person.id, password_hash=hashed(password or PASSWORD))
        return self.person(who)

    def person(self, who: str) -> StaffMember:
        """As the database knows them now."""
        with self.club.store.read() as uow:
            person = staff.by_login(uow, who)
        assert person is not None
        return person

    def logged(self) -> list[AuditEntry]:
        """What stands in the log, oldest first."""
        with self.club.store.read() as uow:
            return audit_pages.page(uow, AuditQuery(), before=None, limit=100)[::-1]

    def device(self, store: str = "ekimae", name: str = "レジ横") -> Browser:
        """The browser of a device that the boss registered."""
        with self.club.store.begin() as uow:
            boss = staff.by_login(uow, "boss")
        boss = boss or self.hires("boss", "owner", None)
        desk = Actor(boss.id, boss.name, boss.role, store)
        with self.club.work(desk) as work:
            token = invite_device(work, name=name, store=store, stores=[store])
        browser = self.browser()
        browser.get(f"/staff/join/{token}")
        assert browser.post(f"/staff/join/{token}").status_code == 303
        return browser

    def signed_in(self, who: str, role: Role = "staff", store: str | None = "ekimae") -> Browser:
        """A browser in which somebody new is signed in."""
        self.hires(who, role, store)
        browser = self.browser()
        assert browser.logs_in(who).status_code == 303
        return browser


@pytest.fixture
def desks(club: Club, monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.setattr(login, "NO_AFTER_SECONDS", 0.0)
    # What is slow on purpose need not be slow here.
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    app = Flask(__name__, static_folder=None)
    wall = WallClock()
    club = replace(club, wall=wall)
    install(app, club)
    app.config["PREFERRED_URL_SCHEME"] = "https"
    # What Flask itself would otherwise swallow is a failure here.
    app.testing = True
    return Desks(club, app, wall)


@pytest.fixture(name="staff")
def signed_in_staff(desks: Desks) -> Browser:
    """The browser of somebody without more rights than anybody."""
    return desks.signed_in("midori")
