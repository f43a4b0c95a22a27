"""Monday: where an owner lands, at any width and by keyboard alone."""

from playwright.sync_api import Browser

from bot.store.staff import flags
from bot.store.staff.flags import Sighting
from handlers.jobs.night.figures import FigureKeeping
from rules.programme.counter import Flag
from tests.journeys.town import Town

from .shop import LAPTOP, PASSWORD, counter, joins
from .test_access import barriers_at_all_widths
from .test_owner import opened


def lives(cafe: Town) -> None:
    """Somebody is a member, and something unusual was seen at the counter."""
    joins(cafe, "さくら")
    FigureKeeping(cafe.club).follow()
    now = cafe.club.now()
    with cafe.club.store.begin() as uow:
        place = Sighting(now, now.date(), "ekimae", None, None)
        flags.add(uow, [Flag("burst", "burst:1")], place)


def test_monday_has_no_barrier_at_any_width_on_the_first_day_and_later(
    browser: Browser, cafe: Town
) -> None:
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        opened(desk, "")
        assert barriers_at_all_widths(desk) == []
        lives(cafe)
        page = opened(desk, "")
        for each in page.locator("details").all():
            each.locator("summary").click()
        assert page.locator(".five li").count() == 5
        assert barriers_at_all_widths(desk) == []


def test_who_signs_in_lands_there_and_goes_on_to_what_matters_by_keyboard_alone(
    browser: Browser, cafe: Town
) -> None:
    lives(cafe)
    with counter(browser, cafe, LAPTOP) as desk:
        page = desk.page
        page.goto(f"{desk.base_url}/staff/login")
        page.focus("[name=login]")
        page.keyboard.type("owner")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/")
        page.focus(".matter .main-button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/flags")
