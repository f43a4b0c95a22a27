"""A phone of 360 pixels' width: nothing is cut off, hidden below something else, or broken where
nobody breaks it."""

import pytest
from playwright.sync_api import Browser, Locator

from rules.base import Lang
from tests.journeys.town import Town

from .shop import PHONE, Counter, card_code, counter, hire, joins
from .test_keypad import opens_amount, taps

LOW = (360, 553)
#: How many lines the text of an element takes.
LINES = """(node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
}"""


def lines(of: Locator) -> int:
    found: int = of.evaluate(LINES)
    return found


def bottom(of: Locator) -> float:
    box = of.bounding_box()
    assert box
    return box["y"] + box["height"]


def top(of: Locator) -> float:
    box = of.bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize(("language", "figure"), [("ja", "12,000円"), ("en", "¥12,000")])
def test_the_whole_keypad_is_seen_from_its_heading_to_its_button(
    browser: Browser, cafe: Town, language: Lang, figure: str
) -> None:
    hire(cafe.club, f"small-{language}", "森みか", language=language)
    with counter(browser, cafe, LOW) as desk:
        desk.logs_in(f"small-{language}")
        opens_amount(desk, "")
        taps(desk, "12000")
        sheet = desk.page.locator("#keypad")
        assert top(sheet.locator("h2")) >= top(sheet) >= 0
        assert bottom(sheet.locator(".main-button")) <= bottom(sheet) <= LOW[1]
        shown = sheet.locator(".part[aria-pressed=true] b")
        assert shown.inner_text() == figure
        assert lines(shown) == 1


def test_a_name_stays_in_sight_and_figures_and_words_stay_whole(cafe: Town, desk: Counter) -> None:
    page = desk.page
    page.set_viewport_size({"width": PHONE[0], "height": 640})
    opens_amount(desk, "つぎの方")
    taps(desk, "25000")
    desk.types(card_code(joins(cafe, "さくら")))
    desk.says("25,000円は、ふだんより")
    asked = page.get_by_role("button", name="25,000円で記録する")
    assert bottom(page.locator(".result-name")) <= top(asked)
    assert lines(asked) <= 2
    asked.click()
    desk.says("25,000円を付けました")

    page.goto(f"{desk.base_url}/staff/today")
    yen = page.locator(".figures strong", has_text="25,000")
    assert lines(yen) == 1
    wide = "(node) => node.scrollWidth <= node.clientWidth"
    assert yen.evaluate(wide)
    assert (
        page.locator(".figures strong").first.evaluate("(node) => getComputedStyle(node).wordBreak")
        == "auto-phrase"
    )
