"""Who may change whom, and what a page shows of it."""

import re

import pytest

from bot.store.members.link_codes import LinkCode
from bot.store.staff.staff import Role
from handlers.actions.members.link import look_up
from rules.base import Refusal
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks
from tests.handlers.pages.staff.members.test_members import somebody


def _invites(browser: Browser, **fields: str) -> tuple[int, str]:
    browser.get("/staff/team")
    form = {"login": "new", "name": "新人さん", "role": "staff", "store": "ekimae"} | fields
    answer = browser.post("/staff/team", **form)
    return answer.status_code, answer.text


def test_a_manager_invites_a_colleague_who_chooses_a_password(desks: Desks) -> None:
    manager = desks.signed_in("boss", "manager")
    status, page = _invites(manager)
    assert status == 200
    assert "<svg" in page
    [path] = re.findall(r"https://club\.example\.jp(/staff/join/[^\"<]+)", page)[:1]
    new = desks.browser()
    new.get(path)
    assert new.post(path, password=PASSWORD, again=PASSWORD).status_code == 303
    assert desks.person("new").store == "ekimae"
    assert "新人さん" in manager.get("/staff/team").text
    actions = [line.action for line in desks.logged()]
    assert actions == ["sign_in", "staff_add", "staff_invite", "password_set", "sign_in"]


def test_a_manager_makes_no_owners_and_nobody_at_another_store(desks: Desks) -> None:
    manager = desks.signed_in("boss", "manager")
    no = say("ja", "refusal.not_allowed.why")
    for fields in ({"role": "owner"}, {"store": "kawabe"}):
        status, page = _invites(manager, **fields)
        assert (status, no in page) == (422, True)
    assert 'value="owner"' not in manager.get("/staff/team").text
    # Every store is more than their own: they get a colleague at theirs.
    assert _invites(manager, store="")[0] == 200
    assert desks.person("new").store == "ekimae"


@pytest.mark.parametrize(
    ("role", "store"), [("owner", None), ("owner", "ekimae"), ("staff", "kawabe"), ("staff", None)]
)
def test_a_manager_cannot_touch_owners_or_people_elsewhere(
    desks: Desks, role: Role, store: str | None
) -> None:
    other = desks.hires("other", role, store)
    manager = desks.signed_in("boss", "manager")
    assert "Other" not in manager.get("/staff/team").text
    assert manager.get(f"/staff/team/{other.id}").status_code == 404
    for what in ("place", "pin", "invite", "sessions", "disable"):
        answer = manager.post(
            f"/staff/team/{other.id}/{what}", name="x", role="staff", store="ekimae", pin="4821"
        )
        assert answer.status_code == 404
    assert desks.person("other") == other


def test_a_manager_raises_nobody_to_owner(desks: Desks) -> None:
    hana = desks.hires("hana")
    manager = desks.signed_in("boss", "manager")
    path = f"/staff/team/{hana.id}"
    manager.get(path)
    answer = manager.post(f"{path}/place", name="Hana", role="owner", store="ekimae")
    assert answer.status_code == 422
    assert manager.post(f"{path}/place", name="Hana", role="manager", store="ekimae").location
    assert desks.person("hana").role == "manager"


def test_staff_see_no_page_of_managers(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    for path in ("/staff/team", "/staff/team/1", "/staff/devices", "/staff/log"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert say("ja", "refusal.not_allowed.why") in answer.text
    browser.get("/staff/account")
    assert browser.post("/staff/team", login="x", name="x").status_code == 403
    assert browser.post("/staff/devices", name="x", store="ekimae").status_code == 403


def test_disabling_ends_a_session_and_enabling_lets_in_again(desks: Desks) -> None:
    hana = desks.signed_in("hana")
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('hana').id}"
    boss.get(path)
    assert boss.post(f"{path}/disable").status_code == 303
    assert hana.get("/staff/").status_code == 303
    assert hana.logs_in("hana").status_code == 401
    boss.post(f"{path}/enable")
    assert hana.logs_in("hana").status_code == 303


def test_signing_somebody_out_everywhere_leaves_their_account(desks: Desks) -> None:
    hana = desks.signed_in("hana")
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('hana').id}"
    boss.get(path)
    boss.post(f"{path}/sessions")
    assert hana.get("/staff/").status_code == 303
    assert hana.logs_in("hana").status_code == 303


def test_nobody_disables_themselves_or_steps_down(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('boss').id}"
    boss.get(path)
    yourself = say("ja", "refusal.yourself.why")
    assert yourself in boss.post(f"{path}/disable").text
    assert yourself in boss.post(f"{path}/place", name="B", role="staff", store="ekimae").text
    assert boss.get("/staff/team").status_code == 200


