"""How a door is made: its address, what it takes and gives, and who may ask. From that the document
is made too, so that neither says what the other doesn't.

What happens to a request, in this order: the key, how often it may ask, what it may do; the body,
the key of the request (`Idempotency-Key`), the parts of both; then the door's own function.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError
from spectree import Response as Answers
from spectree import SpecTree
from werkzeug.exceptions import UnsupportedMediaType

from rules.scopes import Scope

from .blueprint import pages
from .keys import look_at_key
from .problems import ProblemDetails, Trouble, invalid

View = TypeVar("View", bound=Callable[..., Any])

#: As the IETF's draft has it (draft-ietf-httpapi-idempotency-key-header), with or without quotes.
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,100}")
#: What any door answers where it can't do what it was asked for; 500 is a mistake of ours.
_OF_ALL = (401, 403, 429, 500, 503)
_OF_BODIES = (400, 413, 415, 422)
#: Of each view by its name: what the document says beyond what Spectree reads off it.
DOORS: dict[str, "Door"] = {}


@dataclass(frozen=True, slots=True)
class Door:
    """What holds of a door."""

    #: None for one that anybody may open.
    scope: Scope | None
    #: Whether something is done, once for its key.
    writes: bool
    #: By which codes it may be refused.
    refusals: tuple[str, ...]
    #: The headers that an answer as wished has, each with what it says.
    headers: tuple[tuple[str, str], ...] = ()


def _tell_invalid(
    _request: Any, _sent: Any, error: Exception | None, _instance: Any, _adapter: Any
) -> None:
    if isinstance(error, ValidationError):
        raise invalid(error, within=_within(error))


def _within(error: ValidationError) -> str:
    return "/query" if error.title.endswith("Query") else ""


class Documents(SpecTree):
    """The document's parts. What a model looks like in JSON is worked out when the document is
    asked for: at each start that took as long as all else of the API."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self._awaited: dict[tuple[Any, Any], None] = {}
        super().__init__(*args, **named)

    def _add_model(self, model: Any, mode: Any = "validation") -> str:
        # Of one that is taken and given, what was told last stands in the document.
        self._awaited.pop((model, mode), None)
        self._awaited[model, mode] = None
        return self.naming_strategy(model)

    def _generate_spec(self) -> dict[str, Any]:
        for model, mode in self._awaited:
            super()._add_model(model, mode)
        return super()._generate_spec()


documents = Documents(
    "flask",
    before=_tell_invalid,
    mode="strict",
    title="Kayoi",
    version="1",
    path="api/v1/documents",
    validation_error_model=ProblemDetails,
    # Our classes have names of their own over the whole tree.
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
)


def door(
    rule: str,
    method: str,
    gives: type[BaseModel],
    *,
    door: Door,
    status: int = 200,
    statuses: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Opens a door: `rule` below /api/v1, what it `gives` and with which `status`. Its further
    `statuses` are said by the function below it: 404 where something may not be found. What it
    takes stands in that function's parameters, `query` and `json`."""

    def open_it(view: View) -> View:
        name = view.__name__
        known = {*_OF_ALL} if door.scope else {500, 503}
        known |= {*statuses, *((409, 422, 400) if door.writes else ())}
        if "json" in view.__annotations__:
            known |= {*_OF_BODIES}
        if "query" in view.__annotations__:
            known.add(422)
        answers: dict[str, Any] = {f"HTTP_{each}": ProblemDetails for each in sorted(known)}
        checked = documents.validate(
            resp=Answers(**{f"HTTP_{status}": gives}, **answers),
            tags=(view.__module__.rpartition(".")[2].replace("_", "-"),),
            operation_id=name,
            security={"key": []} if door.scope else {},
        )(_with_status(view, status))
        guarded = _guarded(checked, door, takes_body="json" in view.__annotations__)
        pages.add_url_rule(rule, name, guarded, methods=[method])
        DOORS[name] = door
        return view

    return open_it


def _with_status(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    """The view, whose answer has that status unless it says another."""

    @wraps(view)
    def answered(*args: Any, **named: Any) -> Any:
        told = view(*args, **named)
        return told if isinstance(told, tuple) else (told, status)

    return answered


def reads(
    rule: str,
    gives: type[BaseModel],
    scope: Scope | None,
    *refusals: str,
    method: str = "GET",
    found: bool = False,
) -> Callable[[View], View]:
    """A door at which something is looked at; `found`: where it may not be there."""
    statuses = (*((404,) if found else ()), *((409,) if refusals else ()))
    return door(rule, method, gives, door=Door(scope, False, refusals), statuses=statuses)


def does(
    rule: str,
    gives: type[BaseModel],
    scope: Scope,
    *refusals: str,
    method: str = "POST",
    status: int = 200,
    found: bool = True,
) -> Callable[[View], View]:
    """A door at which something is done, once for the request's key; refused by these codes."""
    statuses = (404,) if found else ()
    kept = Door(scope, True, refusals)
    return door(rule, method, gives, door=kept, status=status, statuses=statuses)


def _guarded(view: Callable[..., Any], door: Door, *, takes_body: bool) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**named: Any) -> ResponseReturnValue:
        if door.scope is not None:
            look_at_key(door.scope)
        if takes_body:
            _look_at_body()
        if door.writes:
            g.api_idempotency_key = _idempotency_key()
        sent: ResponseReturnValue = view(**named)
        return sent

    return guarded


def _look_at_body() -> None:
    """Reads the body once, so that nothing else passes for an object of JSON."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        body = request.get_json()
        # Half of a pair of surrogates is JSON, but no text.
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, RecursionError):
        raise Trouble(400, "malformed") from None
    if not isinstance(body, dict):
        raise Trouble(422, "invalid")


def _idempotency_key() -> str:
    text = request.headers.get("Idempotency-Key", "").strip()
    if len(text) > 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if not text:
        raise Trouble(400, "idempotency_key_missing")
    if not _IDEMPOTENCY_KEY.fullmatch(text):
        raise Trouble(400, "idempotency_key_malformed")
    return text


@pages.after_request
def _with_limits(sent: Response) -> Response:
    for name, value in g.get("api_limits", {}).items():
        sent.headers[name] = value
    return sent
