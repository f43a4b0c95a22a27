"""A page that stands open all day: what changes around it meanwhile, and fingers that tap twice."""

from datetime import timedelta

from playwright.sync_api import Browser

from bot.store.history import programs
from tests.journeys.town import Town
from tests.rules.examples import CAFE, changed

from .shop import PHONE, Counter, card_code, counter, joins, visits
from .test_keypad import opens_amount, spent, taps
from .test_scan import next_open_noon


def publishes(town: Town, *changes: tuple[str, str]) -> None:
    """What the owner does at their laptop meanwhile."""
    club = town.club
    with club.store.begin() as uow:
        programs.publish(uow, changed(CAFE, *changes), since=club.now() - timedelta(seconds=1))
    club.programmes.forget()


def test_a_programme_published_meanwhile_is_followed_within_a_minute(
    browser: Browser, cafe: Town
) -> None:
    """Its buttons and words, without anybody reloading; what was chosen before is judged anew."""
    customer = joins(cafe, "さくら")
    with counter(browser, cafe, PHONE) as desk:
        desk.logs_in("owner")
        desk.page.clock.install()
        desk.page.reload()
        desk.page.click("#add-eco")
        desk.page.locator("#which", has_text="マイカップ").wait_for()
        publishes(
            cafe,
            ('{ ja = "マイカップ", en = "Own cup" }', '{ ja = "タンブラー", en = "Tumbler" }'),
            ('name = { ja = "ポイント", en = "points" }', 'name = { ja = "マメ", en = "beans" }'),
        )
        desk.page.clock.fast_forward(59_000)
        desk.page.keyboard.press("Escape")
        desk.waits_until(lambda: desk.page.get_attribute("#desk", "data-points") == "マメ")
        desk.page.click("#add-eco")
        desk.page.get_by_role("button", name="タンブラー").click()
        desk.page.get_by_role("button", name="決定").click()
        desk.scans(card_code(customer), "チェックインしました", "マメ", "さくら")
    assert visits(customer) == 1


def test_a_page_a_day_old_serves_the_next_day(cafe: Town, desk: Counter) -> None:
    """What was entered for somebody yesterday is nobody's today, and a visit is a new one."""
    customer = joins(cafe, "さくら")
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    next_open_noon(cafe)
    # The cookie's token of the page is a day old, too.
    desk.page.route(
        "**/staff/api/scan",
        lambda route: route.continue_(headers=route.request.headers | {"x-csrftoken": "old"}),
        times=1,
    )
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    assert visits(customer) == 2
    assert "時計" not in desk.page.inner_text("#result")


def test_signed_out_meanwhile_loses_no_amount(cafe: Town, desk: Counter) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    opens_amount(desk, "さくら様に付ける")
    taps(desk, "550")
    desk.context.clear_cookies()
    desk.types(card_code(other))
    desk.page.get_by_role("button", name="さくら様に550円を付けて").click()
    desk.says("お預かりしました", other.member.number[-4:])
    assert spent(customer, other) == [0, 0]
    desk.page.click("#status")
    desk.page.click("#sign-in")
    desk.logs_in("owner")
    desk.has_sent_all()
    assert (spent(customer, other), visits(other)) == ([550, 0], 1)


def test_tapped_twice_counts_once(cafe: Town, desk: Counter) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.page.locator("#add-amount").dblclick()
    taps(desk, "550")
    desk.page.get_by_role("button", name="決定").dblclick()
    desk.page.locator("#pending", has_text="550円").wait_for()
    desk.scans(card_code(customer), "チェックインしました")
    opens_amount(desk, "さくら様に付ける")
    taps(desk, "20")
    desk.types(card_code(other))
    desk.page.get_by_role("button", name="20円を付けて").dblclick()
    desk.says("チェックインしました", "ハナ")
    assert spent(customer, other) == [570, 0]
    desk.page.locator("#result").get_by_role("button", name="取り消す").dblclick()
    desk.says("取り消しました", "ハナ")
    desk.page.wait_for_load_state("networkidle")
    assert desk.page.locator("#result.tone-good").is_visible()
    assert [visits(customer), visits(other)] == [1, 0]
    assert cafe.adds_up()
