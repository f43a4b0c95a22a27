"""A whole club with the café's programme, and a LINE platform, on one real server on loopback."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import urllib3
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.clock import Clock
from bot.codes import Codes, PictureAddress
from bot.line.client import Acceptance, LineClient
from bot.line.flex import columns
from bot.line.sender import SendRequest, messages_json, reply_body
from bot.simulator import BOT_ID, Simulator, WebhookDelivery, new_user_id
from bot.store import Store
from bot.store.history import programs
from bot.store.history.programs import Programmes
from bot.store.members import line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.members.members import Member
from bot.store.messages import outbox_figures, webhook_events
from bot.wsgi import lead_past
from handlers.art import ArtFolder, stored_art
from handlers.chat import postbacks
from handlers.chat.webhook import Webhook
from handlers.club import Club
from rules.base import Lang
from tests.bot.line.strict import assert_line_accepts, texts
from tests.conftest import FreshDatabase
from tests.handlers.chat.handling import handle_next
from tests.handlers.letters import unanswered

SECRET = "the-channel-secret"
TOKEN = "the-access-token"
ROOT = Path(__file__).parents[3]
#: A Tuesday at noon in Tokyo, in the middle of a month, far from every boundary; and far ahead, as
#: the platform's clock only moves forward and no test may depend on the day it is run.
NOON = datetime(2037, 11, 17, 3, 0, tzinfo=UTC)

Message = dict[str, Any]


class Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class World:
    """The club, the platform it speaks with, and the hands of the clock."""

    club: Club
    simulator: Simulator
    wakes: list[None]
    calls: list[tuple[str, str]] = field(default_factory=list)
    http: urllib3.PoolManager = field(default_factory=urllib3.PoolManager)

    def person(self, name: str = "さくら", lang: Lang = "ja") -> "Person":
        """Someone on LINE who is a friend of the account, and whom the club does not know yet."""
        user_id = new_user_id()
        self.simulator.add_account(user_id, name, language=lang)
        return Person(self, user_id)

    def stranger(self, name: str = "さくら", lang: Lang = "ja") -> "Person":
        """Someone on LINE who has not added the account yet."""
        user_id = new_user_id()
        self.simulator.add_account(user_id, name, language=lang, follows=False)
        return Person(self, user_id)

    def member(self, name: str = "さくら", lang: Lang = "ja") -> "Person":
        """Someone who has added the account and has got the welcome."""
        person = self.stranger(name, lang)
        person.follow()
        return person

    def handle(self) -> int:
        """Does what waits; nothing that was sent may have been refused by LINE."""
        count = handle_next(self.club)
        refused = [("reply", "rejected"), ("reply", "invalid")]
        assert not [call for call in self.calls if call in refused], self.calls
        return count

    def now(self) -> datetime:
        return self.club.now()

    def travel(self, by: timedelta) -> None:
        self.simulator.set_offset(self.simulator.offset() + by)

    def post(self, events: Sequence[object], *, signed_with: str = SECRET) -> int:
        """Events as LINE posts them, several in one request; gives the HTTP status."""
        return self.post_body(json.dumps({"destination": "U0", "events": events}), signed_with)

    def post_body(self, body: str, signed_with: str = SECRET) -> int:
        digest = hmac.digest(signed_with.encode(), body.encode(), "sha256")
        signature = base64.b64encode(digest).decode()
        return self.post_signed(body, {"X-Line-Signature": signature})

    def post_signed(self, body: str, headers: dict[str, str]) -> int:
        url = f"{self.club.base_url}/callback"
        return int(self.http.request("POST", url, body=body.encode(), headers=headers).status)

    def token(self, person: "Person") -> str:
        """A reply token that LINE gave us, whose event nobody answers."""
        self.simulator.customers.write(person.user_id, "…")
        with self.club.store.begin() as uow:
            claimed = webhook_events.claim(uow, now=self.now(), lease=timedelta(0), limit=1)[0]
            webhook_events.close(uow, claimed.event_id)
        return str(json.loads(claimed.body)["replyToken"])

    def use_up(self, token: str) -> None:
        """Somebody replies with it."""
        body = reply_body(token, messages_json([{"type": "text", "text": "used up"}]))
        sender = self.club.line.sender()
        sender.give([SendRequest("test", "reply", body.encode())])
        sender.stop()
        (outcome,) = sender.collect(seconds_max=0)
        assert isinstance(outcome.said, Acceptance), outcome

    def publish(self, *changes: tuple[str, str]) -> None:
        """Puts the café's programme into force with some of its text changed."""
        text = (ROOT / "program.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        self.publish_text(text)

    def publish_text(self, text: str) -> None:
        with self.club.store.begin() as uow:
            programs.publish(uow, text, since=self.now())
        self.club.programmes.forget()
        self.travel(timedelta(seconds=1))

    def waiting(self) -> int:
        with self.club.store.read() as uow:
            return webhook_events.waiting(uow)

    def letters(self) -> list[tuple[str, str]]:
        """The staff's inbox: kind and text, oldest first."""
        with self.club.store.read() as uow:
            return [(str(one.kind), one.text) for one in unanswered(uow)]

    def outbox(self) -> dict[str, int]:
        """Queued messages by status."""
        with self.club.store.read() as uow:
            return outbox_figures.counts(uow)

    def code(self, store: str = "ekimae") -> str:
        """What the counter of a store shows now."""
        return self.club.codes.counter_code(store, self.now())


@dataclass
class Person:
    """One customer with a telephone. Every act gives what the bot said to it."""

    world: World
    user_id: str

    def follow(self) -> list[Message]:
        return self._after(lambda: self.world.simulator.customers.follow(self.user_id))

    def block(self) -> list[Message]:
        return self._after(lambda: self.world.simulator.customers.block(self.user_id))

    def write(self, text: str) -> list[Message]:
        return self._after(lambda: self.world.simulator.customers.write(self.user_id, text))

    def tap(self, intent: str, **params: str | int) -> list[Message]:
        return self.tap_data(postbacks.data(intent, **params))

    def tap_data(self, data: str, *, day: str | None = None) -> list[Message]:
        picked = {"date": day} if day else None
        act = self.world.simulator.customers.postback
        return self._after(lambda: act(self.user_id, data, params=picked))

    def check_in(self, store: str = "ekimae") -> list[Message]:
        return self.write(f"チェックイン {self.world.code(store)}")

    def enter(self, hwid: str) -> list[Message]:
        return self._after(lambda: self.world.simulator.customers.enter_beacon(self.user_id, hwid))

    def tells_membership(self, what: str, plan: int) -> list[Message]:
        """Joins, renews or leaves a plan of LINE's own membership."""
        customers = self.world.simulator.customers
        return self._after(lambda: customers.tell_membership(self.user_id, what, plan))

    def sends(self, act: Any) -> list[Message]:
        """Whatever else a customer can do: `act(customers, user_id)`."""
        return self._after(lambda: act(self.world.simulator.customers, self.user_id))

    def _after(self, act: Any) -> list[Message]:
        seen = max((line.id for line in self.world.simulator.lines(self.user_id)), default=0)
        delivery: WebhookDelivery = act()
        assert delivery.ok, delivery
        self.world.handle()
        said = self.heard(after=seen)
        if said:
            assert_line_accepts(said)
            assert_labels_are_whole(said)
        return said

    def heard(self, *, after: int = 0) -> list[Message]:
        """What the bot said, each message as LINE takes it."""
        lines = self.world.simulator.lines(self.user_id, after=after)
        return [dict(line.body) for line in lines if line.side == "bot"]

    @property
    def account(self) -> LineAccount | None:
        with self.world.club.store.read() as uow:
            return line_accounts.get(uow, self.user_id)

    @property
    def card(self) -> Member:
        """The member as the database has them."""
        account = self.account
        assert account is not None
        assert account.member_id is not None
        with self.world.club.store.read() as uow:
            member = members.get(uow, account.member_id)
        assert member is not None
        return member


def words(messages: list[Message]) -> str:
    """Everything a reader sees in the messages, quick replies left out."""
    plain = [{k: v for k, v in message.items() if k != "quickReply"} for message in messages]
    return "\n".join(line for message in plain for line in texts(message))


#: In half-width columns: LINE cuts "Privacy policy" in half a row.
_HALF_A_ROW = 12


def assert_labels_are_whole(messages: list[Message]) -> None:
    """No button is cut, and none begins with a small letter; those that share a row have room."""
    for label in taps(messages):
        assert not label.endswith("…"), label
        assert not label[:1].islower(), label
    for label in _sharing_a_row(messages):
        assert columns(label) <= _HALF_A_ROW, label


def _sharing_a_row(part: Any, among: int = 1) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "button" and among > 1:
            yield part["action"]["label"]
        inner = part.get("contents", ())
        beside = len(inner) if part.get("layout") == "horizontal" else 1
        for key, value in part.items():
            yield from _sharing_a_row(value, beside if key == "contents" else 1)
    elif isinstance(part, list):
        for each in part:
            yield from _sharing_a_row(each, among)


def picture_on(world: "World", message: Message) -> PictureAddress:
    """What the picture on top of the message shows."""
    url: str = message["contents"]["hero"]["url"]
    assert url.startswith(world.club.base_url + "/images/")
    kind, token = url.removesuffix(".jpg").split("/")[-2:]
    what = world.club.codes.read_picture(kind, token)
    assert what is not None
    return what


def taps(messages: list[Message]) -> dict[str, str]:
    """What can be tapped in the messages, quick replies included: label to postback data."""
    return {
        action["label"]: action.get("data", action.get("uri", action.get("text", "")))
        for message in messages
        for action in actions(message)
    }


def buttons(part: Any) -> list[dict[str, Any]]:
    """The buttons below the messages, as LINE is told to draw them."""
    if isinstance(part, list):
        return [found for each in part for found in buttons(each)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") == "button" else []
    return own + [found for each in part.values() for found in buttons(each)]


def actions(part: Any) -> Iterator[dict[str, Any]]:
    """What a tap anywhere in it does, as LINE is told."""
    if isinstance(part, dict):
        if "label" in part and "type" in part:
            yield part
        for value in part.values():
            yield from actions(value)
    elif isinstance(part, list):
        for value in part:
            yield from actions(value)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged: kept instead of printed."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def world(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Iterator[World]:
    with fresh_sqlite() as url, open_world(url, tmp_path) as opened:
        yield opened


@pytest.fixture
def any_world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite, then on PostgreSQL."""
    with open_world(database_url, tmp_path) as opened:
        yield opened


def event(person: Person, kind: str = "message", **more: Any) -> dict[str, Any]:
    """An event in LINE's form, new each time."""
    at = person.world.now()
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "source": {"type": "user", "userId": person.user_id},
        "webhookEventId": f"01TEST{uuid4().hex[:20].upper()}",
        "deliveryContext": {"isRedelivery": False},
        **more,
    }


def text_event(person: Person, text: str, **more: Any) -> dict[str, Any]:
    message = {"id": uuid4().hex[:18], "type": "text", "text": text, "quoteToken": "q"}
    return event(person, message=message, **more)


@contextmanager
def open_world(database_url: str, folder: Path) -> Iterator[World]:
    app = Flask("world")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    base_url = f"http://127.0.0.1:{server.server_port}"
    simulator = Simulator(folder / "line.sqlite3", SECRET, TOKEN, base_url, f"{base_url}/callback")
    simulator.set_offset(NOON - simulator.now())
    store = Store(database_url)
    calls: list[tuple[str, str]] = []
    wakes: list[None] = []
    line = LineClient(
        TOKEN,
        f"{base_url}/simulator/api",
        observe=lambda call, outcome: calls.append((call, outcome)),
    )
    club = Club(
        store=store,
        clock=Clock(simulator.offset),
        programmes=Programmes(store),
        line=line,
        codes=Codes("a secret key for tests"),
        base_url=base_url,
        link_base=f"{base_url}/simulator",
        bot_id=lambda: BOT_ID,
        art=ArtFolder(None, stored_art(store)),
    )
    with store.begin() as uow:
        text = (ROOT / "program.toml").read_text(encoding="utf-8")
        programs.publish(uow, text, since=datetime(2025, 1, 1, tzinfo=UTC))
    app.register_blueprint(simulator.blueprint(travel=simulator_stays))
    webhook = Webhook(club, channel_secret=SECRET, wake=lambda: wakes.append(None))
    lead_past(app, webhook.rule, webhook)
    thread = _serve(server)
    try:
        opened = World(club, simulator, wakes, calls)
        yield opened
    finally:
        opened.http.clear()
        server.shutdown()
        thread.join()
        server.server_close()
        simulator.close()
        store.close()


def simulator_stays(_moment: datetime) -> None:
    """Tests move the clock themselves."""


def _serve(server: BaseWSGIServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    return thread
