from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from bot.metrics import count_webhook_events
from bot.store.messages import webhook_events
from bot.store.messages.webhook_events import ArrivedEvent
from handlers.club import Club
from handlers.pages import install
from handlers.showing import readiness
from handlers.showing.readiness import Check
from tests.handlers.pages.conftest import browser_of

Become = Callable[[str, Check], None]


@pytest.fixture
def browser(club: Club) -> FlaskClient:
    return browser_of(club)


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Become:
    """Puts another check in a check's place: `check("database", broken)`."""
    return lambda name, other: monkeypatch.setitem(readiness.NEEDS, name, other)


def behind(_: Club) -> str | None:
    return "Migrations are missing: run `flask --app app migrate`."


def broken(_: Club) -> str | None:
    raise ConnectionError("password=hunter2")


def test_a_living_process_says_so_whatever_it_lacks(browser: FlaskClient, check: Become) -> None:
    check("database", broken)
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_an_installation_with_all_it_needs_is_ready(browser: FlaskClient) -> None:
    answer = browser.get("/readyz")
    assert answer.status_code == 200
    every = readiness.NEEDS.keys() | readiness.SIGNS.keys()
    well = dict.fromkeys(every, "ok")
    assert answer.json == {"status": "ready", "says": "All is well.", "checks": well}


def test_one_failed_check_makes_it_unready_and_says_what_to_do(
    club: Club, browser: FlaskClient, check: Become
) -> None:
    check("migrations", behind)
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "says": behind(club),
        "checks": {"database": "ok", "migrations": behind(club), "disk": "ok"},
    }


def test_a_database_without_the_last_migration_makes_it_unready(
    club: Club, browser: FlaskClient
) -> None:
    with club.store.begin() as uow:
        uow.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["migrations"].startswith("The database is at older, and this code")


def test_a_check_that_raises_has_failed_and_its_words_stay_inside(
    browser: FlaskClient, check: Become
) -> None:
    check("database", broken)
    with capture_logs() as logged:
        answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert "hunter2" not in answer.text
    assert answer.json is not None
    assert answer.json["checks"]["migrations"] == "ok"
    assert [(line["check"], line["log_level"]) for line in logged] == [("database", "error")]


def test_checks_are_asked_anew_each_time(browser: FlaskClient, check: Become) -> None:
    answers = iter(["The database does not answer.", None])
    check("database", lambda _: next(answers))
    assert [browser.get("/readyz").status_code for _ in range(2)] == [503, 200]


def test_nothing_of_this_is_cached(browser: FlaskClient) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


def test_metrics_are_prometheus_text(browser: FlaskClient) -> None:
    count_webhook_events("stored")
    answer = browser.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "# TYPE webhook_events_total counter" in answer.text


@pytest.mark.parametrize(
    ("wanted", "shown", "status"),
    [
        ("", "", 200),
        ("secret", "Bearer secret", 200),
        ("secret", "Bearer wrong", 401),
        ("secret", "Basic c2VjcmV0OnNlY3JldA==", 401),
        ("secret", "", 401),
        (None, "", 401),
        (None, "Bearer None", 401),
    ],
)
def test_metrics_are_for_who_shows_the_token(
    club: Club, wanted: str | None, shown: str, status: int
) -> None:
    app = Flask(__name__, static_folder=None)
    install(app, club, metrics_token=wanted)
    headers = {"Authorization": shown} if shown else {}
    answer = app.test_client().get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("outbox_messages" in answer.text) == (status == 200)


def test_metrics_tell_how_many_answers_reached_nobody_and_why(
    club: Club, browser: FlaskClient
) -> None:
    with club.store.begin() as uow:
        arrived = [ArrivedEvent(f"e{n}", "U1", "{}") for n in range(3)]
        webhook_events.store(uow, arrived, at=club.now())
        webhook_events.close(uow, "e0", unsaid="too_late")
        webhook_events.close(uow, "e1", unsaid="too_late")
        webhook_events.close(uow, "e2")
    assert 'answers_unsaid{reason="too_late"} 2.0' in browser.get("/metrics").text
