"""A page that is open all day: rain at one tap, and a programme that is published meanwhile."""

from playwright.sync_api import Browser

from bot.settings import PROJECT
from bot.store.history import programs
from tests.journeys.town import Town

from .shop import Counter, card_code, counter, joins

PROGRAMME = (PROJECT / "program.toml").read_text("utf-8")
RAIN = "[data-campaign=rain]"


def publishes(town: Town, *changes: tuple[str, str]) -> None:
    text = PROGRAMME
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with town.club.store.begin() as uow:
        programs.publish(uow, text, since=town.club.now())
    town.club.programmes.forget()


def is_on(desk: Counter, on: bool) -> None:
    desk.page.locator(f'{RAIN}[aria-pressed="{str(on).lower()}"]').wait_for()


def test_rain_is_one_tap_with_and_without_network(cafe: Town, desk: Counter) -> None:
    dry, wet, kept = joins(cafe, "さくら"), joins(cafe, "ハナ"), joins(cafe, "りん")
    desk.scans(card_code(dry), "チェックインしました")
    is_on(desk, False)
    desk.page.locator(RAIN).hover()
    desk.page.mouse.down()
    desk.page.mouse.up()
    is_on(desk, True)
    # Tapped twice, it stays on.
    desk.page.mouse.down(click_count=2)
    desk.page.mouse.up(click_count=2)
    desk.scans(card_code(wet), "雨の日ポイント +10")
    desk.page.click(RAIN)
    is_on(desk, False)
    # Tapped and scanned without network, and told in that order later.
    desk.goes_offline(cafe)
    desk.page.click(RAIN)
    is_on(desk, True)
    desk.scans(card_code(kept), "オフラインで受け付けました")
    desk.reopens()
    is_on(desk, True)
    desk.comes_online(cafe)
    desk.has_sent_all()
    given = [customer.member.facts.balance for customer in (dry, wet, kept)]
    assert given[1:] == [given[0] + 10] * 2
    assert cafe.adds_up()


def test_an_open_page_follows_a_new_programme_and_loses_nothing(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    customer = joins(cafe, "さくら")
    with counter(browser, cafe) as other:
        other.logs_in("owner")
        other.page.clock.install()
        other.page.reload()
        other.page.locator(RAIN, has_text="雨の日ポイント").wait_for()
        other.page.click("#add-amount")
        other.page.keyboard.type("780", delay=150)
        other.page.get_by_role("button", name="決定").click()
        other.page.locator("#pending", has_text="780円").wait_for()
        publishes(
            cafe,
            ('ja = "マイカップ"', 'ja = "マイタンブラー"'),
            ('name = { ja = "ポイント"', 'name = { ja = "カフェマイル"'),
            ('ja = "雨の日ポイント"', 'ja = "雪の日ポイント"'),
            ('name = { ja = "通い路珈琲"', 'name = { ja = "通い路珈琲店"'),
        )
        other.page.clock.fast_forward(60_000)
        other.page.locator(RAIN, has_text="雪の日ポイント").wait_for()
        assert "通い路珈琲店" in other.page.inner_text(".shop")
        other.page.click("#add-eco")
        other.page.locator("#which", has_text="マイタンブラー").wait_for()
        other.page.keyboard.press("Escape")
        assert other.page.is_visible("#pending")
        other.types(card_code(customer))
        other.says("780円を付けました（+7カフェマイル）", "カフェマイル")
    assert customer.member.facts.spend == 780
