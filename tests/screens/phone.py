"""The simulator's page, used as somebody in front of it would."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Page

from bot.simulator.times import JAPAN

#: The phone is as tall as its page lets it be, up to this window.
WINDOW = (1280, 908)
SCALE = 2
ANSWER_MS_MAX = 60_000
TRAVEL_MS_MAX = 300_000
#: Answers and pushes may come one after the other: this long nothing more must have come.
_STILL_MS = 900
_DRAWN_MS = 200
_SPOKEN = "#log .line.bot[data-line]"

#: Whether all that was said is drawn, pictures and all.
_SETTLED = """() => {
  const log = document.getElementById("log");
  const images = [...document.querySelectorAll("#log img, #menu-board img")];
  return !log.querySelector(".pending, .loading")
    && images.every((image) => image.complete && image.naturalWidth > 0);
}"""
#: Brings the top of a message to the top of the chat.
_SHOW_IT = """(node) => {
  const log = document.getElementById("log");
  log.scrollTop += node.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
}"""
_SHOW = f"""([selector, nth]) => ({_SHOW_IT})(
  [...document.querySelectorAll(`#log ${{selector}}`)].at(nth))"""


class Phone:
    """One customer's phone. What it does, it does until the answer is there to be read."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._context = browser.new_context(
            viewport={"width": WINDOW[0], "height": WINDOW[1]},
            device_scale_factor=SCALE,
            locale="ja-JP",
            reduced_motion="reduce",
        )
        self._context.set_default_timeout(ANSWER_MS_MAX)
        self.page: Page = self._context.new_page()
        self.page.goto(f"{base_url}/simulator")

    def close(self) -> None:
        self._context.close()

    def newcomer(self, name: str, language: str = "ja") -> None:
        """A new customer adds the account."""
        self.page.click("#new-person")
        self.page.fill("#person-name", name)
        self.page.select_option("#person-language", language)
        self.page.click("#person-form button[type=submit]")
        self.page.wait_for_selector("#log .line.bot[data-line]")
        self.has_menu("この人だけ")

    def becomes(self, user_id: str) -> None:
        """Plays somebody else, who is known by the LINE account's id."""
        self.page.fill("#search", user_id)
        self.page.click(f"[data-person='{user_id}']")
        self.page.locator("#user-id", has_text=user_id).wait_for()
        self.page.fill("#search", "")
        self.settles()

    def hears_of(self, words: str) -> None:
        """Waits for a message with these words, between whose letters lines are kept together, and
        has it at the top of the chat."""
        kept = re.compile("\u2060*".join(map(re.escape, words)))
        found = self.page.locator("#log .line.bot").filter(has_text=kept).last
        found.wait_for()
        self.settles()
        found.evaluate(_SHOW_IT)
        self.page.wait_for_timeout(_DRAWN_MS)

    def has_sms(self) -> None:
        """Waits for an SMS on the phone."""
        self.page.locator("#log .line.sms").first.wait_for()
        self.settles()

    def blocks(self) -> None:
        """Blocks the account: LINE reaches them no more."""
        self.page.click("#block")
        self.page.locator("#status.blocked").wait_for()

    def taps_menu(self, nth: int) -> None:
        """Taps the menu's area of that number, from 0, row by row."""
        if self.page.is_hidden("#menu-board"):
            self.opens_menu(True)
        before = self._spoken()
        self.page.click(f"#menu-board button >> nth={nth}")
        self._answered(before)

    def opens_menu(self, is_open: bool) -> None:
        """Opens the menu below the chat, or closes it."""
        if self.page.is_visible("#to-menu"):
            self.page.click("#to-menu")
        if self.page.is_visible("#menu-board") != is_open:
            self.page.click("#menu-bar")

    def has_menu(self, words: str) -> None:
        """Waits for the menu that the simulator describes with `words`: members are linked to
        theirs by and by."""
        self.page.locator("#menu-note", has_text=words).wait_for()
        self.settles()

    def scans(self, link: str) -> None:
        """Reads a QR code: the chat opens with its words typed in, to be sent."""
        self.page.click("#open-scan")
        self.page.fill("#scan-link", link)
        self.page.click("#scan-open")
        self.page.wait_for_function("document.getElementById('text').value !== ''")

    def sends(self) -> None:
        self.hears(lambda: self.page.click("#send"))

    def writes(self, text: str) -> None:
        """Types something and sends it."""
        if self.page.is_hidden("#text"):
            self.page.click("#to-keyboard")
        self.page.fill("#text", text)
        self.sends()

    def hears(self, act: Callable[[], object]) -> None:
        """Does something, and waits for the answer to it."""
        before = self._spoken()
        act()
        self._answered(before)

    def travels_to(self, moment: datetime) -> None:
        """Moves the simulated clock, with everything due on the way."""
        self.page.fill("#travel-to", f"{moment.astimezone(JAPAN):%Y-%m-%dT%H:%M}")
        self.page.click("#travel button[type=submit]")
        self._arrived()

    def travels_two_months(self) -> None:
        self.page.click("[data-travel='months:2']")
        self._arrived()

    def settles(self) -> None:
        """Waits until nothing more comes and every picture is there."""
        count = -1
        while (now := self._spoken()) != count:
            count = now
            self.page.wait_for_function(_SETTLED)
            self.page.wait_for_timeout(_STILL_MS)

    def shows(self, selector: str, nth: int = -1) -> None:
        """Scrolls the chat so that the nth of what `selector` finds is at the top."""
        self.page.evaluate(_SHOW, [selector, nth])
        self.page.wait_for_timeout(_DRAWN_MS)

    def picture(self) -> Image.Image:
        """The phone with its frame, and nothing around it."""
        self.page.evaluate("document.activeElement?.blur()")
        self.page.mouse.move(2, 2)
        shot = self.page.locator(".phone").screenshot(animations="disabled")
        return Image.open(BytesIO(shot)).convert("RGB")

    def desk(self) -> Image.Image:
        """The whole page, in its own points."""
        self.page.evaluate("document.activeElement?.blur()")
        return Image.open(BytesIO(self.page.screenshot(scale="css"))).convert("RGB")

    def _spoken(self) -> int:
        return self.page.locator(_SPOKEN).count()

    def _answered(self, before: int) -> None:
        self.page.locator(_SPOKEN).nth(before).wait_for()
        self.settles()

    def _arrived(self) -> None:
        self.page.wait_for_selector("#busy", state="hidden", timeout=TRAVEL_MS_MAX)
        self.page.wait_for_selector("#travel-result", state="visible", timeout=TRAVEL_MS_MAX)
        self.settles()
