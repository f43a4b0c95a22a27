"""The member's card on a telephone: it opens, with and without network, and says what a scan
brought."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext

from bot.codes import CardCode, LiveCode
from bot.simulator import LIFF_ID
from handlers.showing.card_links import card_link
from tests.journeys.town import Customer, Town

from .shop import PATIENCE_MS, Counter, card_code, joins, read_code, until, visits
from .test_access import barriers, is_wider_than_the_window, small_targets

_IN_LINE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 Safari Line/15.1.0"
)
#: What WebPageTest calls 3G: 1.6 Mbit/s down, 300 ms there and back
#: (docs.webpagetest.org/test-settings, "Connection").
_BYTES_PER_SECOND, _ROUND_TRIP = 1_600_000 / 8, 0.3
#: Until the first byte of the first answer: name, TCP and TLS 1.3.
_TRIPS_TO_CONNECT = 1
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_KEPT = "caches.open('kayoi-card-mine').then((each) => each.match('/card/kept')).then(Boolean)"


@contextmanager
def telephone(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        locale="ja-JP",
        has_touch=True,
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


def link(cafe: Town, customer: Customer) -> str:
    return card_link(cafe.club, customer.member)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_card_stands_in_the_first_html(browser: Browser, cafe: Town, scripts: bool) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser, java_script_enabled=scripts) as phone:
        page = phone.new_page()
        page.goto(link(cafe, customer))
        assert page.url == f"{cafe.club.base_url}/card"
        live = cafe.club.codes.open_live(read_code(page), cafe.club.now())
        assert isinstance(live, LiveCode)
        assert live.is_good
        assert live.number == customer.member.number
        box = page.locator("#qr").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 844


def test_the_qr_is_there_within_a_second_and_a_half_of_3g(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser) as phone:
        page = phone.new_page()
        found: list[tuple[str, int]] = []
        page.on("response", lambda each: found.append((each.url, len(each.body()))))
        page.goto(link(cafe, customer), wait_until="load")
        blocking: list[str] = page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter((each) => each.renderBlockingStatus === 'blocking').map((each) => each.name)"
        )
        critical = sum(size for url, size in found if url == page.url or url in blocking)
        # The connection, the redirect, the page, and at once all that it waits for.
        trips = _TRIPS_TO_CONNECT + 3
        assert len(blocking) == 2
        assert critical / _BYTES_PER_SECOND + trips * _ROUND_TRIP <= 1.5


def test_without_network_the_phones_browser_shows_the_lasting_code(
    browser: Browser, cafe: Town
) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser) as phone:
        page = phone.new_page()
        page.goto(link(cafe, customer))
        until(page, _KEPT)
        phone.set_offline(True)
        cafe.web.stops()
        try:
            paints = []
            for _ in range(3):
                page.goto(f"{cafe.club.base_url}/card")
                assert page.inner_text("h1") == "さくらさん"
                card = cafe.club.codes.open_card(read_code(page))
                assert isinstance(card, CardCode)
                assert card.number == customer.member.number
                paints.append(page.evaluate(_FIRST_PAINT))
            assert min(paints) <= 1_000
            page.locator(".offline").wait_for()
        finally:
            cafe.web.starts()
            phone.set_offline(False)
        # And once there is one again, the moving one.
        page.locator("#page:not(.lasting)").wait_for()
        live = cafe.club.codes.open_live(read_code(page), cafe.club.now())
        assert isinstance(live, LiveCode)


def test_an_open_page_falls_back_to_the_lasting_code_and_back(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser, user_agent=_IN_LINE) as phone:
        page = phone.new_page()
        page.clock.install()
        page.goto(link(cafe, customer))
        phone.set_offline(True)
        page.clock.run_for(90_000)
        page.locator(".lasting").wait_for()
        assert read_code(page) == card_code(customer)
        phone.set_offline(False)
        page.clock.run_for(10_000)
        page.locator("#page:not(.lasting)").wait_for()
        assert cafe.club.codes.open_live(read_code(page), cafe.club.now()) is not None


@pytest.mark.parametrize(
    ("section", "buttons", "said"),
    [
        ("", ("form[action='/card/sign-out'] button",), "ここではまだ会員証を開けません"),
        ("/data/leave", ("form[action='/card/data/leave'] button",), "退会の手続きをしました"),
        ("/data/erase", ("form[action='/card/data/erase'] button",) * 2, "消しました"),
    ],
)
def test_what_the_phone_kept_goes_with_the_session(
    browser: Browser, cafe: Town, section: str, buttons: tuple[str, ...], said: str
) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser) as phone:
        page = phone.new_page()
        page.goto(link(cafe, customer))
        until(page, _KEPT)
        page.goto(f"{cafe.club.base_url}/card{section}")
        for button in buttons:
            page.click(button)
        page.get_by_text(said).wait_for()
        assert not page.evaluate(_KEPT)
        phone.set_offline(True)
        with pytest.raises(Exception, match="ERR_"):
            page.goto(f"{cafe.club.base_url}/card")


@pytest.mark.parametrize("is_opened_here", [True, False])
def test_the_card_of_another_link_takes_the_kept_ones_place(
    browser: Browser, cafe: Town, is_opened_here: bool
) -> None:
    first, second = joins(cafe, "さくら"), joins(cafe, "たろう")
    with telephone(browser) as phone:
        page = phone.new_page()
        page.goto(link(cafe, first))
        until(page, _KEPT)
        if is_opened_here:
            page.goto(link(cafe, second))
            assert page.inner_text("h1") == "たろうさん"
        else:
            # What looks after the page doesn't see it: the page finds out as it is opened.
            phone.request.get(link(cafe, second))
            page.goto(f"{cafe.club.base_url}/card")
            page.get_by_role("heading", name="たろうさん").wait_for()
        live = cafe.club.codes.open_live(read_code(page), cafe.club.now())
        assert isinstance(live, LiveCode)
        assert live.number == second.member.number
        until(page, _KEPT)
        kept = page.evaluate("caches.match('/card/kept').then((each) => each.text())")
        assert "たろうさん" in kept
        assert "さくらさん" not in kept


def test_lines_browser_is_offered_nothing_that_it_cannot_do(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser, user_agent=_IN_LINE) as phone:
        page = phone.new_page()
        page.goto(link(cafe, customer), wait_until="load")
        outside = page.get_attribute("#outside", "href") or ""
        assert "openExternalBrowser=1" in outside
        assert page.locator("[download], link[rel=manifest]").count() == 0
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    with telephone(browser) as phone:
        page = phone.new_page()
        page.goto(outside, wait_until="load")
        assert page.inner_text("h1") == "さくらさん"
        assert not page.is_visible("#outside")
        manifest = phone.request.get(
            f"{cafe.club.base_url}{page.get_attribute('link[rel=manifest]', 'href')}"
        ).json()
        assert (manifest["start_url"], manifest["display"]) == ("/card", "standalone")
        for icon in manifest["icons"]:
            body = phone.request.get(f"{cafe.club.base_url}{icon['src']}").body()
            with Image.open(io.BytesIO(body)) as drawn:
                assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
        with page.expect_download() as saved:
            page.click("[download]")
        picture = Image.open(saved.value.path())
        assert zxingcpp.read_barcodes(picture)[0].text == card_code(customer)


def test_in_lines_browser_the_mini_app_opens_the_card_of_whoever_line_says(
    browser: Browser, cafe: Town
) -> None:
    customer = joins(cafe, "さくら")
    customer.blocks()
    with telephone(browser, reduced_motion="reduce") as phone:
        page = phone.new_page()
        page.goto(f"{cafe.club.base_url}/simulator/mini-app/{LIFF_ID}?user={customer.user_id}")
        page.wait_for_url("**/card")
        page.get_by_role("heading", name="さくらさん").wait_for()
        for offered in ("#scan", "#share", "#befriend"):
            page.locator(offered).wait_for()
        assert barriers(page) == []
        assert page.is_visible("#outside")
        assert not page.is_visible("[download]")
        assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
        # The camera reads the counter's QR, and one tap checks in.
        page.on("dialog", lambda dialog: dialog.accept(cafe.counter_link()))
        page.click("#scan")
        page.locator("#moment").wait_for()
        assert visits(customer) == 1
        page.click("#moment-close")
        page.click("#befriend")
        page.locator("#befriend").wait_for(state="hidden")
        found = cafe.simulator.account(customer.user_id)
        assert found is not None
        assert found.status == "friend"
        # The picker of friends is given the invitation, with the member's own code.
        with page.expect_event("dialog") as picker:
            page.click("#share")
        told = customer.taps("do=referral").text
        [code] = set(re.findall(r"^[A-Z0-9]{6,}$", told, re.MULTILINE))
        assert code in unquote(picker.value.message)
    with telephone(browser) as phone:
        # Somebody whom the club doesn't know yet.
        stranger = cafe.newcomer()
        page = phone.new_page()
        page.goto(f"{cafe.club.base_url}/simulator/mini-app/{LIFF_ID}?user={stranger.user_id}")
        page.locator("#friend").wait_for()
        assert barriers(page) == []


def test_a_scan_is_celebrated_once_on_the_open_card(
    browser: Browser, cafe: Town, desk: Counter
) -> None:
    customer = joins(cafe, "さくら")
    with telephone(browser, reduced_motion="reduce") as phone:
        page = phone.new_page()
        page.goto(link(cafe, customer))
        before = customer.member.facts.balance
        desk.scans(card_code(customer), "チェックインしました")
        page.locator("#moment").wait_for()
        given = customer.member.facts.balance - before
        assert given > 0
        assert page.inner_text("#moment-points") == f"+{given}"
        assert "バッジ" in page.inner_text("#moment-lines")
        assert barriers(page) == []
        page.click("#moment-close")
        assert page.inner_text("#points") == str(before + given)
        with page.expect_response("**/card/state*") as next_look:
            pass
        assert next_look.value.json()["moment"] is None
        assert page.locator("#moment").is_hidden()


def test_the_card_has_no_barriers(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    for agent in (_IN_LINE, None):
        with telephone(browser, reduced_motion="reduce", user_agent=agent) as phone:
            page = phone.new_page()
            page.goto(f"{cafe.club.base_url}/card")
            assert barriers(page) == []
            page.goto(link(cafe, customer))
            assert barriers(page) == []
            assert not is_wider_than_the_window(page)
            assert small_targets(page) == []
