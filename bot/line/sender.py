"""Replies, pushes and multicasts: a body is built once and goes out as those bytes, while nobody
has to wait for LINE's answer.

LINE's SDK serialises its models anew for each attempt, and needs a thread for each request under
way: together several times as much of the processor. Nothing is ever repeated here either.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from . import people, wire
from .calls import Call, Departure, Endpoint, HttpAnswer
from .errors import LineError
from .people import UserProfile
from .wire import Acceptance, Messages

if TYPE_CHECKING:
    from .network import Network

SendKind = Literal["reply", "push", "multicast"]
_OK, _REDIRECTS, _CONFLICT = 200, 300, 409
_ACCEPTED_BEFORE = "x-line-accepted-request-id"


def messages_json(messages: Messages) -> str:
    """LINE's message objects as text: the part of a body that several recipients may share."""
    return json.dumps(list(messages), ensure_ascii=False, separators=(",", ":"))


def reply_body(reply_token: str, messages: str) -> str:
    """The body of a reply; `messages` as `messages_json` gives them."""
    return f'{{"replyToken":{json.dumps(reply_token)},"messages":{messages}}}'


def push_body(to: str, messages: str, unit: str | None = None) -> str:
    """The body of a push; `messages` as `messages_json` gives them. LINE counts it with the others
    of its `unit`, where it has one."""
    return f'{{"to":{json.dumps(to)},"messages":{messages}{_counted(unit)}}}'


def multicast_body(to: Sequence[str], messages: str, unit: str | None = None) -> str:
    """The body of a multicast to at most 500 (`limits.MULTICAST_RECIPIENTS`)."""
    return f'{{"to":{json.dumps(list(to))},"messages":{messages}{_counted(unit)}}}'


def _counted(unit: str | None) -> str:
    return f',"customAggregationUnits":[{json.dumps(unit)}]' if unit else ""


@dataclass(frozen=True, slots=True)
class SendRequest:
    """One attempt at a reply, push or multicast."""

    #: A UUID. Repeated with the same one and the same `body` within 24 hours, LINE sends once
    #: (`Acceptance.again`). LINE knows none for replies: there it is any name for the request.
    retry_key: str
    kind: SendKind
    #: As `reply_body`, `push_body` or `multicast_body` give it.
    body: bytes
    #: One that has not begun by then (of time.time) is not sent any more.
    begin_by: float = math.inf

    def call(self) -> Call:
        headers = {} if self.kind == "reply" else {"X-Line-Retry-Key": self.retry_key}
        path = f"/v2/bot/message/{self.kind}"
        return Call(path, self.body, headers, begin_by=self.begin_by)


class SendOutcome(NamedTuple):
    """What LINE said to an attempt."""

    request: SendRequest
    said: Acceptance | LineError


class Sender:
    """Sends what it is given, in its own thread, until it is stopped. Any thread may give requests
    and ask about people; one collects the answers to requests. `observe` is called with (kind,
    outcome) after each.

    Messages cost one of the quota for each recipient. A member who blocked the account gets
    nothing, and LINE says nothing of it.
    """

    def __init__(self, endpoint: Endpoint, observe: Callable[[str, str], None]) -> None:
        self._endpoint = endpoint
        self._observe = observe
        self._answers: SimpleQueue[SendOutcome | None] = SimpleQueue()
        self._door = Lock()
        # The two that the door guards.
        self._on_the_way = 0
        self._network: Network | None = None

    @property
    def on_the_way(self) -> int:
        """How many requests were given whose answers were not collected yet."""
        return self._on_the_way

    def give(
        self, requests: Sequence[SendRequest], *, begin_in: float = 0, seconds_each: float = 0
    ) -> None:
        """Sends the requests one after another at a steady pace, beginning in so many seconds."""
        with self._door:
            network = self._begun()
            self._on_the_way += len(requests)
        start = time.monotonic() + begin_in
        network.take(
            [
                Departure(request.call(), start + n * seconds_each, partial(self._answer, request))
                for n, request in enumerate(requests)
            ]
        )

    def collect(self, *, seconds_max: float | None = None) -> list[SendOutcome]:
        """The answers that are there; where there are none, waits for the first, or a `nudge`."""
        found: list[SendOutcome | None] = []
        try:
            found.append(self._answers.get(timeout=seconds_max))
            while True:
                found.append(self._answers.get_nowait())
        except Empty:
            outcomes = [each for each in found if each is not None]
            with self._door:
                self._on_the_way -= len(outcomes)
            return outcomes

    def nudge(self) -> None:
        """Lets whoever waits in `collect` go on."""
        self._answers.put(None)

    def profile(self, user_id: str, then: Callable[[UserProfile | LineError | None], None]) -> None:
        """Asks for a friend's profile. `then` is told, once, on any thread; it must not wait for
        anything. None: somebody who left, never came or does not exist."""

        def told(said: HttpAnswer | LineError) -> None:
            profile = people.profile_of(said)
            self._note("profile", profile if isinstance(profile, LineError) else None)
            then(profile)

        self._make(people.profile_call(user_id), told)

    def unlink_rich_menu(self, user_id: str, then: Callable[[LineError | None], None]) -> None:
        """Shows everybody's menu to this friend again; `then` is told in the same way."""

        def told(said: HttpAnswer | LineError) -> None:
            trouble = people.unlinked(said)
            self._note("unlink_rich_menu", trouble)
            then(trouble)

        self._make(people.unlink_menu_call(user_id), told)

    def mark_as_read(self, token: str, then: Callable[[LineError | None], None]) -> None:
        """Marks a message, and all before it in its chat, as read; `then` is told in the same
        way."""

        def told(said: HttpAnswer | LineError) -> None:
            trouble = people.marked(said)
            self._note("mark_as_read", trouble)
            then(trouble)

        self._make(people.read_call(token), told)

    def give_back(self) -> None:
        """Answers what has not begun at once, as not sent."""
        if self._network is not None:
            self._network.give_back()

    def stop(self) -> None:
        """Closes the connections, once what was given is answered. It may be used again."""
        with self._door:
            network, self._network = self._network, None
        if network is not None:
            network.stop()

    def _make(self, call: Call, then: Callable[[HttpAnswer | LineError], None]) -> None:
        """Makes a call that is no message, at once."""
        with self._door:
            network = self._begun()
        network.take([Departure(call, time.monotonic(), then)])

    def _note(self, name: str, trouble: LineError | None) -> None:
        self._observe(name, trouble.outcome if trouble else "ok")

    def _begun(self) -> "Network":
        if self._network is None:
            # aiohttp takes a tenth of a second to load, which no command needs but those that send.
            from .network import Network

            self._network = Network(self._endpoint)
        return self._network

    def _answer(self, request: SendRequest, answer: HttpAnswer | LineError) -> None:
        said = _said(answer) if isinstance(answer, HttpAnswer) else answer
        outcome = said.outcome if isinstance(said, LineError) else "again" if said.again else "ok"
        self._observe(request.kind, outcome)
        self._answers.put(SendOutcome(request, said))


def _said(answer: HttpAnswer) -> Acceptance | LineError:
    headers = answer.headers
    if _OK <= answer.status < _REDIRECTS:
        return Acceptance(headers.get("x-line-request-id"))
    if answer.status == _CONFLICT and _ACCEPTED_BEFORE in headers:
        return Acceptance(headers[_ACCEPTED_BEFORE], again=True)
    return wire.error_of_answer(answer)
