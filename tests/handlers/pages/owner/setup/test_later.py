"""LINE is connected once the club was tried: nobody who was only played is written to."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.choice import chosen
from bot.line.channel import ChannelCheck
from bot.simulator import Simulator
from bot.store import Store
from bot.store.finding.due_members import count_members
from bot.store.messages import line_channel
from bot.store.staff import staff
from handlers.actions.founding.channel import unseal
from handlers.actions.members.join import JoinRequest, join
from handlers.club import Club
from handlers.pages.owner.setup.ground import Ground
from handlers.pages.owner.setup.ground import install as lay_ground
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.journeys.town import _Quiet
from tests.ports import held_port

SECRET, TOKEN = "0123456789abcdef" * 2, "t" * 170


@pytest.fixture
def line(tmp_path: Path) -> Iterator[str]:
    """LINE's API, played on a port of this machine."""
    with held_port() as port:
        base = f"http://127.0.0.1:{port}"
        played = Simulator(
            tmp_path / "line.sqlite3", SECRET, TOKEN, base, "https://club.example.jp/callback"
        )
        app = Flask("line")
        app.register_blueprint(played.blueprint(lambda _: None))
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        yield f"{base}/simulator/api"
        server.shutdown()
        thread.join()
        server.server_close()
        played.close()


@dataclass
class Restarts:
    """How often the process was asked to start anew."""

    asked: int = 0

    def soon(self) -> None:
        self.asked += 1


@pytest.fixture
def restarts() -> Restarts:
    return Restarts()


@pytest.fixture
def clubs(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture
def owner(desks: Desks, line: str, clubs: Path, restarts: Restarts) -> Browser:
    ground = Ground(clubs=clubs, line=ChannelCheck(line), restart=restarts.soon)
    lay_ground(desks.app, ground)
    return desks.signed_in("hana", "owner", None)


def somebody_joins(club: Club) -> None:
    with club.work(key="test:join") as work:
        join(work, JoinRequest(work.now, "ja", "会員証のため"))


def test_a_wrong_token_connects_nothing(owner: Browser, club: Club, restarts: Restarts) -> None:
    owner.get("/owner/setup/later")
    answer = owner.post("/owner/setup/later", secret=SECRET, token="x" * 170)
    assert answer.status_code == 422
    assert "知りません" in answer.text
    with club.store.read() as uow:
        assert line_channel.find(uow) is None
    assert restarts.asked == 0


def test_a_club_without_members_is_connected_as_it_is(
    owner: Browser, club: Club, clubs: Path, restarts: Restarts
) -> None:
    owner.get("/owner/setup/later")
    answer = owner.post("/owner/setup/later", secret=SECRET, token=TOKEN)
    assert "wait.js" in answer.text
    answer.close()
    assert restarts.asked == 1
    assert chosen(clubs) is None
    with club.store.read() as uow:
        kept = line_channel.find(uow)
    assert kept is not None
    channel = unseal(club.codes, kept)
    assert channel is not None
    assert (channel.secret, channel.token) == (SECRET, TOKEN)


def test_who_was_played_stays_behind(owner: Browser, club: Club, clubs: Path) -> None:
    somebody_joins(club)
    assert "1人は、本当のお客さまではありません" in owner.get("/owner/setup/later").text
    owner.post("/owner/setup/later", secret=SECRET, token=TOKEN)
    folder = chosen(clubs)
    assert folder is not None
    with club.store.read() as uow:
        assert line_channel.find(uow) is None, "nobody writes to them"
    store = Store(f"sqlite:///{folder.database}")
    with store.read() as uow:
        assert count_members(uow) == 0
        assert [person.login for person in staff.everybody(uow)] == ["hana"]
        assert line_channel.find(uow) is not None
    store.close()
