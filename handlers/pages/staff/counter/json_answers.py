"""What the counter's JSON has in common: bodies that are parsed, keys that count once, and troubles
that are told with an `error` for the page and a line for whoever stands before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from bot.errors import KayoiError
from bot.store import StoreBusy
from bot.store.history.claims import KeyReused
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.work import Work

from ...current import current_club
from ..frame.blueprint import pages
from ..frame.words import refusal_here
from .scan_requests import BYTES_MAX, why_wrong, wrong_fields

Body = TypeVar("Body", bound=BaseModel)


class InvalidRequest(KayoiError):
    """The request can't be taken: `error` is the refusal's code."""

    def __init__(self, error: str, status: int, **more: object) -> None:
        super().__init__(error)
        self.error, self.status, self.more = error, status, more

    def as_json(self) -> dict[str, Any]:
        """What the page is answered."""
        no = refusal_here(self.error)
        return {
            "error": self.error,
            "line": no.why,
            "next": no.then,
            "tone": "bad",
            **self.more,
        }


@pages.errorhandler(InvalidRequest)
def _answer_invalid_request(problem: InvalidRequest) -> ResponseReturnValue:
    answer = jsonify(problem.as_json())
    if problem.error == "busy":
        answer.headers["Retry-After"] = "1"
    return answer, problem.status


def body(kind: type[Body]) -> Body:
    """The request's body, parsed; InvalidRequest for anything that isn't one of `kind`."""
    # Of a body that tells no length, no more than this is read either.
    is_short = (request.content_length or 0) <= BYTES_MAX
    raw = request.stream.read(BYTES_MAX + 1) if is_short else b""
    if not is_short or len(raw) > BYTES_MAX:
        raise InvalidRequest("too_large", 413, most=BYTES_MAX)
    try:
        return kind.model_validate_json(raw)
    except ValidationError as problem:
        raise unreadable(problem) from None


def unreadable(problem: ValidationError) -> InvalidRequest:
    """What is answered to a request that is wrong in itself."""
    fields = wrong_fields(problem)
    return InvalidRequest(why_wrong(fields), 400, fields=fields)


@contextmanager
def writing(by: Actor, key: str) -> Iterator[Work]:
    """A transaction whose troubles are answers."""
    try:
        with current_club().work(by, key=key) as work:
            yield work
    except KeyReused:
        raise InvalidRequest("key_reused", 409) from None
    except StoreBusy:
        raise InvalidRequest("busy", 503) from None
