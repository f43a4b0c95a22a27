"""A tablet is registered by a link, people change on it by a tap, and what is done there is its."""

from playwright.sync_api import Browser

from tests.journeys.town import Town

from .shop import Counter, card_code, counter, hire, joins


def test_a_registered_tablet_knows_its_people_and_its_last_actions(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    hire(cafe.club, "mika", "森みか", "staff", "ekimae")
    desk.page.goto(f"{desk.base_url}/staff/devices")
    desk.page.fill("[name=name]", "レジ横のタブレット")
    desk.page.select_option("[name=store]", "ekimae")
    desk.page.get_by_role("button", name="招待リンクを作る").click()
    link = desk.page.input_value("input[readonly]")

    customer = joins(cafe, "さくら")
    with counter(browser, cafe) as tablet:
        tablet.page.goto(link)
        tablet.page.locator("main button[type=submit]").click()
        tablet.page.goto(f"{tablet.base_url}/staff/")
        tablet.page.get_by_role("button", name="森みか").click()
        tablet.page.wait_for_url("**/staff/")
        tablet.is_ready()
        tablet.scans(card_code(customer), "チェックインしました")
        tablet.page.locator("#recent-list", has_text="さくら").wait_for()
        tablet.page.locator("#recent-list").get_by_role("button", name="取り消す").click()
        tablet.says("取り消しました")

        tablet.page.locator(".person").click()
        tablet.page.get_by_text("どなたですか？").wait_for()
    assert customer.member.facts.visits == 0
