"""Changing person at a registered device: what a tap opens, and what it doesn't."""

from datetime import timedelta

from bot.passwords import hashed
from bot.store.staff import staff
from handlers.actions.staff.signing import FREE_TRIES
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks


def _tap(browser: Browser, staff_id: int) -> int:
    browser.get("/staff/tap")
    return browser.post("/staff/tap", staff=str(staff_id)).status_code


def _gives_pin(desks: Desks, who: str, pin: str) -> None:
    person = desks.person(who)
    with desks.club.store.begin() as uow:
        staff.change(uow, person.id, pin_hash=hashed(pin))


def _name(browser: Browser) -> str | None:
    told = browser.get("/staff/api/session").get_json()
    return told["staff"]["name"] if "staff" in told else None


def test_a_tap_on_ones_name_signs_in_and_the_next_tap_changes_person(desks: Desks) -> None:
    hana, ken = desks.hires("hana"), desks.hires("ken")
    device = desks.device(name="レジ横のタブレット")
    page = device.get("/staff/tap").text
    assert "Hana" in page
    assert "Ken" in page
    assert _tap(device, hana.id) == 303
    told = device.get("/staff/api/session").get_json()
    assert told["staff"]["name"] == "Hana"
    assert told["device"]["name"] == "レジ横のタブレット"
    before = device.client.get_cookie("__Host-kayoi_staff")
    _tap(device, ken.id)
    assert _name(device) == "Ken"
    # Hana's session ended with the change.
    assert before is not None
    copy = desks.browser()
    copy.client.set_cookie("__Host-kayoi_staff", before.value)
    assert copy.get("/staff/").status_code == 303


def test_the_device_alone_opens_nothing_but_the_names(desks: Desks) -> None:
    device = desks.device()
    assert device.get("/staff/").location == "/staff/login?next=/staff/"
    assert device.get("/staff/login?next=/staff/").location == "/staff/tap?next=/staff/"
    assert device.get("/staff/api/session").status_code == 401
    for path in ("/staff/team", "/staff/devices", "/staff/log", "/staff/account"):
        assert device.get(path).status_code == 303


def test_a_browser_that_is_no_device_gets_in_by_no_tap(desks: Desks) -> None:
    hana = desks.hires("hana")
    stranger = desks.browser()
    stranger.get("/staff/login")
    assert stranger.post("/staff/tap", staff=str(hana.id)).location.startswith("/staff/tap")
    assert stranger.get("/staff/").status_code == 303
    assert stranger.get("/staff/tap").location.startswith("/staff/login")
    stranger.client.set_cookie("__Host-kayoi_device", "forged")
    assert _tap(stranger, hana.id) == 303
    assert _name(stranger) is None


def test_staff_of_another_store_neither_stand_on_the_page_nor_get_in(desks: Desks) -> None:
    far = desks.hires("far", store="kawabe")
    device = desks.device("ekimae")
    assert "Far" not in device.get("/staff/tap").text
    _tap(device, far.id)
    assert _name(device) is None
    device.get("/staff/login?password=")
    answer = device.post("/staff/login", login="far", password=PASSWORD)
    assert (answer.status_code, _name(device)) == (401, None)
    assert say("ja", "refusal.login_other_store.why") in answer.text


def test_who_manages_needs_more_than_a_tap(desks: Desks) -> None:
    boss = desks.hires("manager", "manager")
    device = desks.device()
    _tap(device, boss.id)
    assert _name(device) is None
    _gives_pin(desks, "manager", "4821")
    _tap(device, boss.id)
    assert _name(device) is None
    device.get(f"/staff/tap/{boss.id}")
    assert device.post(f"/staff/tap/{boss.id}", pin="４８２１").status_code == 303
    assert _name(device) == "Manager"


def test_wrong_pins_are_counted_and_wait_as_wrong_passwords_do(desks: Desks) -> None:
    hana = desks.hires("hana")
    _gives_pin(desks, "hana", "4821")
    device = desks.device()
    device.get(f"/staff/tap/{hana.id}")
    for _ in range(FREE_TRIES + 1):
        answer = device.post(f"/staff/tap/{hana.id}", pin="0000")
        assert answer.status_code == 401
        assert say("ja", "refusal.pin_wrong.why") in answer.text
    assert device.post(f"/staff/tap/{hana.id}", pin="4821").status_code == 401
    desks.wall.ahead += timedelta(seconds=31)
    assert device.post(f"/staff/tap/{hana.id}", pin="4821").status_code == 303


def test_the_pin_opens_nothing_on_the_page_for_passwords(desks: Desks) -> None:
    desks.hires("hana")
    _gives_pin(desks, "hana", "4821")
    assert desks.browser().logs_in("hana", "4821").status_code == 401


def test_the_owner_works_at_the_devices_store_while_on_it(desks: Desks) -> None:
    device = desks.device("kawabe")
    device.get("/staff/login?password=")
    device.post("/staff/login", login="boss", password=PASSWORD)
    told = device.get("/staff/api/session").get_json()
    assert told["store"] == "kawabe"
    device.get("/staff/more")
    device.post("/staff/store", store="ekimae")
    assert device.get("/staff/api/session").get_json()["store"] == "kawabe"
