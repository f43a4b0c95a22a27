"""What is typed for one customer is booked to nobody else, whoever is scanned behind the sheet."""

import json

import pytest
from playwright.sync_api import Browser, Playwright, Request, Route

from bot.codes import RewardUse
from rules.characters import spaced_number
from tests.journeys.town import Customer, Town
from tests.screens.browser import chromium, launched

from .film import film_of_card, filming_flags
from .shop import PHONE, Counter, card_code, counter, joins, visits

#: A card that was away from the camera for so long is read anew.
AWAY_MS = 4_100


def taps(desk: Counter, digits: str) -> None:
    """The big keys, one by one."""
    for digit in digits:
        desk.page.locator("#keypad-keys").get_by_role("button", name=digit, exact=True).click()


def spent(*customers: Customer) -> list[int]:
    return [customer.member.facts.spend for customer in customers]


def opens(desk: Counter, whose: str) -> None:
    desk.page.locator("#keypad[open]", has_text=whose).wait_for()


def opens_amount(desk: Counter, whose: str) -> None:
    desk.page.click("#add-amount")
    opens(desk, whose)


def test_a_scan_takes_what_was_typed_for_the_next_and_gives_its_digits_back(
    cafe: Town, desk: Counter
) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    opens_amount(desk, "つぎの方に付ける")
    taps(desk, "550")
    desk.types(card_code(customer))
    desk.says("チェックインしました", "さくら")
    assert not desk.page.is_visible("dialog")

    desk.scans(card_code(other), "チェックインしました", "ハナ")
    assert spent(customer, other) == [550, 0]
    # Typed on real keys, people as well: all goes with the one scan.
    desk.page.click(".result-close")
    third = joins(cafe, "りん")
    desk.page.click("#add-visitors")
    desk.page.get_by_role("button", name="決定").click()
    opens_amount(desk, "つぎの方に付ける")
    desk.page.keyboard.type("780", delay=150)
    desk.page.wait_for_timeout(600)
    desk.types(third.member.number)
    desk.says("チェックインしました", "りん", "お買い物 +")
    assert spent(third, other) == [780, 0]
    assert not desk.page.is_visible("#pending")
    assert cafe.adds_up()


def test_a_scan_of_another_waits_while_an_amount_is_open_for_somebody(
    cafe: Town, desk: Counter
) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    opens_amount(desk, "さくら様に付ける")
    taps(desk, "550")
    # Their own card once more changes nothing: it is the other's that is asked about.
    desk.types(card_code(customer))
    desk.types(other.member.number)
    waits = desk.page.locator("#another", has_text="さくら様の金額を入力中に")
    waits.wait_for()
    assert spaced_number(other.member.number) in waits.inner_text()
    # A third one is not taken, and the scanner's Enter decides nothing.
    desk.types(card_code(joins(cafe, "りん")))
    assert (visits(other), spent(customer)) == (0, [0])
    waits.get_by_role("button", name="入力に戻る").click()
    assert desk.page.inner_text("#keypad-shown") == "550"

    desk.types(card_code(other))
    waits.get_by_role("button", name="さくら様に550円を付けて").click()
    desk.says("チェックインしました", "ハナ")
    assert spent(customer, other) == [550, 0]
    assert not desk.page.is_visible("dialog")

    # Let go, it is nobody's.
    opens_amount(desk, "ハナ様に付ける")
    taps(desk, "900")
    desk.types(card_code(customer))
    desk.page.get_by_role("button", name="ハナ様には付けずに").click()
    desk.says("本日のご来店は記録済みです", "さくら")
    assert spent(customer, other) == [550, 0]
    assert not desk.page.is_visible("#pending")
    assert cafe.adds_up()


def test_a_sheet_that_was_closed_is_closed_for_the_scan_that_comes_in_the_same_moment(
    cafe: Town, desk: Counter
) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    opens_amount(desk, "さくら様に付ける")
    taps(desk, "550")
    desk.types(card_code(other))
    waits = desk.page.locator("#another", has_text="さくら様の金額を入力中に")
    waits.wait_for()
    # Back at the amount, the next scan asks anew.
    desk.types(card_code(other), tapped="#another [data-close]")
    waits.wait_for()
    waits.get_by_role("button", name="入力に戻る").click()

    # An amount that was given up goes to nobody, nor does it ask.
    desk.types(card_code(other), tapped="#keypad [data-close]")
    desk.says("チェックインしました", "ハナ")
    assert not desk.page.is_visible("dialog")
    assert spent(customer, other) == [0, 0]


