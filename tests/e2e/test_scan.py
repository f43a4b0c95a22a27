"""Staff scan a card, and the customer's rank changes in the chat."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from bot.codes import RewardUse
from rules.shop import days
from tests.journeys.town import Town
from tests.screens.browser import chromium, launched

from .film import film_of_card, filming_flags
from .shop import Counter, card_code, counter, joins, visits


def next_open_noon(town: Town) -> None:
    shop, today = town.club.timeline().latest.programme.shop, town.today()
    later = days(today + timedelta(days=1), today + timedelta(days=9))
    town.travels_to_day(next(day for day in later if shop.is_open(day)))


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
    desk.says("800円を付けました", "さくら")
    assert customer.member.facts.spend == 2000
    assert not desk.waiting()


def test_a_number_is_judged_while_it_is_typed(cafe: Town, desk: Counter) -> None:
    number = joins(cafe, "さくら").member.number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    field = desk.page.locator("#find-field")
    field.press_sequentially(wrong, delay=150)
    desk.page.get_by_text("会員番号の入力まちがいのようです").first.wait_for()
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


def test_three_scans_in_three_seconds_are_one_visit_and_stay_one_result(
    cafe: Town, desk: Counter
) -> None:
    """A trigger that is held, a doubled code, AIM's sign; taken back, the next scan counts."""
    customer = joins(cafe, "さくら")
    code = card_code(customer)
    asked: list[str] = []
    desk.page.on("request", lambda one: asked.append(one.url) if "/api/scan" in one.url else None)
    for sent in (f"]Q1{code}", code * 2, customer.member.number):
        desk.types(sent)
    desk.says("チェックインしました", "さくら", "本日のご来店は記録済みです")
    desk.types(code)
    desk.says("チェックインしました", "ご来店 +")
    assert (len(asked), visits(customer)) == (1, 1)

    desk.page.locator("#result").get_by_role("button", name="取り消す").click()
    desk.says("取り消しました")
    desk.types(code)
    desk.says("チェックインしました", "さくら")
    assert visits(customer) == 1
    # A code that is no card's may be tried again at once.
    for _ in range(2):
        desk.types("4901234567894")
        desk.page.locator("#result.tone-bad, #result.tone-warn").wait_for()
    desk.waits_until(lambda: len(asked) == 4)


def test_a_reward_is_handed_over_and_taken_back(cafe: Town, desk: Counter) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    reward = club.timeline().latest.programme.reward("cookie")
    assert reward is not None
    assert reward.cost
    desk.page.click("#add-amount")
    desk.page.keyboard.type("19000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "チェックインしました", reward.name.ja)
    balance = customer.member.facts.balance
    member, nonce = customer.member, "00112233445566ff"
    use = club.codes.use_code(member.number, member.issue, RewardUse(reward.id), nonce, club.now())

    desk.scans(use, f"「{reward.name.ja}」をお渡しください", "さくら")
    assert customer.member.facts.balance == balance - reward.cost
    desk.scans(use, "さくら")
    assert customer.member.facts.balance == balance - reward.cost

    handed = desk.page.locator("#recent-list li", has_text="特典").first
    handed.get_by_role("button", name="取り消す").click()
    desk.says("取り消しました")
    assert customer.member.facts.balance == balance
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
