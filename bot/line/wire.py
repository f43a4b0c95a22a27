"""Between our values and the SDK's: its models, its answers, its errors.

`linebot.v3.messaging` takes most of a second to load, so nothing here loads it before it is needed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import limits
from .errors import (
    InvalidMessages,
    LineError,
    LineRejected,
    LineUnavailable,
    MonthlyLimitReached,
    RateLimited,
    ReplyTokenInvalid,
)

Messages = Sequence[Mapping[str, Any]]

LINE_API_BASE = "https://api.line.me"
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Acceptance:
    """LINE took the messages. `again` is True if it had taken the same retry key before."""

    request_id: str | None
    again: bool = False


def host(api_base: str) -> str | None:
    """The SDK's `host` for an address: None leaves LINE's own two to it (pictures have another).

    Any other address gets every call, pictures included.
    """
    address = api_base.rstrip("/")
    return None if address == LINE_API_BASE else address


def models() -> Any:
    """The SDK's package of models and clients."""
    from linebot.v3 import messaging

    return messaging


def checked(messages: Messages) -> list[Any]:
    """The SDK's model of each message. InvalidMessages if one isn't as LINE describes it.

    Models rather than dicts, since dicts put into a request silently lose what is special to their
    kind of message.
    """
    if not 1 <= len(messages) <= limits.MESSAGES_PER_REQUEST:
        raise InvalidMessages(f"one to {limits.MESSAGES_PER_REQUEST} messages, not {len(messages)}")
    return [parsed(models().Message, message) for message in messages]


def parsed(model: Any, value: Mapping[str, Any]) -> Any:
    """`value` as the SDK's `model`. InvalidMessages, naming fields only, if it doesn't fit."""
    from pydantic.v1 import ValidationError

    try:
        return model.from_dict(dict(value))
    except ValidationError as problem:
        raise InvalidMessages(details=_places(problem)) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        # An unknown "type" and what is no object at all; the SDK's message quotes the whole of it.
        raise InvalidMessages from None


def _places(problem: Any) -> list[tuple[str, str]]:
    return [(".".join(map(str, error["loc"])), error["msg"]) for error in problem.errors()]


def error_of_answer(refusal: Any) -> LineError:
    """Our error for an answer that is no yes (LINE's "Status codes" and "Error messages")."""
    status = int(refusal.status or 0)
    message, details = _told(refusal.body)
    if status == 0:
        return LineUnavailable("No safe connection to LINE")
    if status >= _SERVER_ERROR:
        return LineUnavailable("LINE has trouble of its own", status=status)
    if status == _TOO_MANY:
        kind = MonthlyLimitReached if "monthly limit" in message.lower() else RateLimited
        return kind(status=status)
    if message == "Invalid reply token":
        return ReplyTokenInvalid(status=status)
    return LineRejected(message, status=status, details=details)


def _told(body: Any) -> tuple[str, list[tuple[str, str]]]:
    """LINE's `message` and `details`, as far as the body has them."""
    try:
        told = json.loads(body)
        message, found = told.get("message"), told.get("details")
        pairs = [(str(d.get("property", "")), str(d.get("message", ""))) for d in found or []]
        return str(message or ""), pairs
    except (ValueError, TypeError, AttributeError):
        return "", []


def error_of_connection(failure: Exception) -> LineUnavailable:
    """Our error for no answer at all: a time-out, a broken or refused connection."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    never_left = isinstance(failure, ConnectTimeoutError | NewConnectionError)
    return LineUnavailable(
        f"No answer from LINE: {type(failure).__name__}", maybe_done=not never_left
    )
