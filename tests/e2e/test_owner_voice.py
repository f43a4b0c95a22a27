"""What members say, in the owner's console: at any width, and by keyboard."""

from playwright.sync_api import Browser

from bot.store.staff import staff
from handlers.commands.surveys.demo import answer_surveys
from handlers.commands.surveys.demo_voice import hear_members
from tests.journeys.town import Town

from .shop import LAPTOP, counter, hire, joins
from .test_owner import barriers_of, opened

PAGES = (
    "voice",
    "voice/reasons?period=year",
    "voice/words?period=year",
    "voice/satisfaction",
    "voice/suggestions",
    "voice/suggestions/1",
)


def said(cafe: Town) -> None:
    """Some who come, and write; the café is that of all tests here."""
    with cafe.club.store.read() as uow:
        if staff.by_login(uow, "yui") is not None:
            return
    hire(cafe.club, "yui", "佐藤ゆい", "staff", "ekimae")
    for n in range(12):
        joins(cafe, f"さくら{n}")
    hear_members(cafe.club)
    answer_surveys(cafe.club)


def test_no_page_of_members_voice_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    said(cafe)
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        assert barriers_of(desk, PAGES) == ""


def test_one_goes_from_a_figure_to_the_words_and_the_case_by_keyboard(
    browser: Browser, cafe: Town
) -> None:
    said(cafe)
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "voice/reasons?period=year")
        page.focus("#about-complaint ~ p a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/voice/words?reason=complaint**")
        page.focus(".sayings .by a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/staff/inbox/**")
        page.locator(".thread").wait_for()
