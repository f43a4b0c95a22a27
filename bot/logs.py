"""Logs: one JSON object per line for machines, readable lines at a terminal, nobody's data.

What is logged is meant to carry no personal data in the first place. Two nets catch a slip:
values under names that hold such data are left out, and LINE's ids are masked wherever they
stand. Errors are logged by kind and place, since the text of a foreign exception may quote what
it choked on.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Protocol, TextIO

import structlog
from flask import Flask, Response, has_request_context
from flask.globals import request_ctx
from structlog.typing import EventDict, Processor, WrappedLogger

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Names whose values are about a person, or open a door; in lower case and without underscores.
PERSONAL_KEYS = frozenset(
    {
        *("userid", "lineuserid", "to", "name", "displayname", "membername", "kana", "pictureurl"),
        *("phone", "phonenumber", "email", "address", "birthday", "birthdate", "note", "notes"),
        *("text", "body", "data", "message", "messages", "payload", "postback", "answer"),
        *("replytoken", "token", "accesstoken", "idtoken", "secret", "code", "password"),
        *("authorization", "cookie", "signature"),
    }
)

#: User, group and room ids (LINE Messaging API reference, "Source user").
_LINE_ID = re.compile(r"\b[UCR][0-9a-f]{32}\b")
_LINE_ID_LENGTH = 33
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Our own exceptions say nothing personal; the system's name an address or a file.
_SPEAKING_PACKAGES = ("bot.", "handlers.", "rules.", "images.")
_FRAMES_MAX = 12
_NO_ROUTE = "(no route)"
_BEGAN = "kayoi.request_began"

#: Libraries that tell of every tick and every look at the schema.
_TALKATIVE = ("alembic", "apscheduler")

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class RequestObserver(Protocol):
    """Is told of each answered request, as `bot.metrics.count_request` is."""

    def __call__(self, *, endpoint: str, method: str, status: int, seconds: float) -> None: ...


def configure_logs(stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Sends everything logged, by structlog or the standard library, to `stream` (or stderr).

    Lines are JSON unless `stream` is a terminal. Calling it again replaces what it set before.
    """
    stream = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_error,
        drop_personal,
    ]
    final: Processor = (
        structlog.dev.ConsoleRenderer()
        if stream.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=_plain)
    )
    structlog.configure(
        processors=[*shared, final],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _route_standard_library(stream, level, shared, final)


def _route_standard_library(
    stream: TextIO, level: int, shared: list[Processor], final: Processor
) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(max(level, logging.WARNING))


def _plain(value: object) -> str:
    """What JSON has no form for: a moment is written out; else its kind, as a repr may say more."""
    return value.isoformat() if isinstance(value, date) else f"<{type(value).__name__}>"


def drop_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leaves out what is kept under one of PERSONAL_KEYS, at any depth, and masks LINE's ids."""
    return _harmless_items(event)


def _harmless_items(items: Mapping[Any, Any]) -> dict[Any, Any]:
    return {
        _harmless(key): _harmless(value)
        for key, value in items.items()
        if not _is_personal(str(key))
    }


@lru_cache(maxsize=1024)
def _is_personal(key: str) -> bool:
    return key.replace("_", "").lower() in PERSONAL_KEYS


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return _LINE_ID.sub("(LINE id)", value) if len(value) >= _LINE_ID_LENGTH else value
    if isinstance(value, Mapping):
        return _harmless_items(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_harmless(item) for item in value]
    return value


def describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turns `exc_info` into `error`, a list from the exception to its causes, and `where`."""
    error = _error_of(event.pop("exc_info", None))
    if error is None:
        return event
    event["where"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES_MAX:]
    ]
    event["error"] = [_named(link) for link in _chain(error)]
    return event


def _error_of(exc_info: object) -> BaseException | None:
    """The exception meant by any of the forms the `exc_info` argument of a logger takes."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exception() if exc_info else None


def _chain(error: BaseException) -> list[BaseException]:
    chain = [error]
    while (cause := _cause(chain[-1])) and cause not in chain:
        chain.append(cause)
    return chain


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _named(error: BaseException) -> str:
    kind = type(error)
    is_systems = kind.__module__ == "builtins" and isinstance(error, OSError)
    speaks = is_systems or kind.__module__.startswith(_SPEAKING_PACKAGES)
    return f"{kind.__qualname__}: {error}" if speaks else kind.__qualname__


def log_requests(app: Flask, observe: RequestObserver, quiet: Collection[str] = ()) -> None:
    """Logs each answered request and tells `observe` of it.

    Call it before anything else is hung on `app`. The route's pattern is logged, not the path,
    whose parts may be codes. A request has an id: the caller's `X-Request-Id` if it looks like
    one, else a new one. It is in every line logged on the request's way and in the answer.
    Endpoints named in `quiet` are logged only from status 500 up: what asks every few seconds
    would bury the rest.
    """
    requests = _Requests(observe)
    # By name: asked for too early, the application gives its logger a handler of its own.
    logging.getLogger(app.name).addFilter(_by_route)

    @app.before_request
    def begin() -> None:
        requests.begin(request_ctx.request.environ)

    @app.after_request
    def end(response: Response) -> Response:
        current = request_ctx.request
        is_quiet = current.endpoint in quiet
        name = requests.end(current.environ, _route(), response.status_code, is_quiet=is_quiet)
        response.headers["X-Request-Id"] = name
        return response


def logged(door: "WSGIApplication", rule: str, observe: RequestObserver) -> "WSGIApplication":
    """`door`, which answers for the address `rule` without Flask, logged as a quiet endpoint is."""
    requests = _Requests(observe)

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        requests.begin(environ)

        def end(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], Any]:
            name = requests.end(environ, rule, int(status[:3]), is_quiet=True)
            return start(status, [*headers, ("X-Request-Id", name)], *error)

        return door(environ, end)

    return answer


class _Requests:
    """Notes requests: which they are, how they ended and how long that took."""

    def __init__(self, observe: RequestObserver) -> None:
        self._observe = observe
        self._logger = structlog.get_logger("http")

    def begin(self, environ: "WSGIEnvironment") -> None:
        given = environ.get("HTTP_X_REQUEST_ID")
        known = given if given and _REQUEST_ID.fullmatch(given) else token_hex(8)
        environ[_BEGAN] = time.perf_counter()
        _request_id.set(known)

    def end(self, environ: "WSGIEnvironment", rule: str, status: int, *, is_quiet: bool) -> str:
        """Gives the request's id."""
        seconds, method = time.perf_counter() - environ[_BEGAN], environ["REQUEST_METHOD"]
        self._observe(endpoint=rule, method=method, status=status, seconds=seconds)
        if status >= 500 or not is_quiet:
            say = self._logger.error if status >= 500 else self._logger.info
            ms = round(seconds * 1000, 1)
            say("request", endpoint=rule, method=method, status=status, ms=ms)
        name = _request_id.get() or ""
        _request_id.set(None)
        return name


def _by_route(record: logging.LogRecord) -> bool:
    """Flask names the path where something broke, and a path may hold a code: the route does too,
    and holds none."""
    if record.exc_info and has_request_context():
        record.msg, record.args = f"Exception on {_route()}", ()
    return True


def _route() -> str:
    """The pattern of the route that answers."""
    rule = request_ctx.request.url_rule
    return rule.rule if rule else _NO_ROUTE


def add_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Adds the id of the request on whose way something is logged."""
    if known := _request_id.get():
        event["request_id"] = known
    return event
