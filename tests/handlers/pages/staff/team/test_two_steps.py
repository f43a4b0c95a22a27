"""Signing in in two steps, as whoever knows the password alone meets it, and whoever owns it."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pyotp
import pytest

from bot.codes import Codes
from bot.store.staff import staff
from handlers.actions.staff.inviting import invite_person, invite_to_sign_in
from handlers.actions.staff.signing import FREE_TRIES
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks

NEW = "kumo no nai hi"
CODE_PAGE = "/staff/login/code?next=/staff/"
#: Whom a link lets in goes on to the console, if it is an owner.
OWNERS_CODE_PAGE = "/staff/login/code?next=/owner/"


@dataclass
class App:
    """An authenticator app, on a telephone whose clock is the wall's."""

    desks: Desks
    secret: str

    def code(self, *, ago: int = 0) -> str:
        at = self.desks.wall.now() - timedelta(seconds=ago)
        return pyotp.TOTP(self.secret).at(int(at.timestamp()))


def enrols(desks: Desks, browser: Browser) -> tuple[App, list[str]]:
    """Sets up two steps for whoever is signed in; gives their app and recovery codes."""
    page = _offered(browser)
    app = App(desks, re.findall(r"[?;]secret=([A-Z2-7]{32})", page)[0])
    sealed = re.findall(r'name="sealed" value="([\w-]+)"', page)[0]
    answer = browser.post("/staff/account/two-steps/on", sealed=sealed, code=app.code())
    codes = re.findall(r"<li>((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})</li>", answer.text)
    # What was used to set it up is used up.
    desks.wall.ahead += timedelta(seconds=30)
    return app, codes


def _offered(browser: Browser, password: str = PASSWORD) -> str:
    browser.get("/staff/account/two-steps")
    return browser.post("/staff/account/two-steps/app", current=password).text


def _gives_code(browser: Browser, code: str) -> int:
    browser.get(CODE_PAGE)
    status = browser.post("/staff/login/code", code=code, next="/staff/").status_code
    browser.get("/staff/")
    return status


def _is_in(browser: Browser) -> bool:
    return browser.client.get("/staff/account").status_code == 200


def test_setting_up_two_steps_wants_the_password_and_a_code(desks: Desks) -> None:
    boss, elsewhere = desks.signed_in("boss", "owner", None), desks.browser()
    elsewhere.logs_in("boss")
    assert say("ja", "staff.sign_in.two_steps.advice") in boss.get("/staff/account").text
    assert say("ja", "refusal.password_wrong.why") in _offered(boss, "no")
    page = _offered(boss)
    assert "otpauth://totp/" in page
    [sealed] = re.findall(r'name="sealed" value="([\w-]+)"', page)
    wrong = boss.post("/staff/account/two-steps/on", sealed=sealed, code="000000")
    assert (wrong.status_code, sealed in wrong.text) == (422, True)
    # Nobody else's secret, nor one made up, is put on anybody.
    hana = desks.signed_in("hana")
    for strange in (sealed, "00" * 48, "x"):
        no = hana.post("/staff/account/two-steps/on", sealed=strange, code="000000")
        assert say("ja", "refusal.form_unreadable.why") in no.text
    assert not desks.person("boss").has_two_steps
    app, codes = enrols(desks, boss)
    assert len(set(codes)) == 10
    assert codes[0] not in boss.get("/staff/account/two-steps").text
    assert (_is_in(boss), _is_in(elsewhere)) == (True, False)
    with desks.club.store.read() as uow:
        dump = str(uow.connection.exec_driver_sql("SELECT * FROM staff").all())
        dump += str(uow.connection.exec_driver_sql("SELECT * FROM recovery_codes").all())
    assert app.secret not in dump
    assert not any(code in dump or code.replace("-", "") in dump for code in codes)
    assert [line.action for line in desks.logged()][-2:] == ["two_steps_on", "recovery_codes"]


def test_the_password_alone_opens_no_page_whatever_address_is_typed(desks: Desks) -> None:
    app, _ = enrols(desks, desks.signed_in("boss", "owner", None))
    thief = desks.browser()
    thief.get("/staff/login")
    answer = thief.post("/staff/login", login="boss", password=PASSWORD, next="/staff/team")
    assert answer.location == "/staff/login/code?next=/staff/team"
    half = thief.client.get_cookie("__Host-kayoi_staff")
    thief.get(CODE_PAGE)
    for path in ("/staff/", "/staff/team", "/staff/account", "/staff/account/two-steps"):
        assert thief.client.get(path).location.startswith("/staff/login"), path
    assert thief.client.get("/staff/api/session").status_code == 401
    for path in ("team", "account/two-steps/off", "account/two-steps/app", "account/password"):
        answer = thief.post(f"/staff/{path}", current=PASSWORD)
        assert answer.location.startswith("/staff/login"), path
    thief.csrf = "forged"
    assert thief.post("/staff/login/code", code=app.code()).status_code == 400
    assert half is not None
    assert _gives_code(thief, app.code()) == 303
    assert _is_in(thief)
    # What the cookie was before the code is good for nothing after it.
    copy = desks.browser()
    copy.client.set_cookie("__Host-kayoi_staff", half.value)
    assert (_is_in(copy), copy.get(CODE_PAGE).status_code) == (False, 303)
    assert desks.logged()[-1].details["how"] == "code"


