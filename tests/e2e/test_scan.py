"""Staff scan a card, and the customer's rank changes in the chat."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright

from bot.codes import Picture, Use
from rules.shop import days
from tests.journeys.town import Customer, Town
from tests.screens.browser import chromium, launched

from .shop import PHONE, Counter, card_code, counter, joins

CAMERA = (1280, 720)


def visits(customer: Customer) -> int:
    return customer.member.facts.visits


def next_open_noon(town: Town) -> None:
    shop, today = town.club.timeline().latest.programme.shop, town.today()
    later = days(today + timedelta(days=1), today + timedelta(days=9))
    town.travels_to_day(next(day for day in later if shop.is_open(day)))


def film_of_card(town: Town, customer: Customer, path: Path) -> Path:
    """A film in which the customer's card, as LINE shows it, is held before the camera."""
    member = customer.member
    address = town.club.codes.picture_path(Picture("card", member.number, "1"))
    answer = town.http.get(address)
    assert answer.status_code == 200
    card = Image.open(BytesIO(answer.data)).convert("RGB")
    card.thumbnail((CAMERA[0] - 160, CAMERA[1] - 80))
    scene = Image.new("RGB", CAMERA, "#4a3b30")
    scene.paste(card, ((CAMERA[0] - card.width) // 2, (CAMERA[1] - card.height) // 2))
    frame = BytesIO()
    scene.save(frame, "JPEG", quality=92)
    # A film in Motion JPEG is its pictures, one after the other.
    path.write_bytes(frame.getvalue() * 5)
    return path


def filming_flags(film: Path) -> list[str]:
    """What has a browser see `film` through its camera."""
    return [
        *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
        f"--use-file-for-fake-video-capture={film}",
    ]


def test_a_card_before_the_camera_checks_in_until_the_rank_changes(
    playwright: Playwright, cafe: Town, tmp_path: Path
) -> None:
    customer = joins(cafe, "さくら")
    flags = filming_flags(film_of_card(cafe, customer, tmp_path / "card.mjpeg"))
    with launched(playwright, chromium(), flags) as filming, counter(filming, cafe) as desk:
        desk.logs_in("owner")
        desk.page.click("#camera-start")
        desk.says("チェックインしました", "さくら")
        for _ in range(2):
            next_open_noon(cafe)
            desk.reopens()
            desk.says("チェックインしました", "さくら")

        desk.says("ブロンズファン")
    assert visits(customer) == 3
    assert "ブロンズファン" in customer.writes("ランク")
    assert cafe.adds_up()


def test_the_camera_reads_the_other_card_for_a_merging_and_a_new_telephone(
    playwright: Playwright, cafe: Town, tmp_path: Path
) -> None:
    old, new = joins(cafe, "さくら"), joins(cafe, "さくら")
    flags = filming_flags(film_of_card(cafe, new, tmp_path / "card.mjpeg"))
    number = new.member.number
    page_of_old = f"/staff/members/{old.member.number}"
    with (
        launched(playwright, chromium(), flags) as filming,
        counter(filming, cafe, PHONE) as desk,
    ):
        desk.logs_in("owner")
        desk.page.goto(f"{desk.base_url}{page_of_old}/transfer")
        desk.page.click("#camera-start")
        desk.page.locator("#card-read", has_text=number[6:]).wait_for()
        assert desk.page.input_value("[name=other]").replace(" ", "") == number

        desk.page.goto(f"{desk.base_url}{page_of_old}/merge")
        desk.page.locator("#card-read", has_text="読み取りました").wait_for()
        desk.page.get_by_role("button", name="まとめるとどうなるか見る").click()
        desk.page.locator(".sides").wait_for()
        assert not desk.page.is_visible("#lens")
        desk.page.get_by_role("button", name="まとめる", exact=True).click()
        desk.page.locator(".done").wait_for()
        desk.page.goto(f"{desk.base_url}/staff/members/{number}")
        desk.page.wait_for_url(f"**{page_of_old}?*")


def test_a_hand_scanner_checks_in_until_the_rank_changes(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    code = card_code(customer)
    desk.scans(code, "チェックインしました", "さくら")
    desk.scans(code, "本日のご来店は記録済みです")
    assert visits(customer) == 1

    for _ in range(2):
        next_open_noon(cafe)
        desk.scans(code, "チェックインしました")
        assert "時計" not in desk.page.inner_text("#result")

    desk.says("ブロンズファン")
    assert visits(customer) == 3
    assert "ブロンズファン" in customer.writes("ランク")
    assert cafe.adds_up()


def test_an_amount_goes_with_the_next_scan_and_another_after_it(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.page.click("#add-amount")
    for key in ("1", "2", "00"):
        desk.page.get_by_role("button", name=key, exact=True).click()
    desk.page.get_by_role("button", name="決定").click()
    desk.page.get_by_role("button", name="1,200円をやめる").wait_for()
    desk.scans(card_code(customer), "チェックインしました")
    assert customer.member.facts.spend == 1200

    desk.page.click("#add-amount")
    desk.page.keyboard.type("800", delay=150)
    desk.page.keyboard.press("Enter")
    desk.says("追加しました", "さくら")
    assert customer.member.facts.spend == 2000
    assert not desk.waiting()


def test_a_number_is_judged_while_it_is_typed(cafe: Town, desk: Counter) -> None:
    number = joins(cafe, "さくら").member.number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    field = desk.page.locator("#find-field")
    field.press_sequentially(wrong, delay=150)
    desk.page.get_by_text("会員番号が違うようです").first.wait_for()
    assert not desk.page.is_visible("#result")

    field.fill("".join(chr(ord(digit) + 0xFEE0) for digit in number))
    field.press("Enter")
    desk.says("チェックインしました", "さくら")


def test_one_tap_takes_the_last_scan_back(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    before = customer.member.facts
    desk.scans(card_code(customer), "チェックインしました")
    assert visits(customer) == 1

    desk.page.locator("#result").get_by_role("button", name="取り消す").click()
    desk.says("取り消しました", "さくら")
    assert visits(customer) == 0
    assert customer.member.facts.balance == before.balance
    desk.page.locator("#recent-list .undone").wait_for()
    assert cafe.adds_up()


def test_a_reward_is_handed_over_and_taken_back(cafe: Town, desk: Counter) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    reward = club.timeline().latest.programme.reward("cookie")
    assert reward is not None
    assert reward.cost
    desk.page.click("#add-amount")
    desk.page.keyboard.type("90000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "チェックインしました", reward.name.ja)
    balance = customer.member.facts.balance
    member, nonce = customer.member, "00112233445566ff"
    use = club.codes.use_code(member.number, member.issue, Use(reward.id), nonce, club.now())

    desk.scans(use, f"「{reward.name.ja}」をお渡しください", "さくら")
    assert customer.member.facts.balance == balance - reward.cost
    desk.scans(use, "さくら")
    assert customer.member.facts.balance == balance - reward.cost

    desk.page.locator("#recent-list").get_by_role("button", name="取り消す").first.click()
    desk.says("取り消しました")
    assert customer.member.facts.balance == balance
    assert cafe.adds_up()


def test_a_manager_takes_back_what_was_spent_at_the_shops_expense(
    cafe: Town, desk: Counter
) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    desk.page.click("#add-amount")
    desk.page.keyboard.type("10000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "チェックインしました")
    member = customer.member
    use = club.codes.use_code(member.number, member.issue, Use("off_100"), "ab" * 8, club.now())
    desk.scans(use, "100円引き")
    assert 0 < customer.member.facts.balance < 260

    desk.page.locator("#recent-list").get_by_role("button", name="取り消す").nth(1).click()
    desk.says("もう使われたか")
    desk.page.get_by_role("button", name="お店の負担で取り消す").click()
    desk.page.locator("#insist", has_text="不足分はお店の負担").wait_for()
    desk.page.keyboard.press("Enter")
    assert desk.page.is_visible("#insist"), "a reason is needed"
    desk.page.keyboard.type("打ち間違い", delay=150)
    desk.page.keyboard.press("Enter")
    desk.says("取り消しました", "さくら")
    assert visits(customer) == 0
    assert customer.member.facts.balance == 0
    assert cafe.adds_up()


@pytest.mark.parametrize("code", ["A" * 122, "1234567890123", "https://example.com/"])
def test_what_is_no_card_is_said_to_be_none(cafe: Town, desk: Counter, code: str) -> None:
    desk.types(code)
    desk.page.locator("#result.tone-warn, #result.tone-bad").wait_for()
    assert not desk.waiting()


def test_a_camera_that_is_denied_says_what_works_without_it(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe) as desk:
        desk.logs_in("owner")
        desk.page.click("#camera-start")
        problem = desk.page.locator("#lens-problem")
        problem.wait_for()
        assert "ハンドスキャナー" in problem.inner_text()
