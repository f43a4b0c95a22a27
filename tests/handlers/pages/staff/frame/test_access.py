"""Every address below /staff, whoever asks: who may come in, and what must be brought along."""

import re
from typing import get_args

import pytest
from werkzeug.routing import Rule

from bot.store.staff.staff import Role
from tests.handlers.pages.staff.conftest import Desks


def rules(desks: Desks, method: str) -> list[Rule]:
    found = [
        rule
        for rule in desks.app.url_map.iter_rules()
        if rule.endpoint.startswith("staff.") and method in (rule.methods or ())
    ]
    assert len(found) > 20
    return found


def path(rule: Rule) -> str:
    """An address of the rule, of something that isn't there."""
    some = {"any(pdf, png)": "png", "any(ja, en)": "ja", "int": "7"}

    def part(found: re.Match[str]) -> str:
        kind, _, _ = found[1].rpartition(":")
        return some.get(kind, "0000000000")

    return re.sub(r"<([^>]*)>", part, str(rule))


@pytest.mark.parametrize("role", get_args(Role))
def test_no_form_is_taken_without_the_pages_token(desks: Desks, role: Role) -> None:
    browser = desks.signed_in("hana", role, None)
    for rule in rules(desks, "POST"):
        for fields in ({}, {"csrf_token": "x"}, {"csrf_token": browser.csrf[:-3] + "AAA"}):
            answer = browser.client.post(path(rule), data=fields)
            assert answer.status_code == 400, rule
            assert "csrf" in answer.text or "有効期限" in answer.text, rule


def test_a_token_of_another_browser_is_no_good(desks: Desks) -> None:
    browser, other = desks.signed_in("hana"), desks.signed_in("taro")
    browser.csrf = other.csrf
    for rule in rules(desks, "POST"):
        assert browser.post(path(rule)).status_code == 400, rule


def test_no_page_about_anybody_is_kept(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    for rule in rules(desks, "GET"):
        if rule.endpoint in {"staff.static", "staff.file", "staff.icon", "staff.colours"}:
            continue
        answer = boss.client.get(path(rule))
        assert answer.headers["Cache-Control"] == "no-store", rule
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], rule


@pytest.mark.parametrize("away", ["revoked", "disabled", "moved"])
def test_a_session_ends_with_what_it_stood_on(desks: Desks, away: str) -> None:
    device = desks.device()
    hana = desks.hires("hana")
    device.get("/staff/tap")
    device.post("/staff/tap", staff=str(hana.id))
    assert device.get("/staff/members").status_code == 200
    boss = desks.browser()
    boss.logs_in("boss")
    match away:
        case "revoked":
            done = boss.post("/staff/devices/1/revoke")
        case "disabled":
            done = boss.post(f"/staff/team/{hana.id}/disable")
        case _:
            place = {"name": "Hana", "role": "staff", "store": "kawabe"}
            done = boss.post(f"/staff/team/{hana.id}/place", **place)
    assert done.status_code == 303
    assert device.get("/staff/members").status_code == 303
    assert device.client.get("/staff/api/session").status_code == 401


def test_a_manager_of_one_store_moves_nobody_elsewhere_and_no_owner(desks: Desks) -> None:
    boss = desks.hires("boss", "owner", None)
    own, other = desks.hires("hana"), desks.hires("taro", store="kawabe")
    tencho = desks.signed_in("tencho", "manager")
    for person in (boss, other):
        for what in ("place", "pin", "sessions", "disable", "enable", "invite"):
            fields = {"name": "X", "role": "staff", "store": "ekimae", "pin": "4821"}
            answer = tencho.post(f"/staff/team/{person.id}/{what}", **fields)
            assert answer.status_code == 404, (person.login, what)
        assert tencho.get(f"/staff/team/{person.id}").status_code == 404
        assert desks.person(person.login) == person
    for place in (
        {"role": "owner", "store": "ekimae"},
        {"role": "staff", "store": "kawabe"},
        {"role": "manager", "store": "kawabe"},
    ):
        answer = tencho.post(f"/staff/team/{own.id}/place", name="Hana", **place)
        assert answer.status_code == 422, place
        me = desks.person("tencho").id
        assert tencho.post(f"/staff/team/{me}/place", name="T", **place).status_code == 422, place
    assert desks.person("hana") == own
    assert desks.person("tencho").role == "manager"


@pytest.mark.parametrize("away", ["disabled", "moved", "revoked"])
def test_the_counters_qr_is_not_taken_home(desks: Desks, away: str) -> None:
    hana = desks.hires("hana")
    browser = desks.device() if away == "revoked" else desks.browser()
    browser.logs_in("hana")
    link = browser.get("/staff/qr").location
    # Its address alone shows nothing; where it was opened, nobody needs to stay signed in.
    home = desks.app.test_client()
    assert home.get(link).status_code == home.get(link + "code").status_code == 404
    browser.post("/staff/logout")
    assert [browser.client.get(link + part).status_code for part in ("", "code")] == [200, 200]
    boss = desks.browser()
    if away != "revoked":
        desks.hires("boss", "owner", None)
    boss.logs_in("boss")
    match away:
        case "disabled":
            boss.post(f"/staff/team/{hana.id}/disable")
        case "moved":
            place = {"name": "Hana", "role": "staff", "store": "kawabe"}
            boss.post(f"/staff/team/{hana.id}/place", **place)
        case _:
            boss.post("/staff/devices/1/revoke")
    for part in ("", "code"):
        assert browser.client.get(link + part).status_code == 404, part
