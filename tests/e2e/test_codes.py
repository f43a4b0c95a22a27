"""Codes for a web shop: brought in by the owner at any width, copied by a member with a tap."""

from uuid import uuid4

from playwright.sync_api import Browser, FilePayload

from bot.store.history import programs
from handlers.actions.counter.adjust import adjust
from handlers.actions.recording.actor import Actor
from handlers.showing.card_links import card_link
from tests.journeys.town import Town
from tests.rules.examples import CAFE, changed

from .shop import Counter, counter, joins
from .test_access import (
    barriers,
    barriers_at_all_widths,
    is_wider_than_the_window,
    small_targets,
)

_PHONE = (360, 800)
_CODES = "value_yen = 100\ncodes = { low = 1 }\n"


def has_codes(cafe: Town) -> None:
    """¥100 off is a code from now on."""
    with cafe.club.store.begin() as uow:
        text = changed(CAFE, ("value_yen = 100\n", _CODES))
        programs.publish(uow, text, since=cafe.club.now())
    cafe.club.programmes.forget()
    cafe.skips(days=1)


def test_codes_come_in_by_a_file_and_one_is_copied_on_the_card(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    has_codes(cafe)
    page, base = desk.page, desk.base_url
    page.goto(f"{base}/owner/codes")
    assert barriers_at_all_widths(desk) == []
    page.get_by_role("link", name="100円引き").click()
    assert barriers_at_all_widths(desk) == []
    content = "コード\r\nSPRING-1\r\nSPRING-2\r\n=1+1\r\n".encode("cp932")
    file = FilePayload(name="codes.csv", mimeType="text/csv", buffer=content)
    page.get_by_label("ファイル").set_input_files(file)
    page.get_by_role("button", name="中身を確かめる").click()
    page.get_by_text("新しいコード：2").wait_for()
    assert barriers_at_all_widths(desk) == []
    page.get_by_role("button", name="2のコードを追加する").click()
    page.get_by_text("コードを追加しました。").wait_for()

    member = joins(cafe, "さくら").member
    with cafe.club.work(Actor(1, "Boss", "owner", "ekimae"), key=f"test:{uuid4()}") as work:
        assert adjust(work, member.id, 100, reason="はじめに").done
    with counter(browser, cafe, _PHONE, permissions=["clipboard-read", "clipboard-write"]) as phone:
        phone.page.goto(base + card_link(cafe.club, member).removeprefix(cafe.club.base_url))
        phone.page.goto(f"{base}/card/rewards")
        phone.page.get_by_role("button", name="コードを受け取る").click()
        phone.page.get_by_role("button", name="はい、受け取ります").click()
        phone.page.get_by_text("SPRING-1").wait_for()
        assert barriers(phone.page) == []
        assert small_targets(phone.page) == []
        assert not is_wider_than_the_window(phone.page)
        phone.page.get_by_role("button", name="コードをコピー").click()
        phone.page.get_by_text("コピーしました").wait_for()
        assert phone.page.evaluate("navigator.clipboard.readText()") == "SPRING-1"
