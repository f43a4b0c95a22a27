"""A call: one HTTP request to LINE, and what is said to it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .errors import LineUnavailable
from .pulse import Pulse


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where LINE is, and how it is spoken to."""

    #: "https://api.line.me", or whatever stands in for it, with or without a path.
    api_base: str
    access_token: str
    #: For an address, a connection and its TLS together.
    connect_seconds: float
    #: From the request to the answer.
    read_seconds: float
    connections_max: int
    #: Is told of each answer.
    pulse: Pulse = field(default_factory=Pulse)


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to LINE."""

    #: Below the endpoint's address: "/v2/bot/message/push".
    path: str
    #: JSON, sent as it is.
    body: bytes
    #: Besides those that every request has.
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    #: One that has not begun by then (of time.time, which goes on while a machine sleeps) is not
    #: sent any more.
    begin_by: float = math.inf


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What was said to a call, by LINE or by whoever stands in its place."""

    status: int
    #: Found by their names in any case.
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Departure:
    """A call and its moment."""

    call: Call
    #: Of time.monotonic.
    moment: float
    #: Is told what became of it, once, on any thread; it must not wait for anything.
    answered: Callable[[HttpAnswer | LineUnavailable], None]
