"""What is wired at the top."""

from pathlib import Path

import pytest

from app import create_app
from bot.settings import load_settings
from bot.store.engine.migrate import upgrade
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
