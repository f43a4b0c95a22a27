"""Problems: whatever goes wrong is told in one form."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app import create_app
from bot.store import StoreBusy
from handlers.api.frame.problems import MEDIA_TYPE
from handlers.api.resources import members
from handlers.pages import lost
from tests.handlers.api.conftest import Api, System, body_of


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    told = body_of(answer)
    assert answer.mimetype == MEDIA_TYPE
    assert (told["status"], told["code"]) == (status, code)
    assert answer.status_code == status
    assert told["type"] == f"https://kayoi.example/api/v1/problems/{code}"
    assert told["title"]
    assert told["detail"]
    return told


def test_what_is_not_there_and_what_takes_another_method_is_a_problem(office: System) -> None:
    problem(office.asks("/nothing"), 404, "not_found")
    problem(office.asks("/members/0000000000"), 404, "not_found")
    answer = office.client.delete("/api/v1/members")
    problem(answer, 405, "method")
    assert "POST" in answer.headers["Allow"]


def test_pages_that_are_not_ours_are_told_as_before(api: Api) -> None:
    assert api.app.test_client().get("/nothing").mimetype != MEDIA_TYPE


def test_a_body_that_is_none_is_a_problem(office: System) -> None:
    headers = office.headers(**{"Idempotency-Key": "k"})

    def posts(data: bytes | str, kind: str = "application/json") -> TestResponse:
        return office.client.post("/api/v1/members", data=data, headers=headers, content_type=kind)

    problem(posts("{}", "text/plain"), 415, "media_type")
    for broken in ("{", b"\xff\xfe", '{"name": "\\ud800", "agreed": true}', "[" * 5000):
        problem(posts(broken), 400, "malformed")
    for other in ("[]", "null", "3", '"text"'):
        problem(posts(other), 422, "invalid")
    problem(posts("{" + " " * 1_000_001 + "}"), 413, "too_large")


def test_a_page_for_people_does_not_come_before_a_problem(api: Api, office: System) -> None:
    lost.install(api.app)
    headers = office.headers(**{"Idempotency-Key": "k", "Accept": "text/html"})
    sent = {"headers": headers, "content_type": "application/json"}
    problem(office.client.post("/api/v1/members", data="{", **sent), 400, "malformed")


def test_what_does_not_fit_is_named_part_by_part_and_not_told_back(office: System) -> None:
    answer = office.does("/members", name=17, agreed=False, secret="not yours", kana="a\0")
    told = problem(answer, 422, "invalid")
    assert {each["pointer"] for each in told["errors"]} == {"/name", "/agreed", "/secret", "/kana"}
    assert "not yours" not in answer.text
    told = problem(office.asks("/members?limit=0"), 422, "invalid")
    assert [each["pointer"] for each in told["errors"]] == ["/query/limit"]


def test_a_problem_is_told_in_the_language_that_is_asked_for(office: System) -> None:
    answer = office.asks("/members/0000000000", **{"Accept-Language": "ja-JP,ja;q=0.9"})
    assert body_of(answer)["title"] == "ここには何もありません"
    assert answer.headers["Content-Language"] == "ja"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_busy_database_says_when_to_come_again(
    office: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        raise StoreBusy

    monkeypatch.setattr(members, "join_at_counter", busy)
    answer = office.does("/members", name="山田", agreed=True)
    problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "5"


def test_a_mistake_of_ours_is_a_problem_too(
    api: Api, office: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("山田さくら")

    monkeypatch.setattr(members, "join_at_counter", broken)
    api.app.testing = False
    answer = office.does("/members", name="山田", agreed=True)
    problem(answer, 500, "internal")
    assert "山田" not in answer.text


def test_every_problem_is_explained_under_its_address(api: Api) -> None:
    client = api.app.test_client()
    for code in ("scope", "visited_today", "phone_known"):
        told = client.get(f"/api/v1/problems/{code}")
        assert told.status_code == 200
        assert body_of(told)["code"] == code
    problem(client.get("/api/v1/problems/no_such_code"), 404, "not_found")


def test_the_whole_application_answers_below_the_api_with_problems(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-secret-of-the-tests-that-is-long-enough-0123456789")
    monkeypatch.setenv("DATABASE_URL", database_url)
    app = create_app()
    client = app.test_client()
    assert client.get("/api/v1/nothing").mimetype == MEDIA_TYPE
    assert client.delete("/api/v1/members").mimetype == MEDIA_TYPE
    assert client.get("/staff/nothing", headers={"Accept": "text/html"}).mimetype == "text/html"
    app.extensions["kayoi"].club.store.close()
