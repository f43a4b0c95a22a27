"""One scan at the till: what a member selected on their card goes with the visit."""

from playwright.sync_api import Browser, Page, ViewportSize

from bot.codes import RewardUse
from handlers.actions.recording.record import Request, record
from handlers.showing.card_links import card_link
from rules.activity import Adjustment
from tests.journeys.town import Customer, Town

from .shop import Counter, joins, read_code, visits

PHONE: ViewportSize = {"width": 390, "height": 844}


def member_with(cafe: Town, name: str, points: int) -> Customer:
    customer = joins(cafe, name)
    with cafe.club.work() as work:
        given = Request(customer.member.id, Adjustment(points), work.now)
        record(work.acting("staff").under(f"test:{name}"), given)
    return customer


def opens_card(browser: Browser, cafe: Town, customer: Customer) -> Page:
    context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="ja-JP")
    page = context.new_page()
    page.goto(card_link(cafe.club, customer.member))
    return page


def selects(page: Page, *names: str) -> None:
    page.locator(".select summary").click()
    for name in names:
        page.get_by_label(name).check()
    page.locator(".select button").click()
    page.locator(".select.chosen").wait_for()


def test_a_visit_an_amount_and_two_rewards_go_with_one_scan_and_one_undo(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    customer = member_with(cafe, "さくら", 300)
    before = customer.member.facts.balance
    page = opens_card(browser, cafe, customer)
    selects(page, "本日の焼き菓子", "100円引き")
    desk.page.set_viewport_size(PHONE)
    desk.page.click("#add-amount")
    desk.page.keyboard.type("1500", delay=150)
    desk.page.get_by_role("button", name="決定").click()
    desk.page.locator("#pending", has_text="1,500円").wait_for()
    desk.scans(
        read_code(page.locator("#qr")), "チェックインしました", "「本日の焼き菓子」をお渡しください"
    )
    desk.says("レジで100円お値引きします", "1,500円（うちポイント払い100円）")
    # What it brought is shown full-screen first.
    page.locator("#moment[open]", has_text="+").wait_for()
    page.click("#moment-close")
    page.locator(".select li.handed").nth(1).wait_for()
    assert customer.member.facts.spend == 1_400
    # Scanned again it hands out nothing; and one tap takes all of it back.
    desk.reopens()
    desk.page.set_viewport_size(PHONE)
    row = desk.page.locator(".recent-row", has_text="さくら").first
    row.locator("button").click()
    desk.says("取り消しました")
    facts = customer.member.facts
    assert (facts.balance, facts.visits, facts.spend) == (before, 0, 0)
    page.locator(".select li.cancelled").nth(1).wait_for()
    assert cafe.adds_up()
    page.context.close()


def test_without_network_the_visit_is_kept_and_staff_are_told_of_the_reward(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    customer = member_with(cafe, "りん", 300)
    page = opens_card(browser, cafe, customer)
    selects(page, "本日の焼き菓子")
    code = read_code(page.locator("#qr"))
    desk.goes_offline(cafe)
    desk.scans(code, "オフラインで受け付けました", "選ばれた特典は、まだお渡しできません")
    desk.comes_online(cafe)
    desk.has_sent_all()
    assert visits(customer) == 1
    member = customer.member
    use = RewardUse("cookie")
    fallback = cafe.club.codes.use_code(member.number, member.issue, use, "0" * 16, cafe.club.now())
    desk.scans(fallback, "「本日の焼き菓子」をお渡しください")
    assert cafe.adds_up()
    page.context.close()


def test_who_was_scanned_a_moment_ago_may_still_select_something(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    customer = member_with(cafe, "はな", 300)
    page = opens_card(browser, cafe, customer)
    desk.scans(read_code(page.locator("#qr")), "チェックインしました")
    selects(page, "本日の焼き菓子")
    desk.scans(read_code(page.locator("#qr")), "記録済みです", "「本日の焼き菓子」をお渡しください")
    assert visits(customer) == 1
    page.context.close()
