"""The owner's figures: at any width, by keyboard, and as charts beside their tables."""

from playwright.sync_api import Browser

from handlers.actions.counter.check_in import check_in
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request
from handlers.jobs.night.engagement import EngagementCounting
from handlers.jobs.night.figures import FigureKeeping
from rules.activity import Visit
from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins
from .test_owner import barriers_of, opened

PAGES = (
    "figures", "figures?period=year", "figures/people/joined?period=year", "figures/cohorts",
    "figures/cohorts/2026-06?by=joined", "figures/grid", "figures/grid/0/1", "figures/core",
    "figures/funnel", "figures/funnel/going/1", "figures/kinds?period=year", "figures/days/0",
    "figures/kinds/reward/off_100", "figures/engagement?period=year",
)  # fmt: skip


def comes_in_two_months(cafe: Town) -> None:
    """Somebody comes, and again in the month after, which is over."""
    customer, store = joins(cafe, "さくら"), cafe.club.timeline().latest.programme.stores[0].id
    for days in (0, 31):
        cafe.skips(days=days)
        with cafe.club.work(Actor(1, "みどり", "staff", store), key=f"test:{days}") as work:
            check_in(work, Request(customer.member.id, Visit("staff"), work.now, store))
    cafe.skips(days=31)


def test_no_page_of_figures_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    comes_in_two_months(cafe)
    FigureKeeping(cafe.club).follow()
    EngagementCounting(cafe.club).run_if_due()
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        assert barriers_of(desk, PAGES) == ""


def test_a_period_is_chosen_and_its_charts_drawn_by_keyboard_alone(
    browser: Browser, cafe: Town
) -> None:
    joins(cafe, "さくら")
    FigureKeeping(cafe.club).follow()
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "figures")
        page.focus("select[name=period]")
        page.select_option("select[name=period]", "year")
        page.focus(".asked .main-button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/figures?period=year**")
        page.locator("#new .plot canvas").wait_for()
        assert page.locator("#new-table tbody tr").count() in (12, 13)
        page.focus("#new a[href*='people/joined']")
        page.keyboard.press("Enter")
        page.locator(".roll tbody tr").first.wait_for()
