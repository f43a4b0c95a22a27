"""The owner's pages of members as an owner uses them: by keyboard, at any width."""

from playwright.sync_api import Browser, expect

from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins
from .test_access import barriers_at_all_widths
from .test_owner import opened


def test_a_filter_is_counted_as_it_is_chosen_and_named_by_keyboard_alone(
    browser: Browser, cafe: Town
) -> None:
    joins(cafe, "みどり")
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "members")
        expect(page.locator("#count")).to_contain_text("人")
        page.focus("summary")
        page.keyboard.press("Enter")
        page.focus("[name=languages][value=en]")
        page.keyboard.press("Space")
        expect(page.locator("#count")).to_have_text("0人")
        page.keyboard.press("Space")
        page.focus("[name=languages][value=ja]")
        page.keyboard.press("Space")
        expect(page.locator("#count")).not_to_have_text("0人")
        page.focus(".filters .main-button")
        page.keyboard.press("Enter")
        page.locator("summary small", has_text="日本語").wait_for()
        page.focus("[name=name]")
        page.keyboard.type("日本語の方")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        assert page.locator("#segment option:checked").inner_text() == "日本語の方"


def test_no_page_of_members_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    joins(cafe, "みどり")
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        found = {}
        for path in (
            "members", "members?languages=ja&sort=points", "members?joined_since=x", "segments",
            "members?ranks=gone", "broadcasts/new",
        ):  # fmt: skip
            page = desk.page
            page.goto(f"{desk.base_url}/owner/{path}")
            if page.locator(".later:not([open]) > summary").count():
                page.click(".later > summary")
            found[path] = barriers_at_all_widths(desk)
        opened(desk, "members")
        page = desk.page
        page.check("[name=scope][value=all]")
        for kind in ("note", "state", "labels", "export"):
            page.click(f"button[value={kind}]")
            page.locator("[name=counted]").wait_for(state="attached")
            found[kind] = barriers_at_all_widths(desk)
            if kind != "state":
                if kind == "note":
                    page.fill("[name=words]", "夏祭り")
                page.click(".main-button")
                page.locator("#progress").wait_for()
                found[f"{kind} begun"] = barriers_at_all_widths(desk)
            opened(desk, "members")
            page.check("[name=scope][value=all]")
        opened(desk, "bulks")
        found["bulks"] = barriers_at_all_widths(desk)
        opened(desk, "members")
        page.click(".roll tbody th a >> nth=0")
        page.locator("#written").wait_for()
        found["member"] = barriers_at_all_widths(desk)
        assert "\n".join(f"{path} {x}" for path, each in found.items() for x in each) == ""
