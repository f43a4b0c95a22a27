from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from bot.metrics import count_webhook_events, metrics_text
from handlers.pages.health import Check, health_blueprint


def client(checks: Mapping[str, Check]) -> FlaskClient:
    app = Flask(__name__)
    app.register_blueprint(health_blueprint(checks, metrics_text))
    return app.test_client()


def fine() -> str | None:
    return None


def behind() -> str | None:
    return "Migrations are missing: run `flask --app app migrate`."


def broken() -> str | None:
    raise ConnectionError("password=hunter2")


def test_a_living_process_says_so_whatever_it_lacks() -> None:
    answer = client({"database": broken}).get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_an_installation_with_all_it_needs_is_ready() -> None:
    answer = client({"database": fine, "migrations": fine}).get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ok", "migrations": "ok"}}


def test_one_failed_check_makes_it_unready_and_says_what_to_do() -> None:
    answer = client({"database": fine, "migrations": behind}).get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "checks": {"database": "ok", "migrations": behind()},
    }


def test_a_check_that_raises_has_failed_and_its_words_stay_inside() -> None:
    with capture_logs() as logged:
        answer = client({"database": broken, "migrations": fine}).get("/readyz")
    assert answer.status_code == 503
    assert "hunter2" not in answer.text
    assert answer.json is not None
    assert answer.json["checks"]["migrations"] == "ok"
    assert [(line["check"], line["log_level"]) for line in logged] == [("database", "error")]


def test_checks_are_asked_anew_each_time() -> None:
    answers = iter(["The database does not answer.", None])
    asked = client({"database": lambda: next(answers)})
    assert [asked.get("/readyz").status_code for _ in range(2)] == [503, 200]


def test_nothing_of_this_is_cached() -> None:
    asked = client({})
    for path in ("/healthz", "/readyz", "/metrics"):
        assert asked.get(path).headers["Cache-Control"] == "no-store"


def test_metrics_are_prometheus_text() -> None:
    count_webhook_events("stored")
    answer = client({}).get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE webhook_events_total counter" in answer.text
