"""Members' texts in the owner's console: by keyboard, at any width, with the phone beside."""

import tomllib

from playwright.sync_api import Browser

from bot.store.history import drafts, programs
from rules.wording.own.offered import PLACES
from tests.journeys.town import Town

from .shop import LAPTOP, counter
from .test_owner import barriers_of, opened

TEXTS = (
    "chat.talk.hello", "chat.rewards.left", "chat.button.card", "card.no_rank", "menu.rewards",
    "explain.visits.per_day", "refusal.visited_today.why", "sms.phone_code",
)  # fmt: skip


def test_no_page_of_the_words_has_a_barrier_at_any_width(browser: Browser, cafe: Town) -> None:
    with counter(browser, cafe, LAPTOP, reduced_motion="reduce") as desk:
        desk.logs_in("owner")
        places, texts = (
            (f"words?place={each}" for each in PLACES),
            (f"words/{each}" for each in TEXTS),
        )
        assert barriers_of(desk, (*places, "words?only=own", *texts)) == ""


def test_a_text_is_found_changed_seen_and_published_by_keyboard_alone(
    browser: Browser, cafe: Town
) -> None:
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = opened(desk, "words")
        page.focus("[name=q]")
        page.keyboard.type("こんにちは")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/words?q=*")
        page.focus("a[href^='/owner/words/chat.talk.hello']")
        page.keyboard.press("Enter")
        page.locator("#ja").wait_for()
        # What is typed before the page's script is there is looked at with the next letter only.
        page.wait_for_load_state("load")
        page.focus("#ja")
        page.keyboard.press("Control+a")
        page.keyboard.type("まいど！")
        page.locator("#ja-wrong", has_text="{name}").wait_for()
        page.keyboard.type("{name}")
        page.locator("#look", has_text="まいど！さくらさん").wait_for()
        page.focus(".save .main-button")
        page.keyboard.press("Enter")
        page.locator(".done").wait_for()
        page.focus(".note .main-button")
        page.keyboard.press("Enter")
        page.locator("ins", has_text="まいど！{name}").wait_for()
        page.focus("form[action='/owner/draft/publish'] .main-button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/owner/history?done=published")
        with cafe.club.store.read() as uow:
            assert drafts.find(uow) is None
            published = tomllib.loads(programs.newest(uow).text)
        assert published["words"] == [{"id": "chat.talk.hello", "ja": "まいど！{name}"}]
