"""The stores as the owner and their managers see them, and "closed today" by one tap."""

import re
from datetime import timedelta

from handlers.actions.programme.closing import SOON
from rules.wording.texts import say
from tests.handlers.pages.staff.conftest import Browser, Desks


def later(desks: Desks) -> str:
    """The day in a week."""
    programme = desks.club.timeline().latest.programme
    return (programme.shop.business_date(desks.club.now()) + timedelta(days=7)).isoformat()


def is_open(desks: Desks, store: str) -> bool:
    programme = desks.club.timeline().at(desks.club.now() + SOON).programme
    return programme.is_open(store, programme.shop.business_date(desks.club.now()))


def closes(browser: Browser, **fields: str) -> tuple[int, str]:
    answer = browser.post("/owner/stores/close", **fields)
    return answer.status_code, answer.text


def test_the_shop_is_closed_by_one_tap_and_open_again_by_another(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    page = owner.get("/owner/stores").text
    assert say("ja", "owner.stores.close_all_today") in page
    answer = owner.post("/owner/stores/close", store="*")
    assert (answer.status_code, answer.location) == (303, "/owner/stores?done=closed")
    page = owner.get("/owner/stores?done=closed").text
    assert say("ja", "owner.stores.done.closed") in page
    assert say("ja", "owner.stores.is_closed") in page
    assert not is_open(desks, "ekimae")
    assert closes(owner, store="*")[0] == 409
    assert owner.post("/owner/stores/open", store="*").status_code == 303
    assert is_open(desks, "ekimae")


def test_what_was_mistyped_is_said_and_stays(desks: Desks) -> None:
    owner = desks.signed_in("boss", "owner", None)
    owner.get("/owner/stores")
    status, page = closes(owner, store="kawabe", first="gestern")
    assert status == 409
    assert say("ja", "refusal.closing_day.why") in page
    status, page = closes(owner, store="kawabe", first=later(desks), last="2001-01-01")
    assert status == 409
    assert say("ja", "refusal.closing_order.why") in page
    assert 'value="kawabe" selected' in page
    assert f'value="{later(desks)}"' in page
    assert closes(owner, store="kawabe", first=later(desks))[0] == 303
    page = owner.get("/owner/stores").text
    assert re.search(rf'name="first" value="{later(desks)}"', page)


def test_a_manager_closes_their_store_and_sees_no_other(desks: Desks) -> None:
    manager = desks.signed_in("mika", "manager", "ekimae")
    page = manager.get("/owner/stores").text
    assert "駅前店" in page
    assert "川辺店" not in page
    assert "/owner/programme" not in page
    assert closes(manager, store="*")[0] == 409
    assert closes(manager, store="kawabe")[0] == 409
    assert is_open(desks, "kawabe")
    assert closes(manager, store="ekimae")[0] == 303
    assert not is_open(desks, "ekimae")
    assert is_open(desks, "kawabe")
    other = desks.signed_in("tamami", "manager", "kawabe")
    other.get("/owner/stores")
    assert other.post("/owner/stores/open", store="ekimae").status_code == 409
    assert not is_open(desks, "ekimae")
