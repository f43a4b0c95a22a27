"""A simulator and a bot on one real server on loopback, as `make run` has them."""

import hashlib
import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from flask import Flask, Response, request
from linebot.v3 import messaging
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator import ChatEntry, Simulator, WebhookDelivery, new_user_id
from tests.waiting import SECONDS_MAX

SECRET = "the-channel-secret"
TOKEN = "the-access-token"


class Quiet(WSGIRequestHandler):
    def log(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Bot:
    """The receiving end of webhooks: keeps what came, answers what the test wants."""

    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)
    signatures_valid: list[bool] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    def receive(self) -> Response:
        raw = request.get_data()
        expected = b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()
        self.signatures_valid.append(request.headers["X-Line-Signature"] == expected)
        self.bodies.append(json.loads(raw))
        assert self.may_answer.wait(SECONDS_MAX)
        return Response("", self.status)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in body["events"]]


@dataclass
class World:
    """Everything a test needs: the platform, the bot, and LINE's own client to speak with."""

    base_url: str
    simulator: Simulator
    bot: Bot
    travelled: list[datetime]
    http: urllib3.PoolManager
    on_the_way: Callable[[], object] = lambda: None

    @property
    def client(self) -> messaging.MessagingApi:
        return messaging.MessagingApi(messaging.ApiClient(self._configuration(TOKEN)))

    @property
    def blob_client(self) -> messaging.MessagingApiBlob:
        return messaging.MessagingApiBlob(messaging.ApiClient(self._configuration(TOKEN)))

    def client_with(self, token: str) -> messaging.MessagingApi:
        return messaging.MessagingApi(messaging.ApiClient(self._configuration(token)))

    def _configuration(self, token: str) -> messaging.Configuration:
        return messaging.Configuration(host=f"{self.base_url}/simulator/api", access_token=token)

    def friend(self, name: str = "さくら") -> str:
        user_id = new_user_id()
        self.simulator.add_account(user_id, name)
        return user_id

    def reply_token(self, user_id: str) -> str:
        """Write to the bot; the reply token it was given."""
        assert self.simulator.customers.write(user_id, "こんにちは").ok
        return str(self.bot.events[-1]["replyToken"])

    def push(self, user_id: str, text: str = "お知らせ", retry_key: str | None = None) -> Any:
        return self.client.push_message(
            messaging.PushMessageRequest(
                to=user_id,
                messages=[messaging.TextMessage(text=text)],
                custom_aggregation_units=None,
            ),
            x_line_retry_key=retry_key,
        )

    def texts(self, user_id: str, side: str = "bot") -> list[str]:
        return [line.body["text"] for line in self.lines(user_id) if line.side == side]

    def lines(self, user_id: str) -> list[ChatEntry]:
        return list(self.simulator.lines(user_id))

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        """A request to the API without the SDK, which would refuse to send some of them."""
        return self.http.request(
            method,
            f"{self.base_url}/simulator/api{path}",
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {TOKEN}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )

    def page(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        """What the page does: a GET, or a POST of `body` as our own page would send it."""
        return self.http.request(
            "GET" if body is None else "POST",
            f"{self.base_url}/simulator{path}",
            body=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Sec-Fetch-Site": "same-origin",
                **(headers or {}),
            },
        )


def last_event(world: World, delivery: WebhookDelivery) -> dict[str, Any]:
    """The event a delivery carried, as the bot received it last."""
    return [e for e in world.bot.events if e["webhookEventId"] == delivery.event_id][-1]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path) as world:
        yield world


@contextmanager
def running(folder: Path) -> Iterator[World]:
    """A world whose simulator keeps its file in `folder`, served until the end of the block."""
    app = Flask("the bot")
    server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    base_url = f"http://127.0.0.1:{server.server_port}"
    simulator = Simulator(
        folder / "simulator.sqlite3",
        SECRET,
        TOKEN,
        base_url,
        f"{base_url}/callback",
        bot_name="喫茶テスト",
    )
    bot, travelled = Bot(), list[datetime]()

    def travel(target: datetime) -> None:
        travelled.append(target)
        simulator.set_offset(target - datetime.now(UTC))
        running_world.on_the_way()

    app.add_url_rule("/callback", view_func=bot.receive, methods=["POST"])
    app.register_blueprint(simulator.blueprint(travel))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    http = urllib3.PoolManager(retries=False, timeout=SECONDS_MAX)
    running_world = World(base_url, simulator, bot, travelled, http)
    yield running_world
    http.clear()
    server.shutdown()
    thread.join()
    server.server_close()
    simulator.close()
