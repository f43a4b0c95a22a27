"""Events in the owner's console, and on a member's phone: at any width, and by keyboard."""

import pytest
from playwright.sync_api import Browser, FilePayload

from handlers.showing.card_links import card_link
from tests.journeys.test_events import makes
from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins
from .test_access import barriers, is_wider_than_the_window
from .test_owner import barriers_of, opened

_PHONE = (390, 844)


def test_no_page_about_events_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    event, customer = makes(cafe, places=1), joins(cafe, "さくら")
    customer.taps(f"do=event_join&of={event}&n=1")
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        pages = ("events", "events/new", f"events/{event}", f"events/{event}/edit")
        assert barriers_of(desk, pages) == ""


def test_an_event_is_made_and_opened_by_keyboard_alone(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "events/new")
        for name, text in (("title_ja", "抽出の教室"), ("about_ja", "淹れ方を学びます。")):
            page.focus(f"[name={name}]")
            page.keyboard.type(text)
        # The phone beside the form follows while one types.
        page.locator("#look .bubble", has_text="淹れ方を学びます。").wait_for()
        page.focus(".save .main-button")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        page.focus("button[value=open]")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=open")
        # One signs up from the moment on that the form suggests.
        assert page.get_by_text("受付開始前").count() == 1


@pytest.mark.parametrize(("path", "count", "size"), [("events/new", 1, 13), ("circle/new", 3, 13)])
def test_photographs_that_are_too_large_are_told_of_and_nothing_typed_is_lost(
    browser: Browser, cafe: Town, path: str, count: int, size: int
) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, path)
        for name in ("title_ja", "about_ja"):
            page.fill(f"[name={name}]", "抽出の教室")
        fields = page.locator('input[type="file"]')
        large = FilePayload(name="large.jpg", mimeType="image/jpeg", buffer=bytes(size * 1_000_000))
        for n in range(count):
            fields.nth(n).set_input_files(large)
        page.locator(".files-large").wait_for()
        page.locator(".save .main-button").first.click()
        said = page.locator(".files-large")
        assert "写真が大きすぎます" in said.inner_text()
        assert page.evaluate("document.activeElement.type") == "file"
        assert page.url.endswith(path)
        assert page.input_value("[name=title_ja]") == "抽出の教室"
        assert barriers(page) == []
        for n in range(count):
            fields.nth(n).set_input_files([])
        said.wait_for(state="detached")


def test_a_member_signs_up_and_gives_it_up_on_their_card(browser: Browser, cafe: Town) -> None:
    makes(cafe, places=1)
    customer = joins(cafe, "さくら")
    with counter(
        browser, cafe, _PHONE, reduced_motion="reduce", java_script_enabled=False
    ) as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(cafe.club, customer.member).removeprefix(cafe.club.base_url))
        page.goto(f"{base}/card/events")
        page.get_by_text("残り1席").wait_for()
        page.get_by_role("button", name="に申し込む").click()
        page.get_by_text("お席をご用意しました").wait_for()
        assert not is_wider_than_the_window(page)
        page.get_by_role("button", name="キャンセルする").click()
        page.get_by_role("button", name="はい、キャンセルします").click()
        page.get_by_text("お申し込みを取り消しました").wait_for()
        page.get_by_role("button", name="に申し込む").wait_for()


def test_the_cards_page_of_events_has_no_barrier(browser: Browser, cafe: Town) -> None:
    event, customer = makes(cafe, places=1), joins(cafe, "さくら")
    customer.taps(f"do=event_join&of={event}&n=1")
    with counter(browser, cafe, _PHONE, reduced_motion="reduce") as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(cafe.club, customer.member).removeprefix(cafe.club.base_url))
        page.goto(f"{base}/card/events")
        assert barriers(page) == []
