"""What is wired at the top."""

import base64
import hmac
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from bot import metrics
from bot.settings import load_settings
from bot.store.engine.migrate import upgrade
from bot.store.messages import webhook_events
from handlers.commands.demo import hire_staff
from handlers.commands.serving import publish_first
from handlers.pages.staff.frame.tries import asker

SECRET = "applications-need-a-secret-key-of-some-length"
LINE = {
    "LINE_CHANNEL_SECRET": "secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "BASE_URL": "https://shop.example",
}


@pytest.mark.parametrize(("more", "front"), [({}, "/simulator"), (LINE, "/staff")])
def test_the_bare_address_leads_to_where_there_is_something(
    tmp_path: Path, more: dict[str, str], front: str
) -> None:
    database = f"sqlite:///{tmp_path / 'kayoi.sqlite3'}"
    settings = load_settings({"SECRET_KEY": SECRET, "DATABASE_URL": database, **more})
    app = create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.location) == (302, front)


@pytest.mark.parametrize(
    ("more", "status"), [({}, 200), (LINE, 401), ({**LINE, "METRICS_TOKEN": "shown"}, 200)]
)
def test_metrics_are_closed_but_in_the_simulator_and_to_who_shows_the_token(
    tmp_path: Path, more: dict[str, str], status: int
) -> None:
    database = f"sqlite:///{tmp_path / 'kayoi.sqlite3'}"
    upgrade(database)
    settings = load_settings({"SECRET_KEY": SECRET, "DATABASE_URL": database, **more})
    app = create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")
    headers = {"Authorization": "Bearer shown"}
    assert app.test_client().get("/metrics", headers=headers).status_code == status


def test_other_names_it_is_reached_by_are_listed_in_the_settings(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'kayoi.sqlite3'}"
    values = {"SECRET_KEY": SECRET, "DATABASE_URL": database, "ALLOWED_HOSTS": "a.example, .b.test"}
    app = create_app(load_settings(values), simulator_file=tmp_path / "simulator.sqlite3")
    for host, status in (("a.example", 302), ("x.b.test", 302), ("c.example", 400)):
        assert app.test_client().get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("proxies", "told", "counted"),
    [
        (0, "203.0.113.9", "127.0.0.1 for 203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9 for 203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7 for 203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1 for 203.0.113.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1::/48 for 2001:db8:1:2::/64"),
        (1, "whatever", "unknown for unknown"),
    ],
)
def test_who_asks_is_whom_our_own_proxies_saw(
    tmp_path: Path, proxies: int, told: str, counted: str
) -> None:
    database = f"sqlite:///{tmp_path / 'kayoi.sqlite3'}"
    values = {"SECRET_KEY": SECRET, "DATABASE_URL": database, "TRUSTED_PROXIES": str(proxies)}
    app = create_app(load_settings(values), simulator_file=tmp_path / "simulator.sqlite3")
    app.add_url_rule("/asker", view_func=asker)
    assert app.test_client().get("/asker", headers={"X-Forwarded-For": told}).text == counted


@pytest.mark.parametrize(
    ("base_url", "door"),
    [("http://127.0.0.1:8000", "/staff/join/"), ("http://shop.example", "/staff/")],
)
def test_the_simulator_leads_to_the_shops_side(tmp_path: Path, base_url: str, door: str) -> None:
    values = {
        "SECRET_KEY": SECRET, "BASE_URL": base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'kayoi.sqlite3'}",
    }  # fmt: skip
    upgrade(values["DATABASE_URL"])
    app = create_app(load_settings(values), simulator_file=tmp_path / "simulator.sqlite3")
    publish_first(app.extensions["kayoi"])
    hire_staff(app.extensions["kayoi"].club)
    browser = app.test_client()
    for name in ("counter", "owner"):
        assert f'data-shop="{name}"' in browser.get("/simulator/").text
    ours = {"Sec-Fetch-Site": "same-origin"}
    opened = {}
    for name in ("counter", "staff", "owner"):
        path = f"/simulator/page/shop/{name}"
        # Who may play the owner is who has the page, not a site that they look at.
        assert browser.post(path, json={}).status_code == 403
        opened[name] = browser.post(path, json={}, headers=ours).json["url"]  # type: ignore[index]
    assert opened["staff"].startswith(base_url + door)
    # Who plays the staff comes to the counter, whoever they are signed in as.
    assert opened["staff"].endswith("/staff/")
    assert browser.get(opened["staff"].removeprefix(base_url)).status_code in (200, 303)
    assert opened["owner"] == f"{base_url}/owner/"
    counter = browser.get(opened["counter"].removeprefix(base_url), follow_redirects=True)
    assert counter.status_code == 200
    assert browser.post("/simulator/page/shop/x", json={}, headers=ours).status_code == 404


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a club on LINE, reached over HTTPS."""
    values = {"SECRET_KEY": SECRET, "DATABASE_URL": database_url, **LINE}
    app = create_app(load_settings(values), simulator_file=tmp_path / "simulator.sqlite3")
    yield app.test_client()
    app.extensions["kayoi"].club.store.close()


def webhook(shop: FlaskClient, events: Sequence[object], **more: Any) -> TestResponse:
    """LINE posts events."""
    body = json.dumps({"events": events}).encode()
    digest = base64.b64encode(hmac.digest(b"secret", body, "sha256")).decode()
    headers = {"X-Line-Signature": digest, "Host": "shop.example", **more.pop("headers", {})}
    return shop.post("/callback", input_stream=io.BytesIO(body), headers=headers, **more)


def kept(shop: FlaskClient) -> int:
    with shop.application.extensions["kayoi"].club.store.read() as uow:
        return webhook_events.counts(uow).get("new", 0)


#: How servers hand over a body that came in pieces, of a length that nobody said.
PIECES = {"wsgi.input_terminated": True}


def test_what_holds_for_every_address_holds_for_the_webhook(shop: FlaskClient) -> None:
    before = answered()
    answer = webhook(
        shop, [{}], headers={"X-Request-Id": "given-by-a-proxy"}, environ_overrides=PIECES
    )
    assert answer.status_code == 200
    assert answer.headers["X-Request-Id"] == "given-by-a-proxy"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answered() == before + 1
    assert kept(shop) == 1


def test_an_event_for_another_name_is_refused(shop: FlaskClient) -> None:
    answer = webhook(shop, [{}], headers={"Host": "evil.example"}, environ_overrides=PIECES)
    assert (answer.status_code, kept(shop)) == (400, 0)
    assert "ALLOWED_HOSTS" in answer.text
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["X-Request-Id"]


def test_a_webhook_without_a_body_or_signature_is_refused(shop: FlaskClient) -> None:
    for headers in ({}, {"Content-Length": "x"}, {"Content-Length": ""}):
        answer = shop.post("/callback", headers={"Host": "shop.example", **headers})
        assert answer.status_code == 400


def test_who_opens_the_webhook_in_a_browser_is_told_kindly(shop: FlaskClient) -> None:
    headers = {"Host": "shop.example", "Accept": "text/html"}
    answer = shop.get("/callback", headers=headers)
    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert set(answer.allow or ()) == {"OPTIONS", "POST"}
    assert answer.headers["X-Request-Id"]


def answered() -> float:
    """How many webhooks were counted as answered 200."""
    series = 'http_request_seconds_count{endpoint="/callback",method="POST",status="200"}'
    found = re.search(rf"^{re.escape(series)} (\S+)$", metrics.metrics_text().decode(), re.M)
    return float(found[1]) if found else 0
