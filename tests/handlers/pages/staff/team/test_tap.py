"""Changing person at a registered device: what a tap opens, and what it doesn't."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.passwords import hashed
from bot.store.staff import staff
from handlers.actions.staff.signing import FREE_TRIES
from rules.wording.texts import say
from tests.handlers.clubs import HandClock
from tests.handlers.pages.conftest import CAFE, with_programme
from tests.handlers.pages.staff.conftest import PASSWORD, Browser, Desks
from tests.rules.examples import changed

HOURS = "hours = { start = 09:00:00, end = 20:00:00 }"


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


def _at(desks: Desks, clock: str) -> HandClock:
    """Sets the club's clock to a time of an open day in a shop that tells its hours."""
    told = changed(CAFE, ("closed_weekdays = []", f"{HOURS}\nclosed_weekdays = []"))
    club = with_programme(desks.club, told)
    shop = club.timeline().latest.programme.shop
    days = (shop.business_date(desks.wall.now()) + timedelta(days=n) for n in range(1, 30))
    day = next(day for day in days if shop.is_open(day))
    hand = HandClock(datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=shop.zone))
    desks.app.extensions["kayoi.club"] = replace(club, clock=hand)
    return hand


@pytest.mark.parametrize(("clock", "opens"), [("09:00", True), ("20:00", False), ("03:00", False)])
def test_outside_the_shops_hours_a_name_is_not_enough(
    desks: Desks, clock: str, opens: bool
) -> None:
    hana, ken = desks.hires("hana"), desks.hires("ken")
    _gives_pin(desks, "ken", "4821")
    device = desks.device()
    _at(desks, clock)
    page = device.get("/staff/tap").text
    assert (say("ja", "staff.sign_in.tap.closed") in page) is not opens
    _tap(device, hana.id)
    assert (_name(device) == "Hana") is opens
    device.get(f"/staff/tap/{ken.id}")
    assert device.post(f"/staff/tap/{ken.id}", pin="4821").status_code == 303
    assert _name(device) == "Ken"
    # By password too, straight from who stands there.
    device.get("/staff/login?password=")
    device.post("/staff/login", login="hana", password=PASSWORD)
    assert _name(device) == "Hana"


def test_the_owner_says_where_a_name_is_never_enough(desks: Desks) -> None:
    hana, device = desks.hires("hana"), desks.device()
    boss, tencho = desks.browser(), desks.signed_in("tencho", "manager")
    boss.logs_in("boss")
    _tap(device, hana.id)
    assert _name(device) == "Hana"
    assert tencho.post("/staff/devices/1/pin", asks="1").status_code == 403
    assert boss.post("/staff/devices/1/pin", asks="1").status_code == 303
    assert say("ja", "staff.sign_in.device.asks") in boss.get("/staff/devices").text
    # Who got in by a tap is out, and no tap leads back.
    assert _name(device) is None
    assert say("ja", "staff.sign_in.tap.device") in device.get("/staff/tap").text
    _tap(device, hana.id)
    assert _name(device) is None
    boss.post("/staff/devices/1/pin", asks="0")
    _tap(device, hana.id)
    assert _name(device) == "Hana"
    did = [line.action for line in desks.logged()]
    assert [d for d in did if "device_asks" in d] == ["device_asks_pin", "device_asks_none"]


def test_a_device_keeps_who_serves_till_it_closes_and_who_manages_for_a_while(
    desks: Desks,
) -> None:
    hana, tencho = desks.hires("hana"), desks.hires("tencho", "manager")
    _gives_pin(desks, "tencho", "4821")
    device, hand = desks.device(), _at(desks, "18:00")

    def passes(minutes: int) -> str | None:
        desks.wall.ahead += timedelta(minutes=minutes)
        hand.set(hand.now() + timedelta(minutes=minutes))
        # What the page asks by itself would say nothing of somebody's being there.
        device.get("/staff/more")
        return _name(device)

    _tap(device, hana.id)
    assert passes(119) == "Hana"
    # The shop closes at eight: what goes on then goes on while somebody is there.
    assert [passes(14) for _ in range(3)] == ["Hana"] * 3
    assert passes(16) is None
    hand.set(hand.now() - timedelta(hours=6))
    device.get(f"/staff/tap/{tencho.id}")
    device.post(f"/staff/tap/{tencho.id}", pin="4821")
    assert [passes(14) for _ in range(3)] == ["Tencho"] * 3
    assert passes(16) is None


def test_who_comes_to_manage_does_not_do_so_by_a_tap(desks: Desks) -> None:
    hana, device, boss = desks.hires("hana"), desks.device(), desks.browser()
    boss.logs_in("boss")
    _tap(device, hana.id)
    boss.post(f"/staff/team/{hana.id}/place", name="Hana", role="manager", store="ekimae")
    assert _name(device) is None
    _tap(device, hana.id)
    assert _name(device) is None
