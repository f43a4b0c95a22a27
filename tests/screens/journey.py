"""What a new customer sees, and what the staff see of her: from adding the account to Bronze, a
reward, two months away and the visit after them. And an SMS to somebody who blocked the account."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser

from bot.codes import RewardUse
from bot.simulator import Simulator
from bot.simulator.times import JAPAN
from bot.store.finding import due_members
from bot.store.members import consents
from bot.store.members.members import Member
from handlers.club import Club
from handlers.commands.installation import Installation
from handlers.showing.card_links import use_link
from rules.programme.programme import Programme
from rules.shop import add_months

from .desk import OwnPage, Staff, Tablet, joined_as
from .phone import Phone

NAME = "さくら"
NAME_ENGLISH = "Emma"
#: The menu's areas, row by row.
_CARD, _REWARDS, _RANK, _BADGES = 0, 2, 3, 4
#: What she pays at the visit that makes her Bronze: enough for her first reward.
_PAID_YEN = 3_200
_REWARD = "off_100"
#: Who else comes that day, by when they joined; the last is given an amount by a slip.
_OTHERS = (3, 5, 8, 9, 12, 14, 20)
_SLIP_YEN = 19_800
#: How long she stays away: the morning after brings the message.
_AWAY_DAYS = 60


class Screen(NamedTuple):
    """A picture by the name of its file; `framed` if it is a phone."""

    name: str
    picture: Image.Image
    framed: bool = True


@dataclass(frozen=True)
class Cafe:
    """Everything there is to look at. `phone` is the customer's."""

    browser: Browser
    club: Club
    simulator: Simulator
    tablet: Tablet
    staff: Staff
    phone: Phone

    @property
    def programme(self) -> Programme:
        return self.club.timeline().latest.programme

    @property
    def customer(self) -> Member:
        """Who joined last."""
        with self.club.store.read() as uow:
            count = due_members.count_members(uow)
        return joined_as(self.club, count)

    def next_visit(self, *, days: int = 2) -> None:
        """Travels to noon of the first open day so many days later."""
        noon = self.club.now().astimezone(JAPAN).replace(hour=12, minute=0, second=0, microsecond=0)
        noon += timedelta(days=days)
        while not self.programme.shop.is_open(noon.date()):
            noon += timedelta(days=1)
        self.phone.travels_to(noon)


def walk(browser: Browser, installation: Installation) -> Iterator[Screen]:
    """Every screen, in the order of the story."""
    club, simulator = installation.club, installation.simulator
    assert simulator is not None
    with (
        closing(Tablet(browser, club)) as tablet,
        closing(Staff(browser, club)) as staff,
        closing(Phone(browser, club.base_url)) as phone,
    ):
        cafe = Cafe(browser, club, simulator, tablet, staff, phone)
        for part in (
            *(_joins, _checks_in, _becomes_bronze, _shift, _looks_around, _uses_a_reward),
            *(_stays_away, _comes_back, _english),
        ):
            yield from part(cafe)


def _joins(cafe: Cafe) -> Iterator[Screen]:
    phone = cafe.phone
    phone.newcomer(NAME)
    phone.opens_menu(False)
    phone.shows(".day", 0)
    yield Screen("welcome", phone.picture())
    phone.taps_menu(_CARD)
    phone.opens_menu(False)
    yield Screen("card", phone.picture())


def _checks_in(cafe: Cafe) -> Iterator[Screen]:
    yield Screen("counter", cafe.tablet.picture(), framed=False)
    cafe.phone.scans(cafe.tablet.link())
    yield Screen("scanned", cafe.phone.picture())
    cafe.phone.sends()
    yield Screen("check-in", cafe.phone.picture())
    assert cafe.programme.ranks is not None
    for _ in range(cafe.programme.ranks.steps[0].at - 2):
        cafe.next_visit()
        cafe.phone.scans(cafe.tablet.link())
        cafe.phone.sends()


def _becomes_bronze(cafe: Cafe) -> Iterator[Screen]:
    """By the staff's scan, this time: what it brought is pushed into the chat."""
    cafe.next_visit()
    cafe.staff.takes(_PAID_YEN)
    cafe.staff.scans(cafe.customer, NAME, "ブロンズファン")
    yield Screen("staff-scan", cafe.staff.picture())
    cafe.phone.has_menu(":bronze")
    cafe.phone.opens_menu(False)
    cafe.phone.shows(".day")
    yield Screen("bronze", cafe.phone.picture())


