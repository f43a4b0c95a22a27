"""What watches over an installation asks: alive? ready? how much?"""

import hmac
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.datastructures import WWWAuthenticate

from bot.metrics import METRICS_CONTENT_TYPE, metrics_text, show_outbox, show_unsaid
from bot.store import Store
from bot.store.engine.migrate import at_head
from bot.store.messages import outbox_figures, unsaid

from .current import current_club
from .headers import safe

#: Asks something the installation needs; None if it is there, else a sentence saying what is not.
Check = Callable[[Store], str | None]

_DAY = timedelta(days=1)
_FAILED = "The check itself failed; the log says where."

log = structlog.get_logger("health")

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return safe(jsonify(status="ok"), "machine")


@pages.get("/readyz")
def readyz() -> Response:
    """200 if all CHECKS pass, else 503, with a word on each. One that raises counts as failed; what
    it raised is for the log, not for whoever asks."""
    store = current_club().store
    problems = {name: _problem(name, check, store) for name, check in CHECKS.items()}
    is_ready = not any(problems.values())
    answer = jsonify(
        status="ready" if is_ready else "not ready",
        checks={name: problem or "ok" for name, problem in problems.items()},
    )
    answer.status_code = 200 if is_ready else 503
    return safe(answer, "machine")


@pages.get("/metrics")
def metrics_page() -> Response:
    """For Prometheus; the outbox as it is now, and what was said to nobody since this time
    yesterday. 401 to whoever doesn't show the token."""
    if not _may_read_metrics():
        answer = Response("Show METRICS_TOKEN as a bearer token.\n", 401, mimetype="text/plain")
        answer.www_authenticate = WWWAuthenticate("bearer")
        return safe(answer, "machine")
    club = current_club()
    now = club.now()
    with club.store.read() as uow:
        depth = outbox_figures.depth(uow, now=now)
        show_unsaid(unsaid.reasons(uow, since=now - _DAY))
    waited = (now - depth.oldest_due).total_seconds() if depth.oldest_due else 0.0
    show_outbox(queued=depth.queued, sending=depth.sending, oldest_due_seconds=waited)
    return safe(Response(metrics_text(), content_type=METRICS_CONTENT_TYPE), "machine")


def _may_read_metrics() -> bool:
    token: str | None = current_app.config["METRICS_TOKEN"]
    if token is None or not token:
        return token is not None
    shown = request.authorization
    given = shown.token if shown is not None and shown.type == "bearer" else None
    return hmac.compare_digest((given or "").encode(), token.encode())


def _problem(name: str, check: Check, store: Store) -> str | None:
    try:
        return check(store)
    except Exception:  # whatever it is, the installation isn't ready
        log.exception("readiness check failed", check=name)
        return _FAILED


def _database(store: Store) -> str | None:
    with store.read() as uow:
        uow.connection.exec_driver_sql("SELECT 1")
    return None


def _migrations(store: Store) -> str | None:
    return None if at_head(store) else "run `flask --app app migrate`"


CHECKS: dict[str, Check] = {"database": _database, "migrations": _migrations}
