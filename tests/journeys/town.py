"""A town for journeys: the whole application behind a real HTTP server, and people to play in it.

Nothing is mocked: the simulator signs webhooks and posts them over loopback, the SDK's client
answers it, and time passes only when the test travels.
"""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import channel_secret, create_app
from bot.settings import PROJECT, Settings, load_settings
from bot.simulator import Simulator, new_user_id
from bot.store.engine.migrate import behind, upgrade
from bot.store.finding import due_members
from bot.store.history import programs
from bot.store.members import line_accounts, members
from handlers.club import Club
from handlers.commands.installation import Installation
from handlers.jobs.night.audit import audit
from handlers.pages.counter import opening_path
from rules.shop import days, next_month
from tests.handlers.chat.handling import handle_next
from tests.ports import held_port

SECRET = "journeys-need-a-secret-key-of-some-length"


class _Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Says nothing: the test tells what went wrong."""


@dataclass
class Customer:
    """Somebody with LINE on their phone."""

    town: "Town"
    user_id: str
    name: str
    _seen: int = field(default=0)

    def follows(self) -> "Said":
        self.town.simulator.customers.follow(self.user_id)
        return self._answer()

    def blocks(self) -> "Said":
        self.town.simulator.customers.block(self.user_id)
        return self._answer()

    def writes(self, text: str) -> "Said":
        self.town.simulator.customers.write(self.user_id, text)
        return self._answer()

    def taps(self, data: str, **params: str) -> "Said":
        self.town.simulator.customers.postback(self.user_id, data, params=params or None)
        return self._answer()

    def opens(self, link: str) -> "Said":
        """Opens a LINE link with a text in it, and presses send."""
        return self.writes(unquote(urlsplit(link).query))

    def passes_beacon(self, hwid: str) -> "Said":
        self.town.simulator.customers.enter_beacon(self.user_id, hwid)
        return self._answer()

    def tells_membership(self, what: str, plan: int) -> "Said":
        self.town.simulator.customers.tell_membership(self.user_id, what, plan)
        return self._answer()

    def reads(self) -> "Said":
        """What has come since the last look."""
        lines = self.town.simulator.lines(self.user_id, after=self._seen)
        self._seen = max([self._seen, *(line.id for line in lines)])
        return Said([dict(line.body) for line in lines if line.side == "bot"])

    def _answer(self) -> "Said":
        self.town.works()
        return self.reads()

    @property
    def member(self) -> members.Member:
        """Their card, as the store has it."""
        with self.town.club.store.read() as uow:
            account = line_accounts.get(uow, self.user_id)
            assert account is not None
            assert account.member_id is not None
            member = members.get(uow, account.member_id)
        assert member is not None
        return member


@dataclass(frozen=True)
class Said:
    """Messages that came, as LINE's message objects."""

    messages: list[dict[str, Any]]

    def __contains__(self, words: str) -> bool:
        return words in self.text

    @property
    def text(self) -> str:
        """Everything there is to read in them."""
        return "\n".join(_texts(self.messages))

    def data(self, of: str) -> str:
        """The postback data of the button or quick reply that begins with `of`."""
        found = [data for data in _postbacks(self.messages) if data.startswith(of)]
        assert found, f"no button {of!r} in {list(_postbacks(self.messages))}"
        return found[0]


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("text", "altText", "label") and isinstance(value, str):
                yield value.replace("\u2060", "")
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _postbacks(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("data"), str):
            yield part["data"]
        for value in part.values():
            yield from _postbacks(value)
    elif isinstance(part, list):
        for each in part:
            yield from _postbacks(each)


