"""Webhooks by the API: added, turned on and off, and told again."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Any

import pytest

from bot.hooks.addresses import Reach, problem_there
from bot.store.hooks import endpoints
from handlers.actions.hooks import receivers
from handlers.api.resources import webhooks
from tests.handlers.api.conftest import Api, System, body_of

URL = "https://hooks.example.jp/kayoi"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What names lead to, without asking the world."""

    def there(address: str, reach: Reach) -> str | None:
        return problem_there(address, reach, ask=lambda _host, _port: ["8.8.8.8"])

    monkeypatch.setattr(webhooks, "problem_there", there)


def added(system: System, **more: Any) -> dict[str, Any]:
    answer = system.does("/webhooks", **{"name": "会計", "url": URL, "topics": ["visit"], **more})
    assert answer.status_code == 201, answer.text
    return body_of(answer)


def test_a_webhook_is_added_once_with_its_secret(api: Api) -> None:
    system = api.system()
    body: dict[str, Any] = {"name": "会計", "url": URL, "topics": ["visit", "member"]}
    first = system.does("/webhooks", key="one", **body)
    again = system.does("/webhooks", key="one", **body)

    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert body_of(first)["secret"].startswith("whsec_")
    assert system.asks(f"/webhooks/{body_of(first)['id']}").json == first.json
    listed = body_of(system.asks("/webhooks"))
    assert [each["id"] for each in listed["webhooks"]] == [body_of(first)["id"]]


def test_a_repeat_is_the_first_one_though_its_name_leads_nowhere_by_then(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = api.system()
    body: dict[str, Any] = {"name": "会計", "url": URL, "topics": ["visit"]}
    first = system.does("/webhooks", key="one", **body)
    monkeypatch.setattr(webhooks, "problem_there", lambda _address, _reach: "hook_url_unknown")

    assert system.does("/webhooks", key="one", **body).json == first.json
    new = system.does("/webhooks", key="two", **body)
    assert (new.status_code, body_of(new)["code"]) == (409, "hook_url_unknown")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "https://192.168.1.1/"}, 409, "hook_url_inside"),
        ({"url": "http://hooks.example.jp/"}, 409, "hook_url_https"),
        ({"store": "nowhere"}, 409, "store_unknown"),
        ({"topics": ["weather"]}, 422, "invalid"),
        ({"topics": []}, 422, "invalid"),
    ],
)
def test_what_is_no_webhook_is_a_problem(
    api: Api, body: dict[str, Any], status: int, code: str
) -> None:
    asked = {"name": "会計", "url": URL, "topics": ["visit"], **body}
    answer = api.system().does("/webhooks", **asked)

    assert answer.status_code == status
    assert body_of(answer)["code"] == code


def test_a_test_is_listed_and_sent_again_while_it_is_on(api: Api) -> None:
    system = api.system()
    path = f"/webhooks/{added(system)['id']}"
    assert system.does(f"{path}/steps", step="test").status_code == 200
    listed = body_of(system.asks(f"{path}/deliveries"))
    (delivery,) = listed["deliveries"]
    assert (delivery["type"], delivery["status"]) == ("test.sent", "queued")
    again = f"{path}/deliveries/{delivery['event_id']}/again"
    assert (
        system.client.post(
            f"/api/v1{again}", headers=system.headers(**{"Idempotency-Key": "again"})
        ).status_code
        == 200
    )
    off = body_of(system.does(f"{path}/steps", step="off"))
    assert off["off_reason"] == "owner"
    refused = system.client.post(
        f"/api/v1{again}", headers=system.headers(**{"Idempotency-Key": "later"})
    )
    assert refused.status_code == 409


def test_a_webhook_is_taken_away_and_that_may_be_repeated(api: Api) -> None:
    system = api.system()
    path = f"/api/v1/webhooks/{added(system)['id']}"
    for _ in range(2):
        gone = system.client.delete(path, headers=system.headers(**{"Idempotency-Key": "gone"}))
        assert gone.status_code == 200
    assert system.client.get(path, headers=system.headers()).status_code == 404
    nobody = system.client.delete(
        "/api/v1/webhooks/999", headers=system.headers(**{"Idempotency-Key": "other"})
    )
    assert nobody.status_code == 404


def test_a_key_of_one_store_has_that_stores_alone(api: Api) -> None:
    everywhere, here = api.system(), api.system(store="kawabe")
    of_all = added(everywhere)
    mine = added(here)

    assert mine["store"] == added(here, store="kawabe")["store"] == "kawabe"
    elsewhere = here.does("/webhooks", name="会計", url=URL, topics=["visit"], store="ekimae")
    assert elsewhere.status_code == 403
    assert body_of(elsewhere)["code"] == "other_store"
    assert here.asks(f"/webhooks/{of_all['id']}").status_code == 404
    listed = body_of(here.asks("/webhooks"))
    assert {each["store"] for each in listed["webhooks"]} == {"kawabe"}
    assert mine["made_at"].endswith("+09:00")


def test_a_key_without_the_scope_is_not_let_in(api: Api) -> None:
    assert api.system("members:read").asks("/webhooks").status_code == 403


def test_of_two_at_once_one_gets_the_last_place(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = api.system(), api.system()
    added(first)
    monkeypatch.setattr(receivers, "RECEIVERS_MAX", 2)
    within, may_end, add = Event(), Event(), endpoints.add

    def waits(*asked: Any, **more: Any) -> int:
        made = add(*asked, **more)
        if not within.is_set():
            within.set()
            assert may_end.wait(20)
        return made

    monkeypatch.setattr(endpoints, "add", waits)
    body: dict[str, Any] = {"name": "通販", "url": URL, "topics": ["visit"]}
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first.does, "/webhooks", **body)
        assert within.wait(20)
        other = pool.submit(second.does, "/webhooks", **body)
        # It waits for the first, or would be through by now.
        wait([other], timeout=0.5)
        may_end.set()
        assert one.result().status_code == 201
        no = other.result()
    assert (no.status_code, no.json and no.json["code"]) == (409, "hook_many")
