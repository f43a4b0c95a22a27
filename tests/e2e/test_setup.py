"""The first steps as a new owner takes them: a fresh start, forms, a picture beside each, and their
own club at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.machine import fresh_machine

from .shop import LAPTOP, PATIENCE_MS
from .test_access import WIDTHS, barriers


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The link that the start of a demo prints, opened."""
    with fresh_machine(tmp_path / "kayoi") as machine:
        machine.runs("migrate")
        machine.runs("demo", "--members", "2")
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{machine.port}",
            locale="ja-JP",
            reduced_motion="reduce",
            viewport={"width": LAPTOP[0], "height": LAPTOP[1]},
        )
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page = context.new_page()
        page.goto(machine.starts())
        yield page
        context.close()


def is_clear(page: Page, folder: Path, name: str) -> None:
    """No barrier at any width; and a picture to be looked at."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == [], f"{name} at {width}"
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})


def goes_on(page: Page, to: str) -> None:
    page.click("main .main-button")
    page.wait_for_url(f"**/owner/setup/{to}")


def finds_a_voice(page: Page, folder: Path) -> None:
    page.fill("[name='voice.sender.ja']", "店主のはるか")
    page.fill("[name='voice.story.ja']", "空の見えるサロンです。")
    page.keyboard.press("Tab")
    page.locator("#seen .speaker", has_text="店主のはるか").wait_for()
    is_clear(page, folder, "voice")
    goes_on(page, "line")


def reads_the_policy(page: Page, folder: Path) -> None:
    """No page of its own was told for it."""
    page.goto(page.url.replace("/owner/", "/privacy"))
    assert "青空商店" in page.inner_text("main")
    is_clear(page, folder, "privacy")


def test_a_new_owner_gets_from_the_link_to_their_own_console(page: Page, tmp_path: Path) -> None:
    is_clear(page, tmp_path, "open")
    goes_on(page, "template")
    is_clear(page, tmp_path, "template")
    page.get_by_label("サロン").check()
    goes_on(page, "shop")
    page.click("main .main-button")
    page.locator(".wrong", has_text="必須").first.wait_for()
    is_clear(page, tmp_path, "shop-wrong")
    page.fill("[name='shop.name.ja']", "サロンあおぞら")
    page.fill("[name='shop.legal_name']", "青空商店")
    page.keyboard.press("Tab")
    page.locator("#seen img").first.wait_for()
    is_clear(page, tmp_path, "shop")
    goes_on(page, "look")
    before = page.locator("#seen img").first.get_attribute("src")
    page.fill("[name='shop.accent']", "#2f6f8f")
    page.dispatch_event("[name='shop.accent']", "change")
    expect(page.locator("#seen img").first).not_to_have_attribute("src", before or "")
    is_clear(page, tmp_path, "look")
    goes_on(page, "voice")
    finds_a_voice(page, tmp_path)
    is_clear(page, tmp_path, "line")
    goes_on(page, "owner")
    page.fill("[name=name]", "青空はるか")
    page.fill("[name=login]", "haruka")
    page.fill("[name=password]", "murasaki-no-kaidan-42")
    page.fill("[name=again]", "murasaki-no-kaidan-42")
    is_clear(page, tmp_path, "owner")
    goes_on(page, "begin")
    is_clear(page, tmp_path, "begin")
    page.click("main .main-button")
    page.locator(".wait").wait_for()
    page.wait_for_url("**/owner/setup/enter")
    is_clear(page, tmp_path, "enter")
    goes_on(page, "after")
    is_clear(page, tmp_path, "after")
    page.click("a[href='/owner/']")
    page.wait_for_url("**/owner/")
    assert "サロンあおぞら" in page.inner_text("header")
    reads_the_policy(page, tmp_path)


def test_the_steps_are_taken_by_keyboard_alone(page: Page) -> None:
    page.focus("main .main-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/owner/setup/template")
    page.focus("input[type=radio]:checked")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/owner/setup/shop")
    page.go_back()
    assert page.locator("input[type=radio]:checked").get_attribute("value") == "gym"