def test_an_open_page_is_not_enough_to_set_ones_own_password_or_pin(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('boss').id}"
    boss.get(path)
    for what in ("invite", "pin"):
        answer = boss.post(f"{path}/{what}", pin="4821")
        assert answer.status_code == 422
        assert say("ja", "refusal.own_account.then") in answer.text
    assert desks.person("boss").pin_hash is None


def test_a_login_is_taken_once_however_it_is_written(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    assert _invites(boss, login="Ｙｕｉ")[0] == 200
    status, page = _invites(boss, login="yui")
    assert (status, say("ja", "refusal.login_taken.why") in page) == (422, True)
    for login in ("", "x", "with space", "ゆい", "a" * 61):
        assert _invites(boss, login=login)[0] == 422


def test_names_are_shown_as_text(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    _invites(boss, name="<script>alert(1)</script>")
    for path in ("/staff/team", "/staff/log"):
        assert "<script>alert" not in boss.get(path).text


def test_who_works_everywhere_chooses_a_store_and_others_cannot(desks: Desks) -> None:
    boss = desks.signed_in("boss", "owner", None)
    assert boss.get("/staff/api/session").get_json()["store"] == "ekimae"
    boss.get("/staff/more")
    boss.post("/staff/store", store="kawabe")
    assert boss.get("/staff/api/session").get_json()["store"] == "kawabe"
    boss.post("/staff/store", store="nowhere")
    assert boss.get("/staff/api/session").get_json()["store"] == "kawabe"
    hana = desks.signed_in("hana")
    hana.get("/staff/more")
    hana.post("/staff/store", store="kawabe")
    assert hana.get("/staff/api/session").get_json()["store"] == "ekimae"


def test_a_manager_invites_devices_to_their_own_store_alone(desks: Desks) -> None:
    far = desks.device("kawabe", name="川辺のタブレット")
    manager = desks.signed_in("hana", "manager")
    page = manager.get("/staff/devices").text
    assert "川辺のタブレット" not in page
    assert manager.post("/staff/devices", name="x", store="kawabe").status_code == 422
    assert manager.post("/staff/devices/1/revoke").status_code == 422
    assert far.get("/staff/tap").status_code == 200
    assert manager.post("/staff/devices", name="レジ", store="ekimae").status_code == 200


def test_what_somebody_gave_out_ends_with_them(desks: Desks) -> None:
    tencho = desks.signed_in("tencho", "manager")
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('tencho').id}"

    def gives(what: str, **fields: str) -> str:
        tencho.get("/staff/team")
        page = tencho.post(what, **fields).text
        return str(re.search(r"/staff/join/[^\"<]+", page)[0])  # type: ignore[index]

    till = desks.browser()
    till.get(link := gives("/staff/devices", name="店長のタブレット", store="ekimae"))
    till.post(link)
    assert till.get("/staff/tap").status_code == 200
    waiting = [
        gives("/staff/devices", name="家のPC", store="ekimae"),
        gives("/staff/team", login="friend", name="友だち", role="staff", store="ekimae"),
    ]
    assert "店長のタブレット" in boss.get(path).text
    boss.post(f"{path}/place", name="T", role="staff", store="ekimae")
    assert [desks.browser().get(link).status_code for link in waiting] == [404, 404]
    boss.post(f"{path}/place", name="T", role="manager", store="ekimae")
    assert [desks.browser().get(link).status_code for link in waiting] == [200, 200]
    boss.post(f"{path}/disable")
    boss.post(f"{path}/enable")
    assert [desks.browser().get(link).status_code for link in waiting] == [404, 404]
    assert till.get("/staff/tap").status_code == 303
    did = [line.action for line in desks.logged()]
    assert did[-3:] == ["device_revoke", "staff_disable", "staff_enable"]


def test_a_code_for_a_card_ends_with_who_gave_it(desks: Desks) -> None:
    number = somebody(desks, name="花子")
    tencho, boss = desks.signed_in("tencho", "manager"), desks.signed_in("boss", "owner", None)
    given: dict[str, str] = {}
    for who, browser in (("tencho", tencho), ("boss", boss)):
        browser.get(f"/staff/members/{number}")
        page = browser.post(f"/staff/members/{number}/code", key=f"key {who}", printed="1").text
        code = re.findall(r"[2-9B-Z]{3}-[2-9B-Z]{3}-[2-9B-Z]{3}", page)[0]
        with desks.club.reading() as work:
            assert isinstance(look_up(work, code), LinkCode)
        given[who] = code
    path = f"/staff/team/{desks.person('tencho').id}"
    boss.get(path)
    boss.post(f"{path}/disable")
    with desks.club.reading() as work:
        found = {who: look_up(work, code) for who, code in given.items()}
    assert found["tencho"] == Refusal("link_expired")
    assert isinstance(found["boss"], LinkCode)