def test_a_code_works_once_and_not_for_long(desks: Desks) -> None:
    app, codes = enrols(desks, desks.signed_in("boss", "owner", None))
    used, browser = app.code(), desks.browser()
    browser.logs_in("boss")
    for stale in (app.code(ago=60), app.code(ago=-90)):
        assert _gives_code(browser, stale) == 401
    wide = used.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert _gives_code(browser, f" {wide[:3]} {wide[3:]}") == 303
    again = desks.browser()
    again.logs_in("boss")
    assert _gives_code(again, used) == 401
    assert _gives_code(again, codes[3].lower().replace("-", "")) == 303
    last = desks.browser()
    last.logs_in("boss")
    assert _gives_code(last, codes[3]) == 401
    page = again.get("/staff/account/two-steps").text
    assert say("ja", "staff.sign_in.two_steps.left", count=9) in page
    desks.wall.ahead += timedelta(minutes=5)
    assert last.get(CODE_PAGE).location.startswith("/staff/login")


def test_codes_are_guessed_no_faster_than_passwords(desks: Desks) -> None:
    app, _ = enrols(desks, desks.signed_in("boss", "owner", None))
    thief = desks.browser()
    thief.logs_in("boss")
    # The password that was right counts as a try too until the code is.
    for _ in range(FREE_TRIES):
        assert _gives_code(thief, "123456") == 401
    assert _gives_code(thief, app.code()) == 401
    desks.wall.ahead += timedelta(seconds=31)
    assert _gives_code(thief, app.code()) == 303


@pytest.mark.parametrize("way", ["invitation", "link"])
def test_no_link_leads_round_the_second_step(desks: Desks, way: str) -> None:
    app, _ = enrols(desks, desks.signed_in("boss", "owner", None))
    with desks.club.work() as work:
        boss = desks.person("boss")
        made = invite_person(work, boss.id) if way == "invitation" else None
        token = made or invite_to_sign_in(work, boss)
    browser = desks.browser()
    browser.get(f"/staff/join/{token}")
    answer = browser.post(f"/staff/join/{token}", password=NEW, again=NEW)
    assert answer.location == OWNERS_CODE_PAGE
    assert not _is_in(browser)
    browser.get(CODE_PAGE)
    with desks.club.store.begin() as uow:
        staff.change(uow, boss.id, disabled_at=desks.wall.now())
    answer = browser.post("/staff/login/code", code=app.code())
    assert answer.location.startswith("/staff/login")
    assert not _is_in(browser)


def test_a_pin_is_the_second_step_on_a_device_and_ones_own_to_choose(desks: Desks) -> None:
    tencho = desks.signed_in("tencho", "manager")
    boss = desks.signed_in("boss", "owner", None)
    path = f"/staff/team/{desks.person('tencho').id}"
    boss.get(path)
    # Who chose the one they had may still know it.
    assert boss.post(f"{path}/pin", pin="4821").status_code == 303
    enrols(desks, tencho)
    assert desks.person("tencho").pin_hash is None
    assert say("ja", "refusal.two_steps_own.why") in boss.post(f"{path}/pin", pin="4821").text
    tencho.get("/staff/account")
    assert tencho.post("/staff/account/pin", current=PASSWORD, pin="4821").status_code == 200
    device = desks.device()
    tap = f"/staff/tap/{desks.person('tencho').id}"
    device.get(tap)
    assert device.post(tap, pin="4821").location == "/staff/"
    assert _is_in(device)


def test_two_steps_end_by_password_and_code(desks: Desks) -> None:
    browser = desks.signed_in("boss", "owner", None)
    app, codes = enrols(desks, browser)
    for what in ("codes", "off"):
        path = f"/staff/account/two-steps/{what}"
        browser.get("/staff/account/two-steps")
        assert browser.post(path, current="no", code=app.code()).status_code == 422
        assert browser.post(path, current=PASSWORD, code="123456").status_code == 422
    assert browser.post("/staff/account/two-steps/codes", current=PASSWORD, code=codes[0])
    assert browser.post("/staff/account/two-steps/off", current=PASSWORD, code=codes[1])
    assert desks.person("boss").has_two_steps
    browser.post("/staff/account/two-steps/off", current=PASSWORD, code=app.code())
    assert not desks.person("boss").has_two_steps
    assert desks.browser().logs_in("boss").location == "/owner/"


def test_what_was_sealed_by_a_key_of_before_is_read_while_it_is_listed(desks: Desks) -> None:
    app, codes = enrols(desks, desks.signed_in("boss", "owner", None))

    def signs_in(key: str, *old: str, code: str) -> int:
        club = replace(desks.club, codes=Codes(key, old))
        desks.app.extensions["kayoi.club"] = club
        desks.wall.ahead += timedelta(minutes=2)
        browser = desks.browser()
        browser.logs_in("boss")
        return _gives_code(browser, code or app.code())

    one, two = "the key of this year, long enough", "the key of next year, long enough"
    with desks.club.store.begin() as uow:
        sealed = Codes(one).seal(f"app of {desks.person('boss').id}", app.secret)
        staff.change(uow, desks.person("boss").id, totp=sealed)
    assert signs_in(two, one, code="") == 303
    # Since then it is the new key's alone.
    assert signs_in(two, code="") == 303
    # Without the key nobody gets in but by a recovery code.
    assert signs_in(one, code="") == 401
    assert signs_in(one, code=codes[0]) == 303
