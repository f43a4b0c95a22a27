"""The owner's console as an owner uses it: by keyboard, at any width, with the phone beside."""

import tomllib
from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser, Page

from bot.store.history import drafts, programs
from tests.journeys.town import Town

from .shop import LAPTOP, Counter, counter, joins
from .test_access import barriers_at_all_widths

FORMS = (
    "earning/visit", "campaigns/rain", "rewards/off_100", "badges/visits_10", "ranks", "points",
    "shop", "theme", "stores/ekimae", "profile", "sending", "journeys/birthday", "new/rewards",
)  # fmt: skip


def opened(desk: Counter, path: str) -> Page:
    answer = desk.page.goto(f"{desk.base_url}/owner/{path}")
    assert answer is not None
    assert answer.status == 200, path
    return desk.page


def barriers_of(desk: Counter, paths: Iterable[str]) -> str:
    """Those of each of these pages, at all widths; empty where there are none."""
    found = []
    for path in paths:
        opened(desk, path)
        found += [f"{path} {each}" for each in barriers_at_all_widths(desk)]
    return "\n".join(found)


def test_no_form_of_the_programme_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        found = {}
        for form in FORMS:
            opened(desk, f"programme/{form}")
            found[form] = barriers_at_all_widths(desk)
        page = opened(desk, "programme/visits")
        page.fill("[name=per_day_max]", "3")
        page.click(".save .main-button")
        page.locator(".done").wait_for()
        for path in ("draft", "history", "programme?order=rewards"):
            opened(desk, path)
            found[path] = barriers_at_all_widths(desk)
        assert "\n".join(f"{path} {x}" for path, each in found.items() for x in each) == ""


def test_a_birthday_text_is_changed_seen_and_published_by_keyboard_alone(
    browser: Browser, cafe: Town
) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "programme/journeys/birthday")
        page.focus("[name='title.ja']")
        page.keyboard.type("{name}、すてきな一日を！")
        page.keyboard.press("Tab")
        page.locator("#look", has_text="さん、すてきな一日を！").wait_for()
        page.focus(".save .main-button")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        page.focus(".note .main-button")
        page.keyboard.press("Enter")
        page.locator("ins", has_text="{name}、すてきな一日を！").wait_for()
        page.focus("form[action='/owner/draft/publish'] .main-button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/history?done=published")
        with cafe.club.store.read() as uow:
            assert drafts.find(uow) is None
            published = tomllib.loads(programs.newest(uow).text)
        [birthday] = [each for each in published["journeys"] if each["kind"] == "birthday"]
        assert birthday["title"] == {"ja": "{name}、すてきな一日を！"}


@pytest.mark.parametrize("scripts", [True, False])
def test_another_kind_asks_other_questions_with_scripts_and_without(
    browser: Browser, cafe: Town, scripts: bool
) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        signed_in = desk.page.context.storage_state()
    with counter(
        browser, cafe, LAPTOP, storage_state=signed_in, java_script_enabled=scripts
    ) as desk:
        page = opened(desk, "programme/earning/visit")
        page.fill("[name='name.ja']", "ご来店です")
        page.select_option("[name=award]", "per_amount")
        if not scripts:
            page.click("button[value=award]")
        page.locator("[name='award.yen']").wait_for()
        assert page.input_value("[name='name.ja']") == "ご来店です", "nothing typed is lost"


def test_a_broadcast_is_written_tried_and_sent_by_keyboard_alone_without_a_barrier(
    browser: Browser, cafe: Town
) -> None:
    reader = joins(cafe, "さくら")
    reader.reads()
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        page = opened(desk, "broadcasts/new")
        for field, words in (("name", "冬の豆"), ("title.ja", "{name}へ、冬の豆です")):
            page.focus(f"[name='{field}']")
            page.keyboard.type(words)
        page.keyboard.press("Tab")
        page.locator("#look", has_text="さくらさんへ、冬の豆です").wait_for()
        found = {"form": barriers_at_all_widths(desk)}
        page.focus(".save .main-button")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        found["draft"] = barriers_at_all_widths(desk)
        page.focus("#card")
        page.keyboard.type(reader.member.number)
        page.keyboard.press("Enter")
        page.wait_for_url("**done=tried")
        page.focus("form[action$='/send'] .main-button")
        page.keyboard.press("Enter")
        # Once more, with how many and what it costs.
        page.locator(".narrow-card").wait_for()
        assert barriers_at_all_widths(desk) == []
        page.focus(".narrow-card button")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=sent")
        found["sent"] = barriers_at_all_widths(desk)
        page.focus("form[action$='/lead'] .danger")
        page.keyboard.press("Enter")
        page.wait_for_url("**done=stop")
        for path in ("broadcasts", "newsletter", "newsletter/new"):
            opened(desk, path)
            found[path] = barriers_at_all_widths(desk)
        assert "\n".join(f"{path} {x}" for path, each in found.items() for x in each) == ""


def publishes(page: Page) -> None:
    """What the draft holds, at once."""
    page.click(".note .main-button")
    page.click("form[action='/owner/draft/publish'] .main-button")
    page.wait_for_url("**/owner/history?done=published")


def test_a_new_reward_reaches_members_and_a_version_of_before_takes_it_back(
    browser: Browser, cafe: Town
) -> None:
    reader = joins(cafe, "さくら")
    assert "ドリップバッグ" not in reader.writes("特典")
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "programme")
        page.click("a[href='/owner/programme/new/rewards']")
        page.fill("[name='name.ja']", "ドリップバッグ")
        page.select_option("[name=kind]", "gift")
        page.fill("[name=cost]", "120")
        page.fill("[name=value_yen]", "150")
        page.keyboard.press("Tab")
        page.locator("#look", has_text="ドリップバッグ").wait_for()
        page.click(".save .main-button")
        page.locator(".done").wait_for()
        publishes(page)
        # Every process knows it some seconds after.
        cafe.travels(days=0.01)
        assert "ドリップバッグ" in reader.writes("特典")
        opened(desk, "history").click(".editions form button")
        page.wait_for_url("**/owner/draft**")
        page.locator("del", has_text="ドリップバッグ").wait_for()
        tick = page.locator("form[action='/owner/draft/publish'] [type=checkbox]")
        if tick.count():
            tick.check()
        page.click("form[action='/owner/draft/publish'] .main-button")
        page.wait_for_url("**/owner/history?done=published")
        cafe.travels(days=0.01)
        assert "ドリップバッグ" not in reader.writes("特典")