class Web:
    """The town's HTTP server, which may be away for a while."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app, self._port = app, port
        self._server: BaseWSGIServer | None = None
        self._thread = threading.Thread()

    def starts(self) -> None:
        if self._server is not None:
            return
        self._server = make_server(
            "127.0.0.1", self._port, self._app, threaded=True, request_handler=_Quiet
        )
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        self._thread = threading.Thread(target=serve)
        self._thread.start()

    def stops(self) -> None:
        if self._server is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None


@dataclass
class Town:
    """The club, the platform, and the people."""

    installation: Installation
    http: Any
    web: Web

    @property
    def club(self) -> Club:
        return self.installation.club

    @property
    def channel_secret(self) -> str:
        """What the simulator signs with."""
        return channel_secret(self.installation.settings)

    @property
    def simulator(self) -> Simulator:
        assert self.installation.simulator is not None
        return self.installation.simulator

    def newcomer(self, name: str = "さくら", language: str = "ja") -> Customer:
        user_id = new_user_id()
        self.simulator.add_account(user_id, name, language, follows=False)
        return Customer(self, user_id, name)

    def works(self) -> None:
        """Does what the event workers would do by themselves."""
        while handle_next(self.club):
            """Until nothing is left."""

    def counter_link(self) -> str:
        """What the QR on the first branch's tablet says now, as the page itself gets it."""
        store = self.club.timeline().latest.programme.stores[0].id
        answer = self.http.get("/staff/qr/now/code")
        if answer.status_code == 404:
            self.http.get(opening_path(self.club, store))
            answer = self.http.get("/staff/qr/now/code")
        assert answer.status_code == 200, answer.status_code
        link = json.loads(answer.data)["link"]
        assert isinstance(link, str)
        return link

    def today(self) -> date:
        return self.club.timeline().latest.programme.shop.business_date(self.club.now())

    def travels(self, *, days: float = 0, to: datetime | None = None) -> None:
        """Lets time pass, with everything due on the way happening at its own time."""
        self.installation.travel(to or self.club.now() + timedelta(days=days))

    def travels_to_day(self, day: date, *, hour: int = 12) -> None:
        self.travels(to=self._moment(day, hour))

    def skips(self, *, days: float) -> None:
        """Lets time pass without the nights on the way, as if nobody had been there."""
        self.simulator.set_offset(self.simulator.offset() + timedelta(days=days))

    def skips_to_day(self, day: date, *, hour: int = 12) -> None:
        """The same up to that hour of the day."""
        ahead = self._moment(day, hour) - self.club.now()
        self.simulator.set_offset(self.simulator.offset() + ahead)

    def _moment(self, day: date, hour: int) -> datetime:
        zone = self.club.timeline().latest.programme.shop.zone
        return datetime(day.year, day.month, day.day, hour, tzinfo=zone)

    def opens(self) -> None:
        """Begins, before anything has happened, at noon of the first open day of next month, so
        that nothing depends on today's date."""
        shop = self.club.timeline().latest.programme.shop
        first = next_month(self.today())
        day = next(day for day in days(first, next_month(first)) if shop.is_open(day))
        # No night on the way has anything to do.
        self.skips_to_day(day)

    def adds_up(self) -> bool:
        """Whether the audit finds nothing."""
        return not [found for each in audit(self.club) for found in each]

    def count_members(self) -> int:
        with self.club.store.read() as uow:
            return due_members.count_members(uow)


@contextmanager
def town(database_url: str, folder: Path, *, programme: str = "program.toml") -> Iterator[Town]:
    """A running town on a migrated database."""
    with held_port() as port:
        settings: Settings = load_settings(
            {
                "SECRET_KEY": SECRET,
                "PORT": str(port),
                "DATABASE_URL": database_url,
                "PROGRAM_FILE": programme,
            }
        )
        app = create_app(settings, simulator_file=folder / "simulator.sqlite3")
        installation: Installation = app.extensions["kayoi"]
        store = installation.club.store
        if behind(store):
            upgrade(database_url)
        with store.begin() as uow:
            text = (PROJECT / programme).read_text(encoding="utf-8")
            programs.publish(uow, text, since=installation.club.now())
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        web = Web(app, port)
        web.starts()
        try:
            yield Town(installation, app.test_client(), web)
        finally:
            web.stops()
            store.close()
