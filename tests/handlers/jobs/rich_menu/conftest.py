"""A club whose menus hang in the simulator, which may refuse to hang them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.codes import Codes
from bot.line.client import LineClient
from bot.settings import PROJECT
from bot.simulator import Simulator, new_user_id
from bot.store import UnitOfWork
from bot.store.engine.db import Store
from bot.store.history.programs import Programmes, publish
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.actions.members.join import JoinRequest, join
from handlers.club import Club
from images.rich_menu import draw_rich_menu
from rules.base import LANGS, Lang
from rules.checking.reading import parse
from rules.programme.programme import Programme
from tests.conftest import FreshDatabase

CAFE = (PROJECT / "program.toml").read_text(encoding="utf-8")
GYM = (PROJECT / "docs/programs/gym.toml").read_text(encoding="utf-8")


class Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class World:
    """A club on a simulated platform: every call that reached it, and the ends of paths that it
    answers with 500.
    """

    club: Club
    simulator: Simulator
    calls: list[tuple[str, str]]
    broken: list[str]

    def publish(self, text: str) -> None:
        with self.club.store.begin() as uow:
            publish(uow, text, since=datetime.now(UTC) - timedelta(minutes=1))
        self.club = replace(self.club, programmes=Programmes(self.club.store))

    def joins(self, rank: str | None = None, language: Lang = "ja") -> str:
        """Somebody with a card, of that rank; gives their LINE id."""
        user_id = new_user_id()
        self.simulator.add_account(user_id, "さくら", language)
        now = self.club.now()
        with self.club.work() as work:
            line_accounts.ensure(
                work.uow, user_id, display_name="さくら", language=language, at=now
            )
            joining = JoinRequest(now, language, "ポイント", line_user_id=user_id)
            join(work.acting("member").under(f"test:{user_id}"), joining)
        if rank:
            self.promotes(user_id, rank)
        return user_id

    def promotes(self, user_id: str, rank: str | None) -> None:
        with self.club.store.begin() as uow:
            member = self._member(uow, user_id)
            state = replace(member.facts.rank, id=rank)
            facts = replace(member.facts, rank=state)
            members.save(uow, replace(member, facts=facts), self.club.foresight())

    def speaks(self, user_id: str, language: Lang) -> None:
        with self.club.store.begin() as uow:
            members.set_language(uow, self._member(uow, user_id).id, language)

    def _member(self, uow: UnitOfWork, user_id: str) -> Member:
        account = line_accounts.get(uow, user_id)
        assert account is not None
        member = members.get(uow, account.member_id or 0)
        assert member is not None
        return member

    def sees(self, user_id: str) -> str:
        """The menu's name without its fingerprint: "ja:gold"."""
        base = f"{self.club.base_url}/simulator/api/v2/bot/user/{user_id}/richmenu"
        asked = urllib3.request("GET", base, headers={"Authorization": "Bearer token"})
        if asked.status == 404:
            return "default"
        return self.menus()[asked.json()["richMenuId"]].split()[1]

    def menus(self) -> dict[str, str]:
        return {menu.id: menu.name for menu in self.club.line.list_rich_menus()}


@pytest.fixture(scope="module", autouse=True)
def drawn_once() -> Iterator[None]:
    """Which menus there are is tried here, not how they look: each is drawn for the first only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("handlers.jobs.rich_menu.draw_rich_menu", cache(draw_rich_menu))
        yield


@pytest.fixture
def world(tmp_path: Path, fresh_sqlite: FreshDatabase) -> Iterator[World]:
    app = Flask("platform", static_folder=None)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    base = f"http://127.0.0.1:{server.server_port}"
    simulator = Simulator(tmp_path / "line.sqlite3", "secret", "token", base, f"{base}/callback")
    calls: list[tuple[str, str]] = []
    broken: list[str] = []

    @app.before_request
    def note() -> tuple[str, int] | None:
        calls.append((request.method, request.path))
        return ("{}", 500) if request.path.endswith(tuple(broken)) else None

    app.register_blueprint(simulator.blueprint(lambda _: None))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with fresh_sqlite() as url:
        store = Store(url)
        club = Club(
            store=store,
            clock=Clock(),
            programmes=Programmes(store),
            line=LineClient("token", f"{base}/simulator/api"),
            codes=Codes("a secret of this installation only, long enough"),
            base_url=base,
            link_base=f"{base}/simulator",
            bot_id=lambda: "@simulator",
        )
        world = World(club, simulator, calls, broken)
        world.publish(CAFE)
        yield world
        store.close()
    server.shutdown()
    thread.join()
    server.server_close()
    simulator.close()


def programme(text: str) -> Programme:
    parsed = parse(text)
    assert isinstance(parsed, Programme)
    return parsed


KEYS = {f"{lang}:{rank}" for lang in LANGS for rank in ("", "bronze", "silver", "gold")}


def keys_of(world: World) -> set[str]:
    return {name.split()[1] for name in world.menus().values()}
