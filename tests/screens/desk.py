"""The staff's side: the counter on a phone, the shift on a laptop, the QR on a tablet; and the page
of a reward on the customer's own phone."""

from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from bot.store.members import members
from bot.store.members.members import Member
from handlers.club import Club
from handlers.commands.serving import counter_page
from tests.e2e.shop import PATIENCE_MS, TABLET, Counter, hire
from tests.images.pictures import codes_in

from .phone import SCALE
from .pictures import PAGE, in_a_phone

LAPTOP = (1180, 800)
LOGIN = "mika"
_DRAWN_MS = 350


class Staff:
    """Mika at the counter: her phone, and the laptop in the back."""

    def __init__(self, browser: Browser, club: Club) -> None:
        hire(club, LOGIN, "森みか", "manager", club.timeline().latest.programme.stores[0].id)
        self._club = club
        self._phone = window(browser, PAGE, SCALE)
        self._laptop = window(browser, LAPTOP, 1)
        self.counter = Counter(self._phone, club.base_url)
        self.back = Counter(self._laptop, club.base_url)
        for each in (self.counter, self.back):
            each.logs_in(LOGIN)

    def close(self) -> None:
        self._phone.close()
        self._laptop.close()

    def takes(self, yen: int) -> None:
        """Types an amount, for who is on the screen, else for whoever comes next."""
        page = self.counter.page
        page.click("#add-amount")
        for digit in str(yen):
            page.get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("button", name="決定").click()

    def posts(self, path: str, body: dict[str, Any]) -> None:
        """What the counter's page sends, straight to the server."""
        page = self.counter.page
        answer = page.request.post(
            f"{self._club.base_url}/staff/api/{path}",
            data=body,
            headers={"X-CSRFToken": page.get_attribute("meta[name=csrf]", "content") or ""},
        )
        assert answer.ok, answer.text()

    def adopts(self, text: str) -> None:
        """Takes up what the member wrote whose case is the first in the inbox, on the laptop."""
        page = self.back.page
        page.goto(f"{self._club.base_url}/staff/inbox")
        page.locator("main a[href*='/staff/inbox/']").first.click()
        adopting = page.locator("details").filter(has=page.locator("form[action*='/adopt/']"))
        adopting.locator("summary").click()
        adopting.locator("textarea").fill(text)
        adopting.locator("button[type=submit]").click()
        adopting.wait_for(state="detached")

    def scans(self, member: Member, *words: str) -> None:
        """The member's card, and waits until the result says the words."""
        self.counter.scans(self._club.codes.card_code(member.number, member.issue), *words)

    def undoes(self) -> None:
        self.counter.page.locator("#result").get_by_role("button", name="取り消す").click()
        self.counter.says("取り消しました")

    def knows_both(self) -> None:
        """Says that it was her who signed in on two devices."""
        page = self.counter.page
        page.goto(f"{self._club.base_url}/staff/")
        page.get_by_role("button", name="自分でログインした").click()
        self.counter.is_ready()

    def picture(self) -> Image.Image:
        """The phone as it is now, from its top."""
        self.counter.page.evaluate("window.scrollTo(0, 0)")
        return in_a_phone(shot(self.counter.page))

    def shift(self) -> Image.Image:
        """Today's visits, on the laptop."""
        self.back.page.goto(f"{self._club.base_url}/staff/today")
        return shot(self.back.page)


class Tablet:
    """The counter's QR page, on a tablet that faces the customers."""

    def __init__(self, browser: Browser, club: Club) -> None:
        self._context = window(browser, TABLET, 1)
        self._page = self._context.new_page()
        self._address = counter_page(club, None)

    def close(self) -> None:
        self._context.close()

    def link(self) -> str:
        """What its QR says now."""
        self._page.goto(self._address)
        link = self._page.get_attribute("#link", "href")
        assert link
        return link

    def picture(self) -> Image.Image:
        self._page.goto(self._address)
        self._page.wait_for_selector("#qr svg")
        return shot(self._page)


class OwnPage:
    """What a button in the chat opens in the phone's browser."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._context = window(browser, PAGE, SCALE)
        self.page = self._context.new_page()
        self.page.goto(address)

    def close(self) -> None:
        self._context.close()

    def code(self) -> str:
        """What a scanner reads off it now."""
        [code] = codes_in(shot(self.page))
        return code

    def picture(self) -> Image.Image:
        return in_a_phone(shot(self.page))


def joined_as(club: Club, number: int) -> Member:
    """The member who joined as the `number`th."""
    with club.store.read() as uow:
        member = members.get(uow, number)
    assert member is not None
    return member


def window(browser: Browser, size: tuple[int, int], scale: int) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=scale,
        locale="ja-JP",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def shot(page: Page) -> Image.Image:
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(_DRAWN_MS)
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