def test_an_amount_that_is_asked_about_keeps_the_scan_behind_it_out(
    cafe: Town, desk: Counter
) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.scans(card_code(customer), "チェックインしました", "さくら")
    opens_amount(desk, "さくら様に付ける")
    taps(desk, "80000")
    desk.types(card_code(other))
    desk.page.get_by_role("button", name="さくら様に80,000円を付けて").click()
    desk.says("80,000円", "さくら")
    assert (visits(other), spent(customer)) == (0, [0])
    desk.page.get_by_role("button", name="80,000円で記録する").click()
    desk.says("を付けました", "さくら")
    assert spent(customer, other) == [80000, 0]


@pytest.mark.parametrize(
    ("what", "chip", "given"),
    [
        ("visitors", "", 2),
        ("eco", "マイバッグ", ["own_bag"]),
        ("confirm", "トークでのご感想", ["review"]),
    ],
)
def test_people_eco_and_what_is_confirmed_are_kept_apart_as_an_amount_is(
    cafe: Town, desk: Counter, what: str, chip: str, given: object
) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    sent: list[dict[str, object]] = []

    def notes(asked: Request) -> None:
        if asked.post_data:
            sent.append(json.loads(asked.post_data))

    desk.page.on("request", notes)
    sheet = desk.page.locator("dialog[open]")

    def opens(whose: str) -> None:
        desk.page.click(f"#add-{what}")
        sheet.filter(has_text=whose).wait_for()
        if chip:
            sheet.get_by_role("button", name=chip).first.click()

    opens("つぎの方に付ける")
    desk.types(card_code(customer))
    desk.says("チェックインしました", "さくら")
    assert not sheet.is_visible()
    assert sent[-1][what] == given

    opens("さくら様に付ける")
    desk.types(other.member.number)
    waits = desk.page.locator("#another", has_text="さくら様")
    waits.get_by_role("button", name="さくら様には付けずに").click()
    desk.says("チェックインしました", "ハナ")
    assert not sheet.is_visible()
    assert [what in body for body in sent] == [True, False]

    opens("ハナ様に付ける")
    desk.types(card_code(customer))
    desk.page.locator("#another").get_by_role("button", name="ハナ様に").first.click()
    desk.says("記録済みです", "さくら")
    added = next(body for body in sent if "addId" in body)
    assert (added["memberNumber"], added[what]) == (other.member.number, given)


def test_two_of_one_name_are_two(cafe: Town, desk: Counter) -> None:
    customer, other = joins(cafe, "田中"), joins(cafe, "田中")
    desk.scans(card_code(customer), "チェックインしました")
    opens_amount(desk, "田中様に付ける")
    taps(desk, "550")
    desk.types(card_code(other))
    desk.page.get_by_role("button", name="田中様に550円を付けて").click()
    desk.waits_until(lambda: visits(other) == 1)
    assert spent(customer, other) == [550, 0]


def test_a_card_that_is_still_on_its_way_is_waited_for(cafe: Town, desk: Counter) -> None:
    """Tapped at once after the scan, the keypad is for who was scanned, not for the next."""
    before, customer = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.scans(card_code(before), "チェックインしました", "さくら")

    def slowly(route: Route) -> None:
        desk.page.wait_for_timeout(300)
        route.continue_()

    desk.page.route("**/staff/api/scan", slowly)
    desk.types(card_code(customer))
    opens_amount(desk, "ハナ様に付ける")
    desk.page.unroute("**/staff/api/scan")
    taps(desk, "550")
    desk.page.get_by_role("button", name="決定").click()
    desk.says("を付けました", "ハナ")
    assert spent(before, customer) == [0, 550]


def test_what_is_no_card_takes_nothing_along_and_what_waits_is_shown_big(
    cafe: Town, desk: Counter
) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    opens_amount(desk, "つぎの方に付ける")
    taps(desk, "550")
    desk.types("4901234567894")
    desk.page.locator("#result.tone-bad, #result.tone-warn").wait_for()
    pending = desk.page.locator("#pending", has_text="つぎの方に付けます")
    chip = pending.get_by_role("button", name="550円をやめる")
    chip.wait_for()
    size = chip.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 24
    # Nor does the page of a reward: the card comes after it.
    member = customer.member
    use = RewardUse("cookie")
    code = club.codes.use_code(member.number, member.issue, use, "77112233445566ff", club.now())
    desk.scans(code, "さくら")
    chip.wait_for()

    desk.scans(card_code(customer), "チェックインしました", "さくら")
    assert spent(customer) == [550]
    assert not pending.is_visible()


