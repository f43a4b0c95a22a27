"""From an empty folder to the first member's card: the real process, which starts anew by itself,
and LINE played by another one."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3
from flask import Flask
from werkzeug.serving import make_server

from bot.simulator import Simulator, new_user_id
from tests.handlers.pages.owner.setup.test_setup import OWNER, PASSWORD, SHOP
from tests.journeys.machine import Machine, fresh_machine
from tests.journeys.town import _Quiet
from tests.ports import held_port
from tests.waiting import until

BASE = "https://club.example.jp"
SECRET, TOKEN = "0123456789abcdef" * 2, "t" * 170
ANOTHER = "fedcba9876543210" * 2


@dataclass
class Visitor:
    """A browser that reaches the club as its proxy does, over plain HTTP."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    path: str = ""
    text: str = ""
    status: int = 0
    http: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> str:
        return self._ask("POST", path, urlencode({"csrf_token": self.csrf, **fields}))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        address = f"http://127.0.0.1:{self.port}{path}"
        answer = self.http.request(method, address, body=body, headers=headers, redirect=False)
        for line in answer.headers.getlist("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        self.path, self.text, self.status = (
            path,
            answer.data.decode(errors="replace"),
            answer.status,
        )
        if found := re.search(r'name="csrf" content="([^"]+)"', self.text):
            self.csrf = found[1]
        if answer.status == 303:
            return self.get(answer.headers["Location"])
        return self.text

    def can_enter(self) -> bool:
        """Whether the club that was begun answers."""
        try:
            self.get("/owner/setup/ready")
        except urllib3.exceptions.HTTPError:
            return False
        return self.status == 204


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with fresh_machine(tmp_path / "kayoi") as machine:
        yield machine


@contextmanager
def line_for(machine: Machine, folder: Path) -> Iterator[Simulator]:
    """LINE, in this process."""
    with held_port() as port:
        base = f"http://127.0.0.1:{port}"
        club = f"http://127.0.0.1:{machine.port}/callback"
        line = Simulator(
            folder / "line.sqlite3",
            SECRET,
            TOKEN,
            base,
            "https://elsewhere.example.jp/callback",
            bot_name="喫茶あおぞら公式",
            reached={f"{BASE}/callback": club},
        )
        app = Flask("line")
        app.register_blueprint(line.blueprint(lambda _: None))
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.02))
        thread.start()
        machine.environment |= {"BASE_URL": BASE, "LINE_API_BASE": f"{base}/simulator/api"}
        try:
            yield line
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            line.close()


def opens(machine: Machine, link: str) -> Visitor:
    visitor = Visitor(machine.port)
    visitor.get(link)
    visitor.post(link)
    assert visitor.path == "/owner/setup/template"
    return visitor


def tells_shop(visitor: Visitor) -> None:
    visitor.post("/owner/setup/template", template="cafe")
    visitor.post("/owner/setup/shop", **SHOP)
    visitor.post("/owner/setup/look", **{"shop.accent": "#336699"})
    visitor.post("/owner/setup/voice", **{"voice.sender.ja": "店主のあおい"})
    assert visitor.path == "/owner/setup/line", visitor.text


def begins(visitor: Visitor) -> None:
    visitor.post("/owner/setup/owner", **OWNER, **PASSWORD)
    assert visitor.path == "/owner/setup/begin", visitor.text
    visitor.post("/owner/setup/begin")
    assert "wait.js" in visitor.text
    until(visitor.can_enter, "the new club")
    visitor.get("/owner/setup/enter")
    visitor.post("/owner/setup/enter")
    assert visitor.path == "/owner/setup/after", visitor.path


def test_from_a_fresh_machine_to_the_first_member_s_card(machine: Machine, tmp_path: Path) -> None:
    with line_for(machine, tmp_path) as line:
        machine.runs("migrate")
        machine.runs("demo", "--members", "2")
        visitor = opens(machine, machine.starts())
        process = machine.process
        assert process is not None
        tells_shop(visitor)
        for secret, token, says in (
            (SECRET, "x" * 170, "このチャネルアクセストークンを知りません"),
            (ANOTHER, TOKEN, "アクセストークンのチャネルのものではありません"),
            (TOKEN, SECRET, "逆に貼り付け"),
            ("short", TOKEN, "チャネルシークレットの形"),
        ):
            visitor.post("/owner/setup/line", secret=secret, token=token)
            assert visitor.status == 422
            assert says in visitor.text
            assert token not in visitor.text
            assert secret == "short" or secret not in visitor.text
        visitor.post("/owner/setup/line", secret=f" {SECRET.upper()}\n", token=TOKEN)
        assert visitor.path == "/owner/setup/owner"
        assert "喫茶あおぞら公式" in visitor.get("/owner/setup/line")
        begins(visitor)
        assert process.poll() is None, "it is the same process that goes on"
        assert machine.chosen.startswith("club-")

        visitor.get("/simulator")
        assert visitor.status == 404, "the simulator is off"
        visitor.get("/owner/setup/after")
        visitor.post("/owner/setup/after/line")
        assert "LINEから届くことを確かめ" in visitor.text, visitor.text
        info = json.loads(visitor.get("/readyz"))
        assert info["status"] == "ready"

        customer = new_user_id()
        line.add_account(customer, "さくら", "ja", follows=False)
        assert line.customers.follow(customer)
        until(lambda: any(x.side == "bot" for x in line.lines(customer)), "the card")
        said = json.dumps([dict(x.body) for x in line.lines(customer)], ensure_ascii=False)
        assert "/images/card/" in said
        assert "会員証が1枚できました" in visitor.get("/owner/setup/after")

        everything = (machine.folder / "printed").read_text()
        kept = b"".join(p.read_bytes() for p in (machine.folder / "instance").rglob("*.sqlite3*"))
        for secret in (SECRET, TOKEN):
            assert secret not in everything
            assert secret.encode() not in kept

        doctor = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", "doctor"],
            cwd=machine.folder, env=machine.environment, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert "connected in the console" in doctor
        assert "喫茶あおぞら公式" in doctor


def test_killed_in_the_middle_it_goes_on(machine: Machine) -> None:
    machine.runs("migrate")
    visitor = opens(machine, machine.starts())
    tells_shop(visitor)
    machine.stops(signal.SIGKILL)
    machine.starts()
    visitor.get("/owner/setup")
    assert visitor.path == "/owner/setup/line", "nothing is lost"
    visitor.post("/owner/setup/line", later="1")
    visitor.post("/owner/setup/owner", **OWNER, **PASSWORD)
    visitor.post("/owner/setup/begin")
    # Before it could start anew.
    machine.stops(signal.SIGKILL)
    assert machine.starts() == "", "the next start is the new club, and offers no first steps"
    visitor.get("/owner/setup/enter")
    assert "喫茶あおぞら" in visitor.text
    visitor.post("/owner/setup/enter")
    assert visitor.path == "/owner/setup/after"
    assert "シミュレーター" in visitor.text
    assert "friend-qr" not in visitor.text, "no telephone could add an account that isn't there"
    visitor.get("/owner/setup/open/whatever")
    assert visitor.path == "/owner/setup/after", "an owner needs no link"
