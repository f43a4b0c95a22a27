"""The privacy policy of a shop that has no page of its own for it."""

from playwright.sync_api import Browser

from bot.store.history import programs
from tests.journeys.town import Town
from tests.rules.examples import CAFE, changed

from .shop import counter
from .test_access import barriers_at_all_widths


def test_the_policy_has_no_barrier_at_any_width_in_either_language(
    browser: Browser, cafe: Town
) -> None:
    with cafe.club.store.begin() as uow:
        without = changed(CAFE, ('policy_url = "https://example.com/privacy"\n', ""))
        programs.publish(uow, without, since=cafe.club.now())
    cafe.club.programmes.forget()
    cafe.skips(days=1)
    with counter(browser, cafe, (360, 800), reduced_motion="reduce") as desk:
        for path in ("/privacy", "/privacy?lang=en"):
            desk.page.goto(f"{desk.base_url}{path}")
            assert desk.page.locator("h1").count() == 1
            assert barriers_at_all_widths(desk) == []
