"""Pages in a language that is two fifths longer than English: on the smallest phone nothing is
wider than the screen, and no button's word is cut off."""

import pytest
from playwright.sync_api import Browser, Page

from handlers.showing.card_links import card_link
from tests.journeys.town import Town
from tests.pseudo import OPENS, pseudo_english

from .addresses import pages_of_a_session, pages_of_staff
from .shop import counter, hire, joins
from .test_access import is_wider_than_the_window

__all__ = ["pseudo_english"]

PHONE = (360, 740)
#: Buttons and links whose words are longer than they are, and don't break.
_CUT_OFF = """() => [...document.querySelectorAll("button, a, summary, th, label, h1, h2, h3")]
  .filter((node) => node.checkVisibility() && node.clientWidth > 0)
  .filter((node) => !node.closest(".spoken") && getComputedStyle(node).overflowX !== "visible")
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .filter((node) => !["auto", "scroll"].includes(getComputedStyle(node).overflowX))
  .map((node) => node.outerHTML.slice(0, 120))"""


def broken(page: Page) -> list[str]:
    """What doesn't fit, with all that can be opened open."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    found: list[str] = page.evaluate(_CUT_OFF)
    return [*found, *(["wider than the window"] if is_wider_than_the_window(page) else [])]


@pytest.mark.usefixtures("pseudo_english")
def test_no_page_of_the_staff_breaks_where_words_are_longer(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    hire(cafe.club, "anna", "Anna", language="en")
    with counter(browser, cafe, PHONE, reduced_motion="reduce") as desk:
        desk.logs_in("anna")
        found, read = {}, 0
        for path in pages_of_staff(cafe, customer):
            desk.page.goto(f"{desk.base_url}{path}")
            found[path] = broken(desk.page)
            read += OPENS in desk.page.content()
    assert read > len(found) * 0.8, "they are read in that language"
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.usefixtures("pseudo_english")
def test_no_section_of_the_members_page_breaks_where_words_are_longer(
    browser: Browser, cafe: Town
) -> None:
    customer = joins(cafe, "さくら")
    customer.taps("do=language&to=en")
    with counter(browser, cafe, PHONE, reduced_motion="reduce") as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(cafe.club, customer.member).removeprefix(cafe.club.base_url))
        found = {}
        for path in pages_of_a_session(cafe):
            page.goto(base + path)
            found[path] = broken(page)
        assert OPENS in page.content(), "it is read in that language"
    assert {path: each for path, each in found.items() if each} == {}
