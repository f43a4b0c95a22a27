"""The owner's pages of messages as an owner uses them: by keyboard, at any width."""

import tomllib
from typing import Any

import pytest
from playwright.sync_api import Browser

from bot.store.history import drafts
from bot.store.staff import staff
from handlers.actions.counter.check_in import check_in
from handlers.actions.programme.drafting import PartChange, change_part, draft_of
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request
from rules.activity import Visit
from rules.editing.parts import Part, mark_of, values_of
from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins
from .test_access import barriers_at_all_widths
from .test_owner import opened

PAGES = (
    "journeys", "journeys/lapsed", "journeys/first_visit/tomorrow", "journeys/lapsed/results",
    "campaigns", "quota",
)  # fmt: skip
FAIR: dict[str, Any] = {
    "id": "fair",
    "name": {"ja": "焼き菓子フェア"},
    "effect": {"kind": "bonus", "points": 5},
}
#: Thanks on the day after, to everybody.
THANKS = {"kind": "first_visit", "after_days": 1, "holdout": 0}


def drafted(cafe: Town, part: Part, values: dict[str, Any]) -> None:
    """The owner has put that part into the draft."""
    with cafe.club.store.read() as uow:
        owner = staff.by_login(uow, "owner")
    assert owner is not None
    store = cafe.club.timeline().latest.programme.stores[0].id
    with cafe.club.work(Actor(owner.id, owner.name, owner.role, store, everywhere=True)) as work:
        there = values_of(tomllib.loads(draft_of(work).text), part)
        assert isinstance(
            change_part(work, PartChange(part, values, mark_of(there))), drafts.ProgrammeDraft
        )


@pytest.fixture(scope="module")
def thanked_tomorrow(cafe: Town) -> str:
    """Who came today for the first time; their name."""
    drafted(cafe, Part("journeys", "first_visit"), THANKS)
    drafted(cafe, Part("campaigns", "fair"), FAIR | {"starts": cafe.today(), "ends": cafe.today()})
    customer = joins(cafe, "ゆうこ")
    store = cafe.club.timeline().latest.programme.stores[0].id
    with cafe.club.work("staff", key="test:first") as work:
        check_in(work, Request(customer.member.id, Visit("staff"), work.now, store))
    return "ゆうこ"


def test_no_page_of_messages_has_a_barrier_at_any_width(
    browser: Browser, cafe: Town, thanked_tomorrow: str
) -> None:
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        found = {}
        for path in PAGES:
            page = opened(desk, path)
            if path == "journeys/lapsed":
                page.locator("[hx-trigger=load] .hint").first.wait_for()
            found[path] = barriers_at_all_widths(desk)
        assert thanked_tomorrow
        assert "\n".join(f"{path} {x}" for path, each in found.items() for x in each) == ""


def test_a_message_is_switched_off_and_on_by_keyboard(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "journeys")
        for key, is_on in (("Space", "false"), ("Enter", "true")):
            page.focus("#journey-birthday [role=switch]")
            page.keyboard.press(key)
            page.locator(".done").wait_for()
            page.locator(f"#journey-birthday [role=switch][aria-checked={is_on}]").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_who_is_thanked_tomorrow_is_found_by_keyboard_with_scripts_and_without(
    browser: Browser, cafe: Town, thanked_tomorrow: str, scripts: bool
) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        signed_in = desk.page.context.storage_state()
    with counter(
        browser, cafe, LAPTOP, storage_state=signed_in, java_script_enabled=scripts
    ) as desk:
        page = opened(desk, "journeys/first_visit")
        if not scripts:
            page.focus("section[aria-labelledby=tomorrow] a")
            page.keyboard.press("Enter")
        link = page.locator(".readers a", has_text=thanked_tomorrow)
        link.wait_for()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/members/**")
        page.locator("h1", has_text=thanked_tomorrow).wait_for()
