"""What an invitation opens: once, in time, and only what it was made for."""

import html
import re
from datetime import timedelta

from bot.store.staff import staff
from bot.store.staff.staff import StaffMember
from handlers.actions.staff.inviting import invite_person, invite_to_sign_in
from handlers.actions.staff.staffing import Assignment, disable, hire
from rules.base import Refusal
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks

OVER = say("ja", "refusal.invitation_over.why")
CHOSEN = "mugi ga suki desu"


def _invited(desks: Desks, who: str = "yui") -> tuple[StaffMember, str]:
    """Somebody new with the path of their invitation."""
    with desks.club.work() as work:
        person = hire(
            work,
            login=who,
            name="ゆい",
            place=Assignment("staff", "ekimae"),
            stores=["ekimae"],
            language="ja",
        )
        assert not isinstance(person, Refusal)
        token = invite_person(work, person.id)
    return person, f"/staff/join/{token}"


def _chooses(browser: Browser, path: str, password: str = CHOSEN, again: str = CHOSEN) -> int:
    browser.get(path)
    return browser.post(path, password=password, again=again).status_code


def test_who_is_invited_chooses_a_password_and_is_in(desks: Desks) -> None:
    _, path = _invited(desks)
    browser = desks.browser()
    assert "ゆい" in browser.get(path).text
    browser.get(path)
    entered = browser.post(path, password=CHOSEN, again=CHOSEN)
    assert (entered.status_code, entered.location) == (303, "/staff/")
    assert browser.get("/staff/").status_code == 200
    assert desks.browser().logs_in("yui", CHOSEN).status_code == 303


def test_an_invitation_works_once_and_not_for_ever(desks: Desks) -> None:
    person, path = _invited(desks)
    assert _chooses(desks.browser(), path) == 303
    second = desks.browser()
    assert OVER in second.get(path).text
    assert _chooses(second, path, "another one of hers", "another one of hers") == 404
    with desks.club.work() as work:
        token = invite_person(work, person.id)
    desks.wall.ahead = timedelta(days=3, seconds=1)
    assert desks.browser().get(f"/staff/join/{token}").status_code == 404
    assert desks.browser().get("/staff/join/made-up").status_code == 404


def test_looking_at_an_invitation_does_not_use_it_up(desks: Desks) -> None:
    _, path = _invited(desks)
    for _ in range(3):
        assert desks.browser().get(path).status_code == 200
    assert _chooses(desks.browser(), path) == 303


def test_a_password_that_is_too_easy_leaves_the_invitation_good(desks: Desks) -> None:
    _, path = _invited(desks)
    browser = desks.browser()
    for password in ("short", "aaaaaaaaaaaa", "yui yui yui yui"):
        assert _chooses(browser, path, password, password) == 422
    assert _chooses(browser, path, CHOSEN, CHOSEN + "!") == 422
    assert _chooses(browser, path) == 303


def test_a_new_invitation_makes_the_one_before_void(desks: Desks) -> None:
    person, first = _invited(desks)
    with desks.club.work() as work:
        second = invite_person(work, person.id)
    assert _chooses(desks.browser(), first) == 404
    assert _chooses(desks.browser(), f"/staff/join/{second}") == 303


def test_who_was_disabled_meanwhile_is_not_invited_any_more(desks: Desks) -> None:
    person, path = _invited(desks)
    with desks.club.work() as work:
        disable(work, person.id)
    assert _chooses(desks.browser(), path) == 404


def test_choosing_a_new_password_ends_where_one_was_signed_in(desks: Desks) -> None:
    browser = desks.signed_in("hana")
    with desks.club.work() as work:
        token = invite_person(work, desks.person("hana").id)
    assert _chooses(desks.browser(), f"/staff/join/{token}") == 303
    assert browser.get("/staff/").status_code == 303
    assert desks.browser().logs_in("hana").status_code == 401


def test_a_link_to_sign_in_does_so_once_and_sets_no_password(desks: Desks) -> None:
    boss = desks.hires("boss", "owner", None)
    with desks.club.work() as work:
        token = invite_to_sign_in(work, boss)
    path = f"/staff/join/{token}"
    browser = desks.browser()
    browser.get(path)
    entered = browser.post(path, password=CHOSEN, again=CHOSEN)
    # Whose shop it is comes to the console, not before the counter's camera.
    assert (entered.status_code, entered.location) == (303, "/owner/")
    assert browser.get("/staff/team").status_code == 200
    assert desks.browser().logs_in("boss", CHOSEN).status_code == 401
    assert desks.browser().get(path).status_code == 404


def test_a_link_to_sign_in_may_lead_to_a_page_of_ours(desks: Desks) -> None:
    boss = desks.hires("boss", "owner", None)
    for asked, to in (("/staff/", "/staff/"), ("https://elsewhere.example/", "/staff/")):
        with desks.club.work() as work:
            path = f"/staff/join/{invite_to_sign_in(work, boss)}?next={asked}"
        browser = desks.browser()
        form = re.search(r'action="([^"]*join[^"]*)"', browser.get(path).text)
        assert form
        assert browser.post(html.unescape(form[1])).location == to


def test_the_button_needs_the_pages_token(desks: Desks) -> None:
    _, path = _invited(desks)
    browser = desks.browser()
    browser.get(path)
    browser.csrf = "forged"
    assert browser.post(path, password=CHOSEN, again=CHOSEN).status_code == 400
    with desks.club.store.read() as uow:
        person = staff.by_login(uow, "yui")
    assert person is not None
    assert person.password_hash is None


def test_a_registered_device_keeps_its_secret_to_itself(desks: Desks) -> None:
    device = desks.device()
    cookie = device.client.get_cookie("__Host-kayoi_device")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site) == (True, True, "Strict")
    with desks.club.store.read() as uow:
        kept = uow.connection.exec_driver_sql("SELECT token_hash FROM devices").scalar()
    assert isinstance(kept, str)
    assert re.fullmatch("[0-9a-f]{64}", kept)
    assert cookie.value not in kept
    assert "device_add" in [line.action for line in desks.logged()]
