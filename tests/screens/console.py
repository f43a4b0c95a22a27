"""The owner's console on a laptop, in both languages, for docs/owner.md."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from bot.store.finding.due_members import everyone
from handlers.commands.demo import desk_of
from handlers.commands.filling.engagement import count_nights
from handlers.commands.filling.letters import count_results
from handlers.commands.filling.tried import let_some_try
from handlers.commands.installation import Installation
from handlers.commands.surveys.demo_circle import gather_circle
from handlers.commands.surveys.demo_subscribers import subscribe_some
from handlers.commands.surveys.demo_voice import hear_members
from handlers.jobs.night.figures import FigureKeeping
from rules.base import LANGS, Lang
from tests.e2e.shop import Counter, hire

from .desk import shot, window
from .journey import Screen
from .orders import leave_orders

SIZE = (1180, 800)
LOGIN = "aoi"
#: Languages are told apart by the ends of the files' names.
_END: dict[Lang, str] = {"ja": "", "en": "-english"}


@dataclass(frozen=True)
class View:
    """A page of the console below /owner, and what is done on it before it is photographed."""

    name: str
    path: str
    does: Callable[[Page], None] | None = None


_TITLES = {"ja": "{name}、すてきな一年を！", "en": "A wonderful year, {name}!"}


def _types_a_birthday(page: Page) -> None:
    """Another title, which the phone beside the form shows."""
    for lang, title in _TITLES.items():
        page.fill(f"[name='title.{lang}']", title)
    page.keyboard.press("Tab")
    said = re.compile("すてきな一年を！|A wonderful year,")
    page.locator("#look", has_text=said).wait_for()


def _keeps_it(page: Page) -> None:
    """The same, kept as a draft, and what it changes."""
    _types_a_birthday(page)
    page.click(".save .main-button")
    page.locator(".note .main-button").click()
    page.locator("ins").first.wait_for()


def _tries_it(page: Page) -> None:
    """The draft, tried on last year until it is over."""
    page.locator("form[action$='/draft/trial'] button").click()
    page.locator(".figures-table").first.wait_for()


def _writes_to_many(page: Page) -> None:
    """A message, as far as it shows on the phone."""
    page.fill("[name=name]", "冬の豆")
    for name, text in (
        ("title.ja", "{name}へ、冬の豆です"),
        ("title.en", "Winter beans, {name}"),
        ("body.ja", "深煎りの「冬木立」を焼きました。はちみつのような甘さです。"),
        ("body.en", "We roasted our winter blend: dark, and sweet as honey."),
    ):
        page.fill(f"[name='{name}']", text)
    page.keyboard.press("Tab")
    page.locator("#look .bubble").first.wait_for()


def _plans_an_event(page: Page) -> None:
    page.fill("[name=title_ja]", "抽出の教室")
    page.fill("[name=about_ja]", "ハンドドリップを、みなさんと一緒に。")
    page.locator("#look .bubble", has_text="ハンドドリップ").wait_for()


def _brings_subscribers(page: Page) -> None:
    """A list of three, one of whom can't be found, as far as what it would come to."""
    listed = page.request.get(page.url.replace("subscribers", "members")).text()
    numbers = re.findall(r'name="n" value="(\d{10})"', listed)[:2]
    page.fill("textarea[name=rows]", "\n".join(f"{n},2027-05-01" for n in [*numbers, "0000000001"]))
    page.locator("form[action$='/subscribers'] .main-button").click()
    page.locator("#report").wait_for()


def _filters(page: Page) -> None:
    """Regulars of a rank who have been away for longer than usual."""
    page.click(".later > summary")
    page.check("[name=risks][value=rhythm]")
    page.check("[name=stages][value=after]")
    page.locator("#count:not(:empty)").wait_for()


def _opens_the_first_steps(page: Page) -> None:
    """As an owner may who is signed in; and on to the shop's colours."""
    button = page.locator("form[action$='/owner/setup'] button")
    if button.count():
        button.click()
    page.goto(page.url.replace(page.url.rsplit("/", 1)[1], "look"))
    page.locator("#seen img").first.wait_for()


VIEWS = (
    View("owner-setup", "setup", _opens_the_first_steps),
    View("owner-monday", ""),
    View("owner-programme", "programme"),
    View("owner-form", "programme/journeys/birthday", _types_a_birthday),
    View("owner-draft", "programme/journeys/birthday", _keeps_it),
    View("owner-trial", "draft", _tries_it),
    View("owner-words", "words"),
    View("owner-journeys", "journeys"),
    View("owner-journey", "journeys/lapsed"),
    View("owner-broadcast", "broadcasts/new", _writes_to_many),
    View("owner-campaigns", "campaigns"),
    View("owner-quota", "quota"),
    View("owner-members", "members"),
    View("owner-filter", "members", _filters),
    View("owner-team", "team"),
    View("owner-stores", "stores"),
    View("owner-event", "events/new", _plans_an_event),
    View("owner-circle", "circle/1"),
    View("owner-subscribers", "subscribers", _brings_subscribers),
    View("owner-results", "results"),
    View("owner-figures", "figures?period=year"),
    View("owner-cohorts", "figures/cohorts"),
    View("owner-grid", "figures/grid"),
    View("owner-core", "figures/core?by=yen"),
    View("owner-funnel", "figures/funnel"),
    View("owner-kinds", "figures/kinds?period=year"),
    View("owner-acts", "figures/engagement"),
    View("owner-sources", "sources"),
    View("owner-voice", "voice"),
    View("owner-reasons", "voice/reasons"),
    View("owner-costs", "costs"),
    View("owner-suggestion", "voice/suggestions/3"),
    View("owner-connections", "connections/new/shopify"),
    View("owner-orders", "orders"),
    View("owner-doctor", "doctor"),
)


def walk_console(browser: Browser, installation: Installation) -> Iterator[Screen]:
    """Each page in Japanese, then in English."""
    club = installation.club
    gather_circle(club)
    subscribe_some(club)
    with club.store.read() as uow:
        at_desk = desk_of(uow, club.timeline().latest.programme)
    let_some_try(club, at_desk, len(list(everyone(club.store))))
    count_nights(club)
    count_results(club)
    FigureKeeping(club).follow(seconds_max=60)
    hear_members(club)
    leave_orders(club)
    hire(club, LOGIN, "青井あおい", "owner", None)
    with closing(window(browser, SIZE, 1)) as context:
        desk = Counter(context, club.base_url)
        desk.logs_in(LOGIN)
        for lang in LANGS:
            desk.page.goto(f"{club.base_url}/owner/programme")
            _reads(desk.page, lang)
            for view in VIEWS:
                desk.page.goto(f"{club.base_url}/owner/{view.path}")
                if view.does:
                    view.does(desk.page)
                desk.page.evaluate("window.scrollTo(0, 0)")
                yield Screen(view.name + _END[lang], shot(desk.page), framed=False)


def _reads(page: Page, lang: Lang) -> None:
    """Has the console speak that language."""
    if page.get_attribute("html", "lang") != lang:
        page.locator(f"button[name=language][value={lang}]").click()
        page.locator(f"html[lang={lang}]").wait_for()
