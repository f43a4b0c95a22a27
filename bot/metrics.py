"""What Prometheus reads at `/metrics`. Labels are words from our own code: nothing of a person.

Counts live in the process that counted. Each process of an installation is scraped by itself
and Prometheus adds them up, so there is no shared directory to set up or to clean.
"""

from collections.abc import Mapping
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

METRICS_CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

WebhookOutcome = Literal["stored", "duplicate", "malformed", "bad_signature"]

#: The webhook has 50 ms, a page a tenth of a second, LINE gives up after two (webhook, 2 s).
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
#: From a reply out of memory to one that waits for LINE's answer.
_EVENT_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
#: What HTTP and the browsers use; any other word a caller invents is counted as one.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_registry = CollectorRegistry()
_requests = Histogram(
    "http_request_seconds",
    "Time to answer a request.",
    ["endpoint", "method", "status"],
    registry=_registry,
    buckets=_REQUEST_SECONDS,
)
_webhook_events = Counter(
    "webhook_events",
    "Events LINE sent, by what the webhook made of them (bad_signature counts requests).",
    ["outcome"],
    registry=_registry,
)
_events_handled = Counter(
    "events_handled",
    "Stored events that a worker took up, by kind and how it ended.",
    ["kind", "outcome"],
    registry=_registry,
)
_event_seconds = Histogram(
    "event_seconds",
    "Time to handle an event, LINE's answer to the reply included.",
    registry=_registry,
    buckets=_EVENT_SECONDS,
)
_line_calls = Counter(
    "line_calls",
    "Calls to LINE's API, by call and outcome.",
    ["call", "outcome"],
    registry=_registry,
)

_messages = Counter(
    "messages",
    "Messages pushed, by what became of them (not_taken and repeated come back).",
    ["outcome"],
    registry=_registry,
)
_outbox_messages = Gauge(
    "outbox_messages",
    "Messages in the outbox that are queued, or on their way. The same in every process.",
    ["status"],
    registry=_registry,
)
_outbox_oldest = Gauge(
    "outbox_oldest_due_seconds",
    "How long the oldest message that is due has been waiting; 0 when none is.",
    registry=_registry,
)
_unsaid = Gauge(
    "answers_unsaid",
    "Answers to what came in the last 24 hours that reached nobody, by why. The same everywhere.",
    ["reason"],
    registry=_registry,
)


def count_request(*, endpoint: str, method: str, status: int, seconds: float) -> None:
    """A request was answered; `endpoint` is its route's pattern, never the path itself."""
    known_method = method if method in _METHODS else "OTHER"
    _requests.labels(endpoint, known_method, str(status)).observe(seconds)


def count_webhook_events(outcome: WebhookOutcome, count: int = 1) -> None:
    """The webhook stored, recognised or refused `count` events."""
    _webhook_events.labels(outcome).inc(count)


def count_event_handled(*, kind: str, outcome: str, seconds: float) -> None:
    """A worker is done with an event; `kind` is the name of its class, `outcome` one word."""
    _events_handled.labels(kind, outcome).inc()
    _event_seconds.observe(seconds)


def count_line_call(*, call: str, outcome: str) -> None:
    """LINE's API was called; `call` is the client's method, `outcome` "ok" or the error's class."""
    _line_calls.labels(call, outcome).inc()


def count_messages(outcomes: Mapping[str, int]) -> None:
    """Messages came to an end, or a step further; each outcome is one word of our own."""
    for outcome, count in outcomes.items():
        if count:
            _messages.labels(outcome).inc(count)


def show_outbox(*, queued: int, sending: int, oldest_due_seconds: float) -> None:
    """How the outbox stands at this moment."""
    _outbox_messages.labels("queued").set(queued)
    _outbox_messages.labels("sending").set(sending)
    _outbox_oldest.set(oldest_due_seconds)


def show_unsaid(reasons: Mapping[str, int]) -> None:
    """How many answers of the last day reached nobody; each reason is one word of our own."""
    _unsaid.clear()
    for reason, count in reasons.items():
        _unsaid.labels(reason).set(count)


def metrics_text() -> bytes:
    """Everything counted so far, in Prometheus's text format (METRICS_CONTENT_TYPE)."""
    return generate_latest(_registry)
