import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask

from bot.logs import configure_logs, log_requests
from bot.settings import SettingsError

MEMBER = "U" + "0123456789abcdef" * 2


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def as_before() -> Iterator[None]:
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = list(root.handlers), root.level
    root.handlers = []  # basicConfig closes what it replaces, and pytest's handlers are there
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**config)


@pytest.fixture
def lines(as_before: None) -> Callable[[], list[dict[str, Any]]]:
    stream = io.StringIO()
    configure_logs(stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


Lines = Callable[[], list[dict[str, Any]]]


def test_away_from_a_terminal_each_line_is_a_json_object(lines: Lines) -> None:
    structlog.get_logger().warning("outbox held", waiting=3, at=datetime(2026, 1, 2, tzinfo=UTC))
    (line,) = lines()
    assert (line["event"], line["level"], line["waiting"]) == ("outbox held", "warning", 3)
    assert line["at"] == "2026-01-02T00:00:00+00:00"
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_at_a_terminal_lines_are_readable(as_before: None) -> None:
    stream = Terminal()
    configure_logs(stream)
    structlog.get_logger().info("outbox held", waiting=3, reply_token="r1")
    assert "outbox held" in stream.getvalue()
    assert "waiting" in stream.getvalue()
    assert "r1" not in stream.getvalue()


def test_the_standard_librarys_loggers_write_the_same_lines(lines: Lines) -> None:
    logging.getLogger("urllib3").warning("slow answer from %s", "api.line.me")
    logging.getLogger("urllib3").debug("not of interest")
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("slow answer from api.line.me", "urllib3")


@pytest.mark.parametrize(
    "name", ["user_id", "userId", "text", "display_name", "name", "phone", "reply_token", "body"]
)
def test_what_is_about_a_person_is_left_out_at_any_depth(lines: Lines, name: str) -> None:
    structlog.get_logger().info(
        "seen", kind="text", **{name: "佐藤"}, more=[{name: "佐藤", "n": 1}]
    )
    (line,) = lines()
    assert (line["kind"], line["more"]) == ("text", [{"n": 1}])
    assert "佐藤" not in json.dumps(line, ensure_ascii=False)


def test_a_line_id_is_masked_wherever_it_stands(lines: Lines) -> None:
    structlog.get_logger().info(f"asked for /v2/bot/profile/{MEMBER}", counts={MEMBER: 2})
    logging.getLogger("urllib3").warning("Retrying: /v2/bot/profile/%s", MEMBER)
    assert MEMBER not in json.dumps(lines())
    assert lines()[0]["event"] == "asked for /v2/bot/profile/(LINE id)"


def test_an_object_is_logged_by_its_kind_alone(lines: Lines) -> None:
    structlog.get_logger().info("seen", what=Path("佐藤.csv"))
    assert lines()[0]["what"] == "<PosixPath>"


def test_a_foreign_error_is_logged_by_kind_and_place_without_its_words(lines: Lines) -> None:
    def choke() -> None:
        try:
            int("佐藤")
        except ValueError as error:
            raise KeyError("佐藤") from error

    try:
        choke()
    except KeyError:
        structlog.get_logger().exception("import failed")
        logging.getLogger("other").exception("import failed")
    for line in lines():
        assert line["error"] == ["KeyError", "ValueError"]
        assert line["where"][-1].endswith(" choke")
        assert "佐藤" not in json.dumps(line, ensure_ascii=False)
    assert len(lines()) == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SettingsError(("PORT must be a number.",)), "SettingsError: PORT must be a number."),
        (FileNotFoundError(2, "No such file"), "FileNotFoundError: [Errno 2] No such file"),
    ],
)
def test_our_own_errors_and_the_systems_keep_their_words(
    lines: Lines, error: Exception, told: str
) -> None:
    structlog.get_logger().error("start failed", exc_info=error)
    assert lines()[0]["error"] == [told]


@pytest.fixture
def observed() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def app(lines: Lines, observed: list[dict[str, Any]]) -> Flask:
    app = Flask(__name__)
    log_requests(app, lambda **seen: observed.append(seen), quiet={"ping"})

    @app.get("/card/<code>")
    def card(code: str) -> str:
        structlog.get_logger().info("drawn")
        return code

    @app.get("/ping")
    def ping() -> str:
        return "pong"

    @app.get("/broken")
    def broken() -> str:
        raise KeyError("佐藤")

    @app.get("/card/use/<code>")
    def broken_for(code: str) -> str:
        raise KeyError(code)

    return app


def test_a_request_is_logged_by_its_route_and_never_its_path(
    app: Flask, lines: Lines, observed: list[dict[str, Any]]
) -> None:
    answer = app.test_client().get("/card/SECRETCODE?q=SECRETQUERY")
    drawn, logged = lines()
    assert logged["event"] == "request"
    assert (logged["endpoint"], logged["method"], logged["status"]) == ("/card/<code>", "GET", 200)
    assert logged["ms"] >= 0
    assert drawn["request_id"] == logged["request_id"] == answer.headers["X-Request-Id"]
    assert "SECRET" not in json.dumps(lines())
    (seen,) = observed
    assert seen.pop("seconds") >= 0
    assert seen == {"endpoint": "/card/<code>", "method": "GET", "status": 200}


def test_an_unknown_path_is_logged_as_no_route(app: Flask, lines: Lines) -> None:
    app.test_client().get("/wp-login.php")
    assert (lines()[0]["endpoint"], lines()[0]["status"]) == ("(no route)", 404)


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("01J8-abcdef", True), ("short", False), ("two words or\tmore", False), ("x" * 65, False)],
)
def test_a_callers_request_id_is_kept_if_it_looks_like_one(
    app: Flask, given: str, is_kept: bool
) -> None:
    answer = app.test_client().get("/ping", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is is_kept
    assert answer.headers["X-Request-Id"]


def test_quiet_endpoints_are_counted_but_not_logged(
    app: Flask, lines: Lines, observed: list[dict[str, Any]]
) -> None:
    app.test_client().get("/ping")
    assert lines() == []
    assert [seen["endpoint"] for seen in observed] == ["/ping"]


def test_a_failed_request_is_an_error_and_its_words_stay_inside(app: Flask, lines: Lines) -> None:
    assert app.test_client().get("/broken").status_code == 500
    assert [line["level"] for line in lines()] == ["error", "error"]
    assert lines()[-1]["status"] == 500
    assert "佐藤" not in json.dumps(lines(), ensure_ascii=False)


def test_where_a_request_failed_is_told_by_its_route_too(app: Flask, lines: Lines) -> None:
    assert app.test_client().get("/card/use/SECRETCODE").status_code == 500
    told, request = lines()
    assert told["event"] == "Exception on /card/use/<code>"
    assert told["error"] == ["KeyError"]
    assert request["endpoint"] == "/card/use/<code>"
    assert "SECRET" not in json.dumps(lines())


def test_a_requests_id_is_forgotten_when_it_is_over(app: Flask, lines: Lines) -> None:
    app.test_client().get("/ping")
    structlog.get_logger().info("later")
    assert "request_id" not in lines()[-1]
