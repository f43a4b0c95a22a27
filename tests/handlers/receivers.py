"""Another system that hears of events, on a real port here, answering as a test wants; and what it
makes of them by the published library."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from standardwebhooks import Webhook

from bot.hooks.addresses import Reach
from bot.store.hooks import deliveries, endpoints
from bot.store.hooks.deliveries import SeenDelivery
from bot.store.hooks.endpoints import EndpointFields, HookEndpoint
from handlers.actions.hooks import receivers
from handlers.jobs.hooks.delivery import HookDelivery
from rules.hooks.kinds import TOPICS, HookTopic
from tests.handlers.clubs import SmallClub
from tests.loopback import Quiet, on_loopback
from tests.waiting import SECONDS_MAX


@dataclass(frozen=True)
class Told:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.body)
        return said

    @property
    def type(self) -> str:
        return str(self.said["type"])


#: Writes an answer to a request.
Answering = Callable[[BaseHTTPRequestHandler], None]


def answering(status: int, says: str = "", **headers: str) -> Answering:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(says.encode())))
        request.end_headers()
        request.wfile.write(says.encode())

    return answer


@dataclass
class Receiver:
    """The other system."""

    url: str = ""
    told: list[Told] = field(default_factory=list)
    answer: Answering = field(default_factory=lambda: answering(204))

    @property
    def types(self) -> list[str]:
        return [each.type for each in self.told]


@contextmanager
def receiver_on_loopback() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.told.append(Told(self.path, headers, body))
            receiver.answer(self)

    with on_loopback(Handler) as url:
        receiver.url = f"{url}/hooks"
        yield receiver


@dataclass
class Telling:
    """A club that tells other systems, by the test's own clock."""

    cafe: SmallClub
    delivery: HookDelivery

    def to(
        self, url: str, *, topics: tuple[HookTopic, ...] = TOPICS, store: str | None = None
    ) -> int:
        """A new receiver; gives its id."""
        with self.cafe.work(key=self.cafe.key()) as work:
            made = receivers.add_receiver(work, EndpointFields("会計", url, topics, store))
        assert isinstance(made, int)
        self.cafe.club.hooks.forget()
        return made

    def of_a_visit(self, receiver: Receiver, answer: Answering | None = None) -> int:
        """The receiver is to hear of visits, and somebody comes; gives its id."""
        receiver.answer = answer or receiver.answer
        to = self.to(receiver.url, topics=("visit",))
        self.cafe.visits(self.cafe.joins())
        return to

    def steps(self, endpoint_id: int, step: receivers.ReceiverStep) -> None:
        with self.cafe.work(key=self.cafe.key()) as work:
            assert receivers.take_receiver_step(work, endpoint_id, step) is None
        self.cafe.club.hooks.forget()

    def sends(self) -> None:
        """All that is due, and its answers."""
        self.delivery.finish(seconds_max=SECONDS_MAX)

    def receiver(self, endpoint_id: int) -> HookEndpoint:
        with self.cafe.store.read() as uow:
            found = endpoints.get(uow, endpoint_id)
        assert found is not None
        return found

    def secrets(self, endpoint_id: int) -> tuple[str, ...]:
        club = self.cafe.club
        return receivers.secrets_of(club.codes, self.receiver(endpoint_id), now=club.wall.now())

    def deliveries(self, endpoint_id: int) -> list[SeenDelivery]:
        with self.cafe.store.read() as uow:
            return deliveries.of_endpoint(uow, endpoint_id, most=1000)


@contextmanager
def telling_from(cafe: SmallClub) -> Iterator[Telling]:
    """The club's wall clock is its own, and a receiver may be on this machine."""
    cafe.club = replace(cafe.club, wall=cafe.clock, reach=Reach(own_machine=True))
    delivery = HookDelivery(cafe.club)
    try:
        yield Telling(cafe, delivery)
    finally:
        delivery.stop()


def understood(
    monkeypatch: pytest.MonkeyPatch, told: Told, secret: str, *, at: datetime
) -> dict[str, Any]:
    """What the published library makes of it with that secret, at that moment. Raises its
    WebhookVerificationError."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = UTC) -> "Then":
            return cls.fromtimestamp(at.timestamp(), tz)

    with monkeypatch.context() as patched:
        patched.setattr("standardwebhooks.webhooks.datetime", Then)
        said: dict[str, Any] = Webhook(secret).verify(told.body, told.headers)
        return said
