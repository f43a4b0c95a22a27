from dataclasses import replace
from datetime import timedelta

from bot.store.staff import devices
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.team.test_tap import _name, _tap


def test_a_revoked_device_is_out_with_whoever_was_on_it(desks: Desks) -> None:
    hana = desks.hires("hana")
    device = desks.device()
    _tap(device, hana.id)
    boss = desks.browser()
    boss.logs_in("boss")
    page = boss.get("/staff/devices").text
    assert "レジ横" in page
    assert boss.post("/staff/devices/1/revoke").status_code == 303
    assert say("ja", "staff.devices.none") in boss.get("/staff/devices").text
    assert _name(device) is None
    assert device.get("/staff/tap").location.startswith("/staff/login")
    assert [line.action for line in desks.logged()][-1] == "device_revoke"


def test_the_list_says_when_a_device_was_there_and_that_its_clock_is_off(desks: Desks) -> None:
    hana = desks.hires("hana")
    device = desks.device()
    boss = desks.browser()
    boss.logs_in("boss")
    assert "進んでいます" not in boss.get("/staff/devices").text
    with desks.club.store.begin() as uow:
        [till] = devices.everything(uow)
        devices.note_clock(uow, till, 300)
    assert "時計が5分進んでいます" in boss.get("/staff/devices").text
    with desks.club.store.begin() as uow:
        devices.note_clock(uow, replace(till, clock_off_s=300), -300)
    assert "時計が5分遅れています" in boss.get("/staff/devices").text
    _tap(device, hana.id)
    desks.wall.ahead = timedelta(minutes=5)
    device.get("/staff/more")
    assert _name(device) == "Hana"
    with desks.club.store.read() as uow:
        [known] = devices.everything(uow)
    assert known.last_seen_at is not None
    assert desks.wall.now() - known.last_seen_at < timedelta(minutes=1)


def test_a_device_that_is_registered_anew_is_the_old_one_no_more(desks: Desks) -> None:
    device = desks.device(name="前の名前")
    boss = desks.browser()
    boss.logs_in("boss")
    answer = boss.post("/staff/devices", name="新しい名前", store="kawabe")
    link = answer.text.partition("/staff/join/")[2].partition('"')[0]
    device.get(f"/staff/join/{link}")
    device.post(f"/staff/join/{link}")
    page = boss.get("/staff/devices").text
    assert "新しい名前" in page
    assert "前の名前" not in page
    assert "川辺店" in device.get("/staff/tap").text
