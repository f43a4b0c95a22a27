"""Five questions that an owner asks, answered from the page they land on by looking and tapping:
who drifts, what brought people back, what it cost, what is owed in points, and who are the best
customers and bring others."""

import re

from playwright.sync_api import Browser, Page

from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request
from handlers.jobs.night.figures import FigureKeeping
from rules.activity import Visit
from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins


def comes_for_weeks_and_stays_away(cafe: Town) -> None:
    customer, store = joins(cafe, "さくら"), cafe.club.timeline().latest.programme.stores[0].id
    for week in range(8):
        cafe.skips(days=7)
        with cafe.club.work(Actor(1, "みどり", "staff", store), key=f"five:{week}") as work:
            check_in(work, Request(customer.member.id, Visit("staff"), work.now, store))
    cafe.travels(days=35)
    FigureKeeping(cafe.club).follow(seconds_max=60)


def goes(page: Page, group: str, place: str = "") -> None:
    """By the menu, as who has never been there finds it."""
    page.get_by_role("link", name=group, exact=True).first.click()
    if place:
        page.get_by_role("link", name=place, exact=True).first.click()
    page.locator("main h1").wait_for()


def test_five_questions_are_answered_from_the_page_an_owner_lands_on(
    browser: Browser, cafe: Town
) -> None:
    comes_for_weeks_and_stays_away(cafe)
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = desk.page
        page.goto(f"{desk.base_url}/owner/")
        # Who drifts? All of them are one tap away.
        page.get_by_role("link", name="いつもより間があいている方も見る").click()
        page.wait_for_url("**/owner/members?**")
        page.get_by_role("link", name=re.compile("さくら")).first.wait_for()
        # What brought people back? Each message has its sentence; before any was sent it says so.
        goes(page, "お知らせ", "お知らせの効き目")
        page.get_by_text(re.compile("^まだ、お送りする機会|見分け|言えません")).first.wait_for()
        # What did it cost, and what is owed in points? Two cards of one page.
        goes(page, "数字", "費用とお約束")
        for card in ("この期間にかかった費用", "ポイントの残高（お返しする約束）"):
            told = page.locator(".tile", has_text=card).locator("strong").inner_text()
            assert re.fullmatch(r"[\d,]+円", told), card
        # Who are the best, and who brings others?
        goes(page, "数字", "数字で見る")
        page.get_by_role("link", name="お得意さま", exact=True).click()
        page.get_by_role("link", name=re.compile("さくら")).first.wait_for()
        assert page.url.endswith("/owner/figures/core")