def _shift(cafe: Cafe) -> Iterator[Screen]:
    for number in _OTHERS:
        cafe.staff.scans(joined_as(cafe.club, number), "チェックインしました")
    cafe.staff.takes(_SLIP_YEN)
    cafe.staff.counter.says("を付けました")
    cafe.staff.undoes()
    yield Screen("staff-undo", cafe.staff.picture())
    yield Screen("staff-today", cafe.staff.shift(), framed=False)


def _looks_around(cafe: Cafe) -> Iterator[Screen]:
    for name, area in (("badges", _BADGES), ("rank", _RANK)):
        cafe.phone.taps_menu(area)
        cafe.phone.opens_menu(False)
        cafe.phone.shows(".line.user")
        yield Screen(name, cafe.phone.picture())
    cafe.phone.taps_menu(_CARD)
    cafe.phone.shows(".line.user")
    yield Screen("card-bronze", cafe.phone.picture())


def _uses_a_reward(cafe: Cafe) -> Iterator[Screen]:
    cafe.phone.taps_menu(_REWARDS)
    cafe.phone.opens_menu(False)
    cafe.phone.shows(".line.user")
    yield Screen("rewards", cafe.phone.picture())
    link = use_link(cafe.club, cafe.customer, RewardUse(_REWARD))
    with closing(OwnPage(cafe.browser, link)) as page:
        yield Screen("use", page.picture())
        cafe.staff.counter.scans(page.code(), "お値引きします")
        yield Screen("staff-reward", cafe.staff.picture())


def _stays_away(cafe: Cafe) -> Iterator[Screen]:
    """Two months; and somebody else, whom LINE doesn't reach any more, has an SMS."""
    agreed = _agreed_to_sms(cafe)
    for user_id in agreed:
        cafe.phone.becomes(user_id)
        cafe.phone.blocks()
    me = cafe.customer.line_user_id
    assert me is not None
    cafe.phone.becomes(me)
    cafe.next_visit(days=_AWAY_DAYS)
    cafe.phone.opens_menu(False)
    yield Screen("comeback", cafe.phone.picture())
    yield Screen("simulator", cafe.phone.desk(), framed=False)
    reached = next(each for each in agreed if _has_sms(cafe, each))
    cafe.phone.becomes(reached)
    cafe.phone.has_sms()
    yield Screen("sms", cafe.phone.picture())
    cafe.phone.becomes(me)


def _comes_back(cafe: Cafe) -> Iterator[Screen]:
    cafe.next_visit(days=1)
    cafe.staff.scans(cafe.customer, NAME, "おかえりなさいの焼き菓子")
    yield Screen("staff-comeback", cafe.staff.picture())


def _english(cafe: Cafe) -> Iterator[Screen]:
    """Somebody who reads English, from the first visit to Bronze, within one month."""
    assert cafe.programme.ranks is not None
    today = cafe.club.now().astimezone(JAPAN).date()
    cafe.next_visit(days=(add_months(today.replace(day=3), 1) - today).days)
    cafe.phone.newcomer(NAME_ENGLISH, "en")
    for visit in range(cafe.programme.ranks.steps[0].at):
        if visit:
            cafe.next_visit()
        cafe.phone.scans(cafe.tablet.link())
        cafe.phone.sends()
        if not visit:
            cafe.phone.opens_menu(False)
            yield Screen("english-check-in", cafe.phone.picture())
    cafe.phone.has_menu(":bronze")
    cafe.phone.opens_menu(False)
    cafe.phone.shows(".line.user")
    yield Screen("english-bronze", cafe.phone.picture())
    cafe.phone.taps_menu(_CARD)
    cafe.phone.shows(".line.user")
    yield Screen("english", cafe.phone.picture())


def _agreed_to_sms(cafe: Cafe) -> list[str]:
    """The LINE accounts of who agreed."""
    with cafe.club.store.read() as uow:
        agreed = consents.sms_agreed(uow, list(due_members.everyone(cafe.club.store)))
    found = (joined_as(cafe.club, number).line_user_id for number in sorted(agreed))
    return [user_id for user_id in found if user_id]


def _has_sms(cafe: Cafe, user_id: str) -> bool:
    return any(line.via == "sms" for line in cafe.simulator.lines(user_id))
