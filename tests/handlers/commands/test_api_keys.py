"""Keys of the API from the command line."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from tests.handlers.commands.conftest import run


def test_a_key_is_printed_once_listed_and_stopped(cafe: Flask) -> None:
    assert "none" in run(cafe, "api-keys", "list").output
    token = run(cafe, "api-keys", "add", "入口のレジ", "--store", "ekimae").output.strip()
    shown = {"Authorization": f"Bearer {token}"}
    client = cafe.test_client()
    assert client.get("/api/v1/members", headers=shown).status_code == 200
    listed = run(cafe, "api-keys", "list").output
    assert token[:12] in listed
    assert "works" in listed
    assert token not in listed
    assert "works no more" in run(cafe, "api-keys", "end", token[:12]).output
    assert "no such key" in run(cafe, "api-keys", "end", token[:12]).output
    assert client.get("/api/v1/members", headers=shown).status_code == 401


def test_the_last_day_of_a_key_is_listed(cafe: Flask) -> None:
    run(cafe, "api-keys", "add", "入口のレジ", "--days", "0")
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date().isoformat()
    assert f"works    until {today}  never used" in run(cafe, "api-keys", "list").output


def test_a_key_of_no_store_and_of_no_length_is_not_made(cafe: Flask) -> None:
    assert "no such store" in run(cafe, "api-keys", "add", "x", "--store", "moon").output
    assert "three years" in run(cafe, "api-keys", "add", "x", "--days", "9999").output


def test_a_key_has_the_scopes_that_are_named(cafe: Flask) -> None:
    token = run(cafe, "api-keys", "add", "x", "--scope", "visits").output.strip()
    shown = {"Authorization": f"Bearer {token}"}
    assert cafe.test_client().get("/api/v1/members", headers=shown).status_code == 403


def test_the_next_key_of_a_system_goes_on_with_what_it_did(cafe: Flask) -> None:
    def joins(token: str) -> object:
        shown = {"Authorization": f"Bearer {token}", "Idempotency-Key": "join"}
        body = {"name": "山田さくら", "agreed": True}
        answer = cafe.test_client().post("/api/v1/members", json=body, headers=shown)
        return answer.status_code, answer.json

    first = run(cafe, "api-keys", "add", "入口のレジ", "--store", "ekimae").output.strip()
    joined = joins(first)
    assert "works no more" in run(cafe, "api-keys", "end", first[:12]).output
    assert joins(first) != joined
    assert joins(run(cafe, "api-keys", "renew", f"{first[:12]}…").output.strip()) == joined
    assert joins(run(cafe, "api-keys", "add", "通販").output.strip()) != joined
    assert "no such key" in run(cafe, "api-keys", "renew", "kayoi_nobody").output
