"""Five questions that an owner asks, answered from the page they land on by looking and tapping:
who drifts, what brought people back, what it cost, what is owed in points, and who are the best
customers and bring others."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Browser, Page

from bot.codes import RewardUse
from bot.store.members import members
from handlers.actions.counter.check_in import check_in
from handlers.actions.counter.redeem import redeem
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request
from handlers.jobs.journeys.counting import JourneyCounting
from handlers.jobs.night.figures import FigureKeeping
from rules.activity import Visit
from tests.handlers.clubs import HandClock, SmallClub
from tests.handlers.commands.messages import Messages
from tests.journeys.town import Town

from .shop import LAPTOP, counter, joins

STORE = "ekimae"
#: Points are worth the most as 送料無料: 600 yen for 400 of them.
YEN_OF_A_POINT = 1.5


class TownClock(HandClock):
    """The town's time, moved by hand without its nights."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.club.now())
        self._town = town

    def now(self) -> datetime:
        return self._town.club.now()

    def set(self, now: datetime) -> None:
        self._town.skips(days=(now - self.now()) / timedelta(days=1))


def comes_for_weeks(cafe: Town) -> int:
    """Eight times, and uses a hundred points at the last."""
    customer = joins(cafe, "さくら")
    for week in range(8):
        cafe.skips(days=7)
        with cafe.club.work(Actor(1, "みどり", "staff", STORE), key=f"five:{week}") as work:
            check_in(work, Request(customer.member.id, Visit("staff"), work.now, STORE))
    with cafe.club.work(Actor(1, "みどり", "staff", STORE), key="five:used") as work:
        assert redeem(work, customer.member.id, RewardUse("off_100"), at=work.now, store=STORE).done
    return customer.member.id


def are_thanked(cafe: Town, friend: int) -> None:
    """Of ninety newcomers sixty are sent the thanks and nearly all of them come again; of the
    thirty who are not sent them hardly anybody does. The friend brought two of them."""
    messages = Messages(SmallClub(cafe.club, TownClock(cafe)), STORE)
    messages.people(90)
    thanked = [("a", 0.3, n >= 8) for n in range(60)]
    messages.fall_due([*thanked, *((None, 0.3, n < 8) for n in range(30))])
    with cafe.club.store.begin() as uow:
        for each in messages.members[:2]:
            members.set_referred_by(uow, each, friend)
    # Until all windows are over: thirty days each.
    cafe.travels(days=14)
    counting, ticks = JourneyCounting(cafe.club), 0
    while counting.count_next():
        ticks += 1
        assert ticks < 50
    FigureKeeping(cafe.club).follow(seconds_max=60)


def points_of_all(cafe: Town) -> int:
    with cafe.club.store.read() as uow:
        found = [members.get(uow, each) for each in range(1, cafe.count_members() + 1)]
    return sum(each.facts.balance for each in found if each)


def yen(points: int) -> str:
    """As the pages write it."""
    return f"{round(points * YEN_OF_A_POINT):,}円"


def tile(page: Page, name: str) -> str:
    return page.locator(".tile", has_text=name).locator("strong").inner_text()


def tells_what_is_owed(page: Page, points: int) -> None:
    """How many points, at how much a point, and until when."""
    owed = page.get_by_role("region", name="お預かりしているポイントと特典").inner_text()
    assert f"{points:,}ポイント" in owed
    assert "1ポイント＝多くて1.5円" in owed
    assert "か月間お使いいただけます" in owed


def goes(page: Page, group: str, place: str = "") -> None:
    """By the menu, as who has never been there finds it."""
    page.get_by_role("link", name=group, exact=True).first.click()
    if place:
        page.get_by_role("link", name=place, exact=True).first.click()
    page.locator("main h1").wait_for()


def finds_who_drifts(page: Page) -> None:
    """All of them are one tap away, as many as were told, and so is a message to them."""
    away = page.get_by_role("region", name=re.compile("足が遠のいている方"))
    away.get_by_role("link", name=re.compile("さくら")).wait_for()
    everybody = away.get_by_role("link", name=re.compile("人をみんな見る"))
    count = everybody.inner_text().removesuffix("をみんな見る")
    everybody.click()
    page.wait_for_url("**/owner/members?**")
    page.get_by_role("link", name=re.compile("さくら")).first.wait_for()
    page.locator("#count", has_text=count).wait_for()
    page.get_by_role("link", name="この方たちにお知らせを書く").first.wait_for()


def test_five_questions_are_answered_from_the_page_an_owner_lands_on(
    browser: Browser, cafe: Town
) -> None:
    sakura = comes_for_weeks(cafe)
    cafe.skips(days=14)
    are_thanked(cafe, sakura)
    with counter(browser, cafe, LAPTOP) as desk:
        desk.logs_in("owner")
        page = desk.page
        page.goto(f"{desk.base_url}/owner/")
        finds_who_drifts(page)
        # What brought people back? Each message says what came of it: 52 of 60, and 8 of 30.
        goes(page, "お知らせ", "お知らせの効き目")
        glance = page.get_by_role("region", name="ひと目で")
        glance.get_by_text(
            "ふやしたと分かっているのは、「はじめてのご来店のあと」です。"
        ).wait_for()
        row = glance.get_by_role("row", name="はじめてのご来店のあと")
        assert "60回中52回（87%）" in row.inner_text()
        assert "30回中8回（27%）" in row.inner_text()
        told = page.locator("#journey-first_visit .said").inner_text()
        assert "何も送らなかった場合より約60人多くなっています" in told
        assert "「送る」になった60回では100回あたり87回" in told
        assert "「送らない」になった30回では100回あたり27回" in told
        # Who came? By name, a tap away.
        row.get_by_role("link", name=re.compile("のあとに来られた方")).click()
        page.get_by_text("60通のうち").wait_for()
        assert page.locator("table tbody tr").count() == 52
        page.go_back()
        # What did it cost? There it says so: 60 messages at 3 yen, and what one more visitor did.
        assert "60通で180円。" in row.inner_text()
        assert re.search(r"お一人ふえるのに、およそ\d+円", row.inner_text())
        # What did all cost, and what is owed in points? Two cards of one page.
        glance.get_by_role("link", name="費用とポイントの残高を見る").click()
        page.locator("main h1", has_text="費用とポイントの残高").wait_for()
        assert tile(page, "この期間にかかった費用") == yen(100)
        points = points_of_all(cafe)
        assert tile(page, "ポイントの残高（お返しする約束）") == yen(points)
        tells_what_is_owed(page, points)
        # Who are the best, and who brings others?
        goes(page, "数字", "数字で見る")
        page.get_by_role("link", name="お得意さま", exact=True).click()
        page.get_by_role("link", name=re.compile("さくら")).first.wait_for()
        assert page.url.endswith("/owner/figures/core")
        brought = page.locator("tr", has_text="2人（うち0人が2回目も）")
        assert "さくら" in brought.first.inner_text()
