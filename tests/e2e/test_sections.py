"""The sections of the member's page on a phone: no barrier, nothing wider than the screen, and
everything done without a script."""

import pytest
from playwright.sync_api import Browser

from handlers.showing.card_links import card_link
from tests.journeys.town import Town

from .addresses import pages_of_a_session
from .shop import counter, joins
from .test_access import barriers, is_wider_than_the_window, small_targets

_PHONE = (390, 844)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_member_reads_and_changes_everything_on_a_phone(
    browser: Browser, cafe: Town, *, scripts: bool
) -> None:
    customer = joins(cafe, "さくら")
    with counter(
        browser, cafe, _PHONE, reduced_motion="reduce", java_script_enabled=scripts
    ) as phone:
        page, base = phone.page, phone.base_url
        page.goto(base + card_link(cafe.club, customer.member).removeprefix(cafe.club.base_url))
        for path in pages_of_a_session(cafe) if scripts else ():
            answer = page.goto(base + path)
            assert answer is not None
            assert answer.status == 200, path
            assert barriers(phone.page) == [], path
            assert not is_wider_than_the_window(phone.page), path
            assert small_targets(phone.page) == [], path
        page.goto(f"{base}/card/me")
        page.get_by_role("switch", name="お久しぶりのとき").click()
        page.get_by_role("status").wait_for()
        assert customer.member.topics_left == ("comeback",)
        page.get_by_role("link", name="お誕生日を登録").click()
        page.get_by_label("月", exact=True).select_option("5")
        page.get_by_label("日", exact=True).select_option("12")
        page.get_by_role("button", name="つぎへ").click()
        page.get_by_role("button", name="この日で登録").click()
        page.get_by_text("お誕生日を登録しました").wait_for()
        page.goto(f"{base}/card/data")
        with page.expect_download() as saved:
            page.get_by_role("link", name="CSV").click()
        assert saved.value.suggested_filename.endswith(".csv")
        page.get_by_role("link", name="退会する").click()
        page.get_by_role("button", name="退会します").click()
        page.get_by_text("退会の手続きをしました").wait_for()
        assert customer.member.membership == "left"