def test_what_waits_for_nobody_is_forgotten(browser: Browser, cafe: Town) -> None:
    customer = joins(cafe, "さくら")
    with counter(browser, cafe, PHONE) as desk:
        desk.logs_in("owner")
        desk.page.clock.install()
        opens_amount(desk, "つぎの方に付ける")
        taps(desk, "550")
        desk.page.get_by_role("button", name="決定").click()
        desk.page.locator("#pending").wait_for()
        desk.page.clock.fast_forward("04:50")
        assert desk.page.is_visible("#pending")
        desk.page.clock.fast_forward("00:20")
        desk.page.locator("#pending").wait_for(state="hidden")
        desk.types(card_code(customer))
        desk.says("チェックインしました", "さくら")
    assert spent(customer) == [0]


def test_offline_a_scan_takes_and_waits_all_the_same(cafe: Town, desk: Counter) -> None:
    customer, other = joins(cafe, "さくら"), joins(cafe, "ハナ")
    desk.goes_offline(cafe)
    opens_amount(desk, "つぎの方に付ける")
    taps(desk, "550")
    desk.types(card_code(customer))
    desk.says("オフラインで受け付けました")
    number = customer.member.number
    opens_amount(desk, f"{number[:3]} {number[3:6]} {number[6:]}に付ける")
    taps(desk, "20")
    desk.types(card_code(other))
    desk.page.get_by_role("button", name="20円を付けて").click()
    desk.says("オフラインで受け付けました", other.member.number[-4:])

    desk.comes_online(cafe)
    desk.has_sent_all()
    assert [visits(customer), visits(other)] == [1, 1]
    assert spent(other) == [0]


def test_the_camera_behind_the_keypad_waits_too(
    playwright: Playwright, cafe: Town, tmp_path_factory: pytest.TempPathFactory
) -> None:
    customer = joins(cafe, "さくら")
    film = film_of_card(cafe, customer, tmp_path_factory.mktemp("film") / "card.mjpeg")
    with (
        launched(playwright, chromium(), filming_flags(film)) as filming,
        counter(filming, cafe, PHONE) as desk,
    ):
        desk.logs_in("owner")
        desk.page.clock.install()
        opens_amount(desk, "つぎの方に付ける")
        taps(desk, "550")
        desk.page.evaluate("document.getElementById('camera-start').click()")
        desk.says("チェックインしました", "さくら")
        assert not desk.page.is_visible("dialog")
        assert spent(customer) == [550]

        # Open for somebody, while another card is held before it.
        desk.page.evaluate("document.getElementById('camera-stop').click()")
        other = joins(cafe, "ハナ")
        desk.scans(card_code(other), "チェックインしました", "ハナ")
        opens_amount(desk, "ハナ様に付ける")
        taps(desk, "20")
        desk.page.clock.fast_forward(AWAY_MS)
        desk.page.evaluate("document.getElementById('camera-start').click()")
        waits = desk.page.locator("#another", has_text=customer.member.number[-4:])
        waits.get_by_role("button", name="ハナ様に20円を付けて").click()
        desk.says("記録済みです", "さくら")
        desk.page.evaluate("document.getElementById('camera-stop').click()")

        # What waits goes with whom the camera sees next.
        desk.page.click(".result-close")
        opens_amount(desk, "つぎの方に付ける")
        taps(desk, "30")
        desk.page.get_by_role("button", name="決定").click()
        desk.page.locator("#pending", has_text="30円").wait_for()
        desk.page.clock.fast_forward(AWAY_MS)
        desk.page.evaluate("document.getElementById('camera-start').click()")
        desk.says("記録済みです", "さくら")
        assert not desk.page.is_visible("#pending")
    assert spent(customer, other) == [580, 20]


def test_a_till_that_always_asks_has_the_keypad_open_for_whoever_was_scanned(
    cafe: Town, desk: Counter
) -> None:
    first, second, third = joins(cafe, "さくら"), joins(cafe, "ハナ"), joins(cafe, "りん")
    desk.page.click("#open-settings")
    desk.page.check("#pref-amount")
    desk.page.keyboard.press("Escape")
    desk.types(card_code(first))
    opens(desk, "さくら様に付ける")
    # Who has bought nothing is in nobody's way.
    desk.types(card_code(second))
    opens(desk, "ハナ様に付ける")
    taps(desk, "550")
    desk.page.get_by_role("button", name="決定").click()
    desk.says("550円を付けました（+5ポイント）", "ハナ")
    # What is typed all the same is asked about first; and the device remembers how it is used.
    desk.reopens()
    desk.is_ready()
    desk.types(card_code(second))
    opens(desk, "ハナ様に付ける")
    taps(desk, "80")
    desk.types(card_code(third))
    waits = desk.page.locator("#another", has_text="ハナ様の金額を入力中に")
    waits.get_by_role("button", name="ハナ様には付けずに").click()
    opens(desk, "りん様に付ける")
    assert spent(first, second, third) == [0, 550, 0]
    assert [visits(each) for each in (first, second, third)] == [1, 1, 1]
