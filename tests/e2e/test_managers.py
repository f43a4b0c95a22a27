"""What takes a manager, or two cards: undoing at the shop's expense, merging, a new telephone."""

from pathlib import Path

from playwright.sync_api import Playwright

from bot.codes import RewardUse
from tests.journeys.town import Town
from tests.screens.browser import chromium, launched

from .film import film_of_card, filming_flags
from .shop import PHONE, Counter, card_code, counter, joins, visits


def test_a_manager_takes_back_what_was_spent_at_the_shops_expense(
    cafe: Town, desk: Counter
) -> None:
    customer, club = joins(cafe, "さくら"), cafe.club
    desk.page.click("#add-amount")
    desk.page.keyboard.type("10000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "チェックインしました")
    member = customer.member
    use = club.codes.use_code(
        member.number, member.issue, RewardUse("off_100"), "ab" * 8, club.now()
    )
    desk.scans(use, "100円引き")
    assert customer.member.facts.balance == member.facts.balance - 100

    desk.page.locator("#recent-list li", has_text="特典").first.wait_for()
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


def test_a_large_amount_is_asked_once_more_with_its_figure(cafe: Town, desk: Counter) -> None:
    customer = joins(cafe, "さくら")
    desk.page.click("#add-amount")
    desk.page.keyboard.type("80000", delay=150)
    desk.page.keyboard.press("Enter")
    desk.scans(card_code(customer), "チェックインしました")
    desk.says("80,000円は、ふだんよりも大きな金額です")
    assert customer.member.facts.spend == 0
    desk.page.get_by_role("button", name="80,000円で記録する").dblclick()
    desk.says("を付けました")
    assert (visits(customer), customer.member.facts.spend) == (1, 80_000)
    assert cafe.adds_up()


def test_the_camera_reads_the_other_card_for_a_merging_and_a_new_telephone(
    playwright: Playwright, cafe: Town, tmp_path: Path
) -> None:
    old, new = joins(cafe, "さくら"), joins(cafe, "さくら")
    flags = filming_flags(film_of_card(cafe, new, tmp_path / "card.mjpeg"))
    number = new.member.number
    seal = cafe.club.codes.seal
    page_of_old = f"/staff/members/{seal('card', old.member.number)}"
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
        desk.page.get_by_label("よく存じ上げている方").check()
        desk.page.get_by_role("button", name="まとめる", exact=True).click()
        desk.page.locator(".done").wait_for()
        desk.page.goto(f"{desk.base_url}/staff/members/{seal('card', number)}")
        desk.page.wait_for_url(f"**{page_of_old}?*")


def test_a_hand_scanner_brings_the_other_card_wherever_the_cursor_is(
    cafe: Town, desk: Counter
) -> None:
    """Its Enter presses no button, also where the cards are looked at already."""
    keep, other, third = (joins(cafe, name) for name in ("さくら", "ハナ", "りん"))
    page_of_keep = f"/staff/members/{cafe.club.codes.seal('card', keep.member.number)}"
    for page in ("transfer", "merge"):
        desk.page.goto(f"{desk.base_url}{page_of_keep}/{page}")
        desk.types("4901234567894")
        desk.page.locator("#card-read.problem").wait_for()
        desk.types(f"]Q1{card_code(other)}")
        number = other.member.number
        desk.page.locator("#card-read.done", has_text=number[6:]).wait_for()
        assert desk.page.input_value("input[name=other]").replace(" ", "") == number
    desk.page.get_by_role("button", name="まとめるとどうなるか見る").click()
    desk.page.locator(".sides", has_text="ハナ様").wait_for()
    desk.page.get_by_role("button", name="まとめる", exact=True).focus()
    desk.types(card_code(third))
    desk.page.locator(".sides", has_text="りん様").wait_for()
    desk.page.get_by_role("button", name="まとめる", exact=True).click()
    assert desk.page.is_visible(".sides"), "who it is was not asked"
    assert third.member.id != keep.member.id
    desk.page.get_by_label("よく存じ上げている方").check()
    desk.page.get_by_role("button", name="まとめる", exact=True).dblclick()
    desk.page.locator(".done").wait_for()
    assert third.member.id == keep.member.id != other.member.id
