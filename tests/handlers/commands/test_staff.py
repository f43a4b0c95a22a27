"""`flask --app app staff …`, and the way into the demo club."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from bot.settings import load_settings
from bot.store.staff import audit, recovery_codes, staff
from handlers.commands.demo import hire_staff
from handlers.commands.installation import Installation
from handlers.commands.serving import owners_link
from tests.conftest import FreshDatabase

SECRET = "commands-need-a-secret-key-of-some-length"


@pytest.fixture
def cafe(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Iterator[Flask]:
    with fresh_sqlite() as database:
        yield _cafe(database, tmp_path)


def _cafe(database: str, tmp_path: Path) -> Flask:
    settings = load_settings({"SECRET_KEY": SECRET, "DATABASE_URL": database})
    app = create_app(settings, simulator_file=tmp_path / "simulator.sqlite3")
    assert _run(app, "migrate").exit_code == 0
    return app


def _run(app: Flask, *words: str, types: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=types)


def _add(app: Flask, *words: str, types: str | None = None) -> Result:
    return _run(app, "staff", "add", *words, types=types)


def _installation(app: Flask) -> Installation:
    found: Installation = app.extensions["kayoi"]
    return found


def test_the_first_owner_is_made_with_a_password_that_is_not_shown(cafe: Flask) -> None:
    assert "Nobody yet" in _run(cafe, "staff", "list").output
    password = "yuki no hi no asa"
    typed = f"{password}\n{password}\n"
    added = _add(cafe, "haruka", "--name", "森はるか", "--role", "owner", types=typed)
    assert added.exit_code == 0, added.output
    assert password not in added.output
    listed = _run(cafe, "staff", "list").output
    assert re.search(r"haruka +owner +all stores +森はるか$", listed, re.MULTILINE)
    browser = cafe.test_client()
    page = browser.get("/staff/login").text
    [csrf] = re.findall(r'name="csrf_token" value="([^"]+)"', page)[:1]
    form = {"csrf_token": csrf, "login": "haruka", "password": password}
    assert browser.post("/staff/login", data=form).status_code == 303
    assert browser.get("/staff/team").status_code == 200


def test_a_weak_password_adds_nobody(cafe: Flask) -> None:
    result = _add(cafe, "haruka", "--name", "森", "--role", "owner", types="short\nshort\n")
    assert result.exit_code == 1
    assert "10 characters" in result.output
    assert "Nobody yet" in _run(cafe, "staff", "list").output


def test_an_invitation_is_printed_instead_of_asking(cafe: Flask) -> None:
    result = _add(cafe, "ken", "--name", "けん", "--store", "kawabe", "--invite")
    assert result.exit_code == 0
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/staff/join/\S+)", result.output)
    assert "けん" in cafe.test_client().get(path).text
    again = _run(cafe, "staff", "invite", "Ken")
    assert cafe.test_client().get(path).status_code == 404
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/staff/join/\S+)", again.output)
    assert cafe.test_client().get(path).status_code == 200
    assert "no password yet" in _run(cafe, "staff", "list").output


def test_a_store_must_be_one_there_is(cafe: Flask) -> None:
    result = _add(cafe, "ken", "--name", "けん", "--invite")
    assert "--store: ekimae, kawabe, all" in result.output
    result = _add(cafe, "ken", "--name", "けん", "--store", "moon", "--invite")
    assert result.exit_code == 1


def test_disabling_keeps_the_last_owner(cafe: Flask) -> None:
    _add(cafe, "ken", "--name", "けん", "--store", "all", "--invite")
    _add(cafe, "haruka", "--name", "森", "--role", "owner", "--invite")
    assert _run(cafe, "staff", "disable", "ken").exit_code == 0
    assert "disabled" in _run(cafe, "staff", "list").output
    last = _run(cafe, "staff", "disable", "haruka")
    assert (last.exit_code, "at least one owner" in last.output) == (1, True)
    assert "nobody with this login" in _run(cafe, "staff", "disable", "who").output


def test_the_demo_clubs_owner_gets_in_by_a_link_that_works_once(cafe: Flask) -> None:
    club = _installation(cafe).club
    assert owners_link(club) is None
    hire_staff(club)
    with club.store.read() as uow:
        people = staff.everybody(uow)
    assert sorted(p.role for p in people) == ["owner", "staff", "staff"]
    assert {p.password_hash for p in people} == {None}
    link = owners_link(club)
    assert link is not None
    path = link.removeprefix(club.base_url)
    browser = cafe.test_client()
    [csrf] = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)[:1]
    assert browser.post(path, data={"csrf_token": csrf}).status_code == 303
    assert browser.get("/staff/team").status_code == 200
    assert cafe.test_client().get(path).status_code == 404


def test_two_steps_are_reset_by_command(cafe: Flask) -> None:
    _add(cafe, "haruka", "--name", "森はるか", "--role", "owner", "--invite")
    club = _installation(cafe).club
    assert "doesn't use two-step" in _run(cafe, "staff", "reset-two-steps", "haruka").output
    with club.work() as work:
        person = staff.by_login(work.uow, "haruka")
        assert person is not None
        staff.change(work.uow, person.id, totp=work.codes.seal("app", "S"))
        recovery_codes.put(work.uow, person.id, ["0" * 64])
    assert re.search("haruka .*two steps", _run(cafe, "staff", "list").output)
    assert _run(cafe, "staff", "reset-two-steps", "Haruka").exit_code == 0
    with club.store.read() as uow:
        person = staff.by_login(uow, "haruka")
        assert person is not None
        assert (person.has_two_steps, recovery_codes.left(uow, person.id)) == (False, 0)
        assert audit.last_details(uow, "two_steps_off") == {"person": person.id}
