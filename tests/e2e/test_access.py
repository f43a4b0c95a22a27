"""Everybody can use the staff's pages: no barrier that axe finds, no page wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from tests.journeys.town import Town

from .addresses import pages_of_links, pages_of_staff
from .shop import LAPTOP, PHONE, Counter, card_code, counter, joins

#: A phone, a tablet upright, a laptop.
WIDTHS = (360, 768, 1280)


#: Until what fades or slides in stands: half-way its colours are no colours of the page's.
_STANDS = """() => Promise.all(document.getAnimations()
  .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
  .map((each) => each.finished.catch(() => null)))"""


def barriers(page: Page) -> list[str]:
    """Whatever axe finds, of any impact, with where it is, once the page is whole."""
    page.wait_for_load_state("load")
    page.evaluate(_STANDS)
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found
        for node in each["nodes"]
    ]


def barriers_at_all_widths(desk: Counter) -> list[str]:
    """The same at three widths, with all that can be opened open."""
    desk.page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
    found = []
    for width in WIDTHS:
        desk.page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {each}" for each in barriers(desk.page)]
        if is_wider_than_the_window(desk.page):
            found.append(f"{width}: wider than the window")
    return found


def is_wider_than_the_window(page: Page) -> bool:
    page.wait_for_load_state("load")
    wide: bool = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return wide


def small_targets(page: Page) -> list[str]:
    """Buttons and fields that are too small for a finger."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, nav a")]
          .filter((node) => node.checkVisibility() && node.type !== "checkbox")
          .filter((node) => node.getBoundingClientRect().height < 40)
          .map((node) => node.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_the_counter_has_no_barriers_whatever_it_shows(
    browser: Browser, cafe: Town, size: tuple[int, int]
) -> None:
    customer = joins(cafe, "佐々木さくらこ")
    with counter(browser, cafe, size, reduced_motion="reduce") as desk:
        desk.page.goto(f"{desk.base_url}/staff/login")
        assert barriers(desk.page) == []
        desk.logs_in("owner")
        for opened in (None, "#add-amount", "#add-visitors", "#status", "#open-settings"):
            if opened:
                desk.page.click(opened)
            assert barriers(desk.page) == [], opened
            assert not is_wider_than_the_window(desk.page), opened
            assert small_targets(desk.page) == [], opened
            desk.page.keyboard.press("Escape")
        for code in (card_code(customer), card_code(customer), "A" * 122):
            desk.types(code)
            desk.page.locator("#result").wait_for()
            desk.page.wait_for_timeout(300)
            assert barriers(desk.page) == []
            assert not is_wider_than_the_window(desk.page)


def test_no_page_of_the_staff_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with counter(browser, cafe, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        found = {}
        for path in pages_of_staff(cafe, customer):
            answer = desk.page.goto(f"{desk.base_url}{path}")
            assert answer is not None
            found[path] = ["is not there"] if answer.status == 404 else []
            found[path] += barriers_at_all_widths(desk)
        assert "\n".join(f"{path} {x}" for path, each in found.items() for x in each) == ""


def test_no_page_that_a_link_opens_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with counter(browser, cafe, reduced_motion="reduce") as desk:
        found = {}
        for link in pages_of_links(cafe, customer):
            desk.page.goto(link if "://" in link else f"{desk.base_url}{link}")
            found[link] = barriers_at_all_widths(desk)
        assert "\n".join(f"{link} {x}" for link, each in found.items() for x in each) == ""


def test_text_of_twice_the_size_still_fits(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with counter(browser, cafe, (720, 740)) as desk:
        desk.logs_in("owner")
        desk.page.evaluate("document.documentElement.style.fontSize = '32px'")
        desk.scans(card_code(customer), "チェックインしました")
        assert not is_wider_than_the_window(desk.page)


def in_reach(desk: Counter, selector: str) -> bool:
    """Whether a finger can tap it where the page stands now."""
    found: bool = desk.page.locator(selector).evaluate(
        """(node) => [[1, 1], [1, 9], [9, 1], [9, 9]].every(([x, y]) => {
          const box = node.getBoundingClientRect();
          const [left, top] = [box.left + box.width * x / 10, box.top + box.height * y / 10];
          return node.contains(document.elementFromPoint(left, top));
        })"""
    )
    return found


def test_the_amount_is_in_reach_under_the_longest_result_of_a_phone(
    browser: Browser, cafe: Town
) -> None:
    colours = ["#f6e3a1", "#b8860b"]
    lines = [f"🎉 バッジ「{n}杯めの乾杯」を獲得！" for n in range(6)]

    def of_gold_with_six_rewards(route: Route) -> None:
        answer = route.fetch().json()
        one = {"cost": 100, "terms": ["プレゼント", "3,000円以上のお買い物で"], "voucher": None}
        rewards = [{"name": f"お好きな焼き菓子{n}"} | one for n in range(6)]
        rank = {"name": "ゴールドファン", "colours": colours}
        answer["member"] |= {"rewards": rewards, "rank": rank, "note": "窓ぎわがお好きです"}
        answer["member"] |= {"say": "「お誕生日おめでとうございます！」", "birthday": "day"}
        answer["member"] |= {"expiring": "1,200ポイントの期限は3月31日です。", "today": lines}
        answer["member"] |= {"blocked": True}
        answer["marks"] = ["old_code", "merged", "paused", "other_store"]
        answer["brought"] = "12,000円・2名さま・マイバッグを付けました（+120ポイント）"
        answer["undoes"] = "ご来店・12,000円・2名さま・マイバッグ"
        answer["limits"] = ["「マイバッグ」は上限のため、つきませんでした（1日1回まで）。"]
        route.fulfill(json=answer)

    with counter(browser, cafe, (360, 640), reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        desk.page.route("**/staff/api/scan", of_gold_with_six_rewards)
        for scrolled, customer in enumerate((joins(cafe, "佐々木さくらこ"), joins(cafe, "ハナ"))):
            desk.page.evaluate(f"window.scrollTo(0, {scrolled * 2000})")
            desk.types(card_code(customer))
            desk.says("お好きな焼き菓子5", customer.name)
            assert in_reach(desk, "#add-amount"), scrolled
            assert in_reach(desk, ".result-line"), scrolled
            assert in_reach(desk, ".undo-button"), scrolled


def test_the_keyboard_alone_checks_in_and_takes_back(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.page.focus("#find-field")
    desk.page.keyboard.type(customer.member.number, delay=150)
    desk.page.keyboard.press("Enter")
    desk.says("チェックインしました")
    told = desk.page.inner_text("#said")
    assert "チェックインしました" in told
    assert "さくら" in told

    for _ in range(40):
        desk.page.keyboard.press("Tab")
        if "undo-button" in (desk.page.evaluate("document.activeElement.className") or ""):
            break
    desk.page.keyboard.press("Enter")
    desk.says("取り消しました")
    desk.page.keyboard.press("Escape")
    desk.page.locator("#result").wait_for(state="hidden")
    assert customer.member.facts.visits == 0
