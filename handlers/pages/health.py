"""What watches over an installation asks: alive? ready? how much?"""

import hmac
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.datastructures import WWWAuthenticate

from bot.metrics import METRICS_CONTENT_TYPE, metrics_text, show_outbox, show_unsaid
from bot.store.messages import outbox_figures, unsaid
from handlers.showing import readiness

from .current import current_club
from .headers import safe

_DAY = timedelta(days=1)

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return safe(jsonify(status="ok"), "machine")


@pages.get("/readyz")
def readyz() -> Response:
    """Ready; unwell, where somebody should look while it serves; or, with 503, not ready. `says` is
    what is worst, in a sentence, and `checks` has one on each. What a check that failed raised is
    for the log, not for whoever asks."""
    club = current_club()
    missing = readiness.missing(club)
    wrong = {} if any(missing.values()) else readiness.wrong(club)
    said = [*filter(None, [*missing.values(), *wrong.values()])]
    is_ready = not any(missing.values())
    answer = jsonify(
        status="not ready" if not is_ready else "unwell" if said else "ready",
        says=said[0] if said else "All is well.",
        checks={name: problem or "ok" for name, problem in {**missing, **wrong}.items()},
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
