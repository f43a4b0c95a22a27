"""An event from the invitation to the thanks, for docs/events.md: in the chat, on the card's page,
on the member's page for who has paper, and in the owner's console."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta

from playwright.sync_api import Browser, Page

from bot.simulator.times import JAPAN
from handlers.commands.installation import Installation
from handlers.showing.card_links import card_link
from tests.e2e.shop import Counter, hire

from .console import LOGIN, SIZE
from .desk import OwnPage, Staff, Tablet, shot, window
from .journey import NAME, Cafe, Screen
from .phone import Phone
from .pictures import in_a_phone
from .timings import Life

#: How the files begin.
PREFIX = "event-"
_TITLE = "新豆の試飲会"
_ABOUT = "この春の新豆を、三つならべて飲みくらべます。お気に入りを見つけてください。"
_ON_PAPER, _LATER = "田中 花", "もも"
#: So high a window shows who comes, too.
_TALL = 1120
#: From the day on which it is made.
_DAYS = 10


def walk_event(browser: Browser, installation: Installation) -> Iterator[Screen]:
    club, simulator = installation.club, installation.simulator
    assert simulator is not None
    hire(club, LOGIN, "青井あおい", "owner", None)
    with (
        closing(Tablet(browser, club)) as tablet,
        closing(Staff(browser, club)) as staff,
        closing(Phone(browser, club.base_url)) as phone,
        _console(browser, club.base_url) as console,
    ):
        life = Life(Cafe(browser, club, simulator, tablet, staff, phone))
        day = club.now().astimezone(JAPAN).date() + timedelta(days=_DAYS)
        starts = datetime.combine(day, time(14), tzinfo=JAPAN)
        life.me = life.joins(NAME)
        at = _made(console, starts)
        yield from _invited(life)
        yield _signed_up_by_staff(life)
        yield from _as_it_stands(life, console, at)
        yield from _lived(life, starts)


@contextmanager
def _console(browser: Browser, base_url: str) -> Iterator[Page]:
    with closing(window(browser, SIZE, 1)) as context:
        desk = Counter(context, base_url)
        desk.logs_in(LOGIN)
        yield desk.page


def _made(page: Page, starts: datetime) -> str:
    """Made in the console, published and told; gives its address."""
    page.goto(page.url.replace("/staff/", "/owner/events/new"))
    moment = "%Y-%m-%dT%H:%M"
    for name, said in (
        ("title_ja", _TITLE),
        ("about_ja", _ABOUT),
        ("starts", starts.strftime(moment)),
        ("ends", "15:30"),
        ("places", "2"),
        ("opens_at", (starts - timedelta(days=_DAYS + 1)).strftime(moment)),
        ("closes_at", (starts - timedelta(days=1)).strftime(moment)),
    ):
        page.fill(f"[name={name}]", said)
    page.click(".save .main-button")
    for step in ("open", "invite"):
        page.click(f"button[value={step}]")
        page.wait_for_url(f"**done={step}")
    return page.url.partition("?")[0]


def _invited(life: Life) -> Iterator[Screen]:
    """Told of it, and two taps."""
    life.phone.hears_of(f"「{_TITLE}」のご案内")
    yield Screen(f"{PREFIX}invitation", life.phone.picture())
    life.taps("do=events&of", "申し込む")
    life.taps("do=event_join", "申し込む")
    life.phone.opens_menu(False)
    life.phone.hears_of("お席をご用意しました")
    yield Screen(f"{PREFIX}place", life.phone.picture())


def _signed_up_by_staff(life: Life) -> Screen:
    """Somebody without LINE, on their page at the counter."""
    page, base = life.cafe.staff.counter.page, life.cafe.club.base_url
    page.goto(f"{base}/staff/members/new")
    page.fill("[name=name]", _ON_PAPER)
    page.check("[name=agreed]")
    page.locator("main button.main-button").last.click()
    page.wait_for_url("**done=joined")
    page.locator("summary", has_text=_TITLE).click()
    page.locator("button[name=how][value=join]").click()
    page.wait_for_url("**done=event_taken")
    section = page.locator("section", has=page.locator("summary", has_text=_TITLE))
    section.evaluate("it => window.scrollTo(0, it.offsetTop - 130)")
    screen = Screen(f"{PREFIX}staff", in_a_phone(shot(page)))
    page.goto(f"{base}/staff/")
    life.cafe.staff.counter.is_ready()
    return screen


def _as_it_stands(life: Life, console: Page, at: str) -> Iterator[Screen]:
    """Full, and somebody waits: on the owner's page, and on the member's own."""
    me = life.me
    life.me = life.joins(_LATER)
    life.phone.writes("イベント")
    life.taps("do=events&of", "くわしく見る")
    life.taps("do=event_join", "キャンセル待ち")
    console.set_viewport_size({"width": SIZE[0], "height": _TALL})
    console.goto(at)
    yield Screen(f"{PREFIX}owner", shot(console), framed=False)
    link = card_link(life.cafe.club, life.member(me))
    with closing(OwnPage(life.cafe.browser, link)) as own:
        own.page.goto(f"{life.cafe.club.base_url}/card/events")
        yield Screen(f"{PREFIX}card", own.picture())
    life.me = me
    life.phone.becomes(me)


def _lived(life: Life, starts: datetime) -> Iterator[Screen]:
    """Reminded, scanned, and thanked."""
    phone, staff = life.phone, life.cafe.staff
    phone.travels_to(starts - timedelta(days=1, hours=3))
    phone.opens_menu(False)
    phone.hears_of(f"明日は「{_TITLE}」です")
    yield Screen(f"{PREFIX}reminder", phone.picture())
    phone.travels_to(starts - timedelta(minutes=10))
    staff.knows_both()
    staff.scans(life.member(life.me), NAME, _TITLE)
    yield Screen(f"{PREFIX}scan", staff.picture())
    phone.travels_to(starts + timedelta(hours=21))
    phone.hears_of(f"「{_TITLE}」へのご参加")
    yield Screen(f"{PREFIX}thanks", phone.picture())
