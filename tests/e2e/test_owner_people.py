"""People and place in the owner's console: at any width, and by keyboard."""

from playwright.sync_api import Browser

from tests.journeys.town import Town

from .shop import LAPTOP, PASSWORD, counter
from .test_access import barriers_at_all_widths
from .test_owner import barriers_of, opened

PAGES = ("team", "stores", "doctor", "backup")


def test_no_page_about_people_and_place_has_a_barrier_at_any_width(
    browser: Browser, cafe: Town
) -> None:
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        assert barriers_of(desk, PAGES) == ""


def test_today_is_closed_and_opened_again_by_keyboard_alone(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "stores")
        for act, done in (("close", "closed"), ("open", "opened")):
            page.focus(f".today form[action='/owner/stores/{act}'] button")
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/owner/stores?done={done}")
            page.locator(".done").wait_for()


def test_a_backup_is_made_and_downloaded_by_keyboard_alone(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "backup")
        page.focus("form[action='/owner/backup'] button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/backup?done=made")
        page.focus("a[href*='take=']")
        page.keyboard.press("Enter")
        page.locator(".take").wait_for()
        assert barriers_at_all_widths(desk) == []
        page.fill("[name=current]", PASSWORD)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename.startswith("kayoi-")
