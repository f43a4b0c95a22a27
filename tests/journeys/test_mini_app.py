"""The card inside LINE: who opened it LINE says, through the simulator's own words."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.simulator.login_api import CHANNEL_ID, id_token
from handlers.pages.card import mini_app
from rules.wording.texts import say
from tests.journeys.town import Customer, Town, town

_OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def cafe(sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("mini_app")
    (folder / "kayoi.sqlite3").write_bytes(sqlite_template)
    with town(f"sqlite:///{folder}/kayoi.sqlite3", folder) as running:
        running.opens()
        yield running


@pytest.fixture(autouse=True)
def nobody_tried_before(cafe: Town) -> None:
    del cafe
    mini_app._limiter.reset()


@pytest.fixture
def phone(cafe: Town) -> FlaskClient:
    """A browser that nobody used before."""
    found: FlaskClient = cafe.http.application.test_client()
    return found


def joined(cafe: Town) -> Customer:
    customer = cafe.newcomer()
    customer.follows()
    return customer


def token(cafe: Town, customer: Customer, *, at: float | None = None) -> str:
    return id_token(cafe.simulator._platform, customer.user_id, at=at)


def sends(phone: FlaskClient, said: Any, headers: dict[str, str] | None = None) -> Any:
    return phone.post("/card/session", json=said, headers=_OURS if headers is None else headers)


def csrf(phone: FlaskClient) -> dict[str, str]:
    [found] = re.findall(r'name="csrf_token" value="([^"]+)"', phone.get("/card").text)[:1]
    return {"X-CSRFToken": found}


def test_line_says_who_it_is_and_a_session_of_our_own_follows(
    cafe: Town, phone: FlaskClient
) -> None:
    customer, other = joined(cafe), joined(cafe)
    entering = phone.get("/card")
    assert entering.status_code == 401
    assert "enter.js" in entering.text
    # Nothing that the page says of who it is counts beside the token.
    said = {"id_token": token(cafe, customer), "user_id": other.user_id, "sub": other.user_id}
    answer = sends(phone, said)
    assert (answer.status_code, answer.get_json()) == (200, {"url": "/card"})
    assert phone.get("/card").text.count(customer.member.number[-4:])
    assert other.member.number[-4:] not in phone.get("/card/state").text


def test_what_line_does_not_vouch_for_opens_nothing(cafe: Town, phone: FlaskClient) -> None:
    customer = joined(cafe)
    good, old = token(cafe, customer), token(cafe, customer, at=time.time() - 3700)
    head, body, signature = good.split(".")
    for bad in ("", "x.y.z", f"{head}.{body}.{signature[::-1]}", old, 7):
        answer = sends(phone, {"id_token": bad})
        assert (answer.status_code, answer.get_json()) == (401, {"error": "id_token"})
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert sends(phone, {"id_token": good}, headers).status_code == 404
    assert phone.get("/card").status_code == 401


def test_the_simulator_vouches_for_its_own_channel_alone(cafe: Town, phone: FlaskClient) -> None:
    good = token(cafe, joined(cafe))
    for channel, status in ((CHANNEL_ID, 200), ("1234567890", 400), ("", 400)):
        asked = {"id_token": good, "client_id": channel}
        answer = phone.post("/simulator/api/oauth2/v2.1/verify", data=asked)
        assert answer.status_code == status


def test_who_has_no_card_yet_is_told_how_to_get_one(cafe: Town, phone: FlaskClient) -> None:
    answer = sends(phone, {"id_token": token(cafe, cafe.newcomer())})
    assert (answer.status_code, answer.get_json()) == (404, {"error": "no_card"})
    page = phone.get("/card").text
    for lang in ("ja", "en"):
        assert say(lang, "refusal.card_none.then") in page


def test_whoever_tries_too_often_waits(cafe: Town, phone: FlaskClient) -> None:
    answers = [sends(phone, {"id_token": "x.y.z"}).status_code for _ in range(31)]
    assert answers == [401] * 30 + [429]


def test_who_says_to_come_from_everywhere_waits_too(cafe: Town, phone: FlaskClient) -> None:
    answers = [
        sends(
            phone, {"id_token": ""}, _OURS | {"X-Forwarded-For": f"198.51.{n // 30}.7"}
        ).status_code
        for n in range(301)
    ]
    assert answers == [401] * 300 + [429]


def test_the_counters_qr_checks_in_with_one_tap_and_the_page_says_what_came(
    cafe: Town, phone: FlaskClient
) -> None:
    customer = joined(cafe)
    sends(phone, {"id_token": token(cafe, customer)})
    mark = re.findall(r'data-mark="([^"]+)"', phone.get("/card").text)[0]
    scanned = {"code": cafe.counter_link()}
    assert phone.post("/card/check-in", json=scanned).status_code == 400
    for _ in range(2):
        answer = phone.post("/card/check-in", json=scanned, headers=csrf(phone))
        assert answer.get_json() == {"done": True}
    assert customer.member.facts.visits == 1
    moment = phone.get("/card/state", query_string={"mark": mark}).get_json()["moment"]
    assert moment["points"].startswith("+")
    for code in ("", "https://example.com/?hello", "AAAA-AAAA"):
        no = phone.post("/card/check-in", json={"code": code}, headers=csrf(phone))
        assert no.status_code == 422
        assert say("ja", "refusal.counter_unknown.why") in no.get_json()["said"]


def test_the_invitation_is_the_chats_with_the_members_own_code(
    cafe: Town, phone: FlaskClient
) -> None:
    customer = joined(cafe)
    sends(phone, {"id_token": token(cafe, customer)})
    [message] = phone.get("/card/invitation").get_json()["messages"]
    assert message["text"] in str(customer.writes("紹介").text)


def test_the_chats_button_opens_the_mini_app(cafe: Town) -> None:
    customer = joined(cafe)
    assert "/simulator/mini-app/" in str(customer.writes("カード").messages)
