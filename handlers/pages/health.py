"""What watches over an installation asks: alive? ready? how much?"""

from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Response, jsonify

from bot.metrics import METRICS_CONTENT_TYPE

from .headers import safe

#: Asks something the installation needs; None if it is there, else a sentence saying what is not.
Check = Callable[[], str | None]

_FAILED = "The check itself failed; the log says where."

log = structlog.get_logger("health")


def health_blueprint(checks: Mapping[str, Check], metrics: Callable[[], bytes]) -> Blueprint:
    """`/healthz` (the process answers), `/readyz` (all of `checks` pass) and `/metrics`.

    `/readyz` answers 200 or 503 with a word per check. A check that raises counts as failed;
    what it raised is for the log, not for whoever asks.
    """
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return safe(jsonify(status="ok"), "machine")

    @health.get("/readyz")
    def readyz() -> Response:
        problems = {name: _problem(name, check) for name, check in checks.items()}
        is_ready = not any(problems.values())
        answer = jsonify(
            status="ready" if is_ready else "not ready",
            checks={name: problem or "ok" for name, problem in problems.items()},
        )
        answer.status_code = 200 if is_ready else 503
        return safe(answer, "machine")

    @health.get("/metrics")
    def metrics_page() -> Response:
        return safe(Response(metrics(), content_type=METRICS_CONTENT_TYPE), "machine")

    return health


def _problem(name: str, check: Check) -> str | None:
    try:
        return check()
    except Exception:  # whatever it is, the installation isn't ready
        log.exception("readiness check failed", check=name)
        return _FAILED
