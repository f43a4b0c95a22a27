"""Each timing at which points are given, as a member sees it: for docs/timings.md."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser

from bot.simulator.times import JAPAN
from bot.store.members import line_accounts, members
from bot.store.members.members import Member
from handlers.commands.installation import Installation
from rules.shop import add_months
from tests.journeys.town import Said

from .desk import Staff, Tablet
from .journey import NAME, Cafe, Screen
from .phone import Phone

#: How the files begin.
PREFIX = "timing-"
_FRIEND = "もも"
_LETTER = "席の間を、もう少し広くしていただけるとうれしいです。"
_CHANGED = "窓ぎわの席を1つ減らし、間を広くしました。"
_REVIEW = "浅煎りの香りがとてもよく、スタッフの方も親切でした。"
_WEEKS = 4
#: The plan of LINE's membership that the demo's subscription names.
_PLAN = 3189
#: A code to invite by, where it stands alone.
_CODE = re.compile(r"'text': '([A-Z0-9]{6,})'")


class Life:
    """Sakura's, from the day on which she adds the account."""

    def __init__(self, cafe: Cafe) -> None:
        self.cafe, self.phone = cafe, cafe.phone
        self.me = ""

    def joins(self, name: str) -> str:
        """The account of somebody new, whose phone it is from now on."""
        self.phone.newcomer(name)
        user_id = self.phone.page.inner_text("#user-id").strip()
        self.phone.opens_menu(False)
        return user_id

    def member(self, user_id: str) -> Member:
        with self.cafe.club.store.read() as uow:
            account = line_accounts.get(uow, user_id)
            assert account is not None
            assert account.member_id is not None
            found = members.get(uow, account.member_id)
        assert found is not None
        return found

    def taps(self, of: str, label: str) -> None:
        """The newest button whose data begins with `of`; `label` then stands in the chat."""
        simulator = self.cafe.simulator
        said = Said([dict(line.body) for line in reversed(simulator.lines(self.me))])
        data = said.data(of)
        self.phone.hears(lambda: simulator.customers.postback(self.me, data, display_text=label))

    def checks_in(self) -> None:
        self.phone.scans(self.cafe.tablet.link())
        self.phone.sends()
        self.phone.opens_menu(False)

    def is_scanned(self, **more: Any) -> None:
        """Staff scan her card, and add what they type or have seen."""
        member = self.member(self.me)
        code = self.cafe.club.codes.card_code(member.number, member.issue)
        self.cafe.staff.posts("scan", {"code": code, "scanId": str(uuid4())} | more)
        self.phone.settles()

    def pays(self, yen: int) -> None:
        number = self.member(self.me).number
        asked = {"addId": str(uuid4()), "memberNumber": number, "amount": yen}
        self.cafe.staff.posts("add", asked)

    def skips_to(self, day: date) -> None:
        """Goes to noon of that day, without the nights before the last one."""
        simulator, noon = self.cafe.simulator, datetime.combine(day, time(12), tzinfo=JAPAN)
        simulator.set_offset(simulator.offset() + (noon - timedelta(hours=11) - simulator.now()))
        self.phone.travels_to(noon)

    def shot(self, name: str, selector: str = ".line.user") -> Screen:
        """The chat from the last of what `selector` finds on, by default her own words."""
        self.phone.settles()
        self.phone.shows(selector)
        return Screen(PREFIX + name, self.phone.picture())

    def ends(self, name: str) -> Screen:
        """The chat's end."""
        self.phone.opens_menu(False)
        self.phone.settles()
        return Screen(PREFIX + name, self.phone.picture())


def walk_timings(browser: Browser, installation: Installation) -> Iterator[Screen]:
    """Every timing, in the order of one member's life."""
    club, simulator = installation.club, installation.simulator
    assert simulator is not None
    with (
        closing(Tablet(browser, club)) as tablet,
        closing(Staff(browser, club)) as staff,
        closing(Phone(browser, club.base_url)) as phone,
    ):
        life = Life(Cafe(browser, club, simulator, tablet, staff, phone))
        for part in (
            *(_joins, _tells, _comes, _buys, _speaks, _brings),
            *(_subscribes, _weeks, _years),
        ):
            yield from part(life)


def _joins(life: Life) -> Iterator[Screen]:
    life.me = life.joins(NAME)
    life.phone.shows(".day", 0)
    yield Screen(f"{PREFIX}registration", life.phone.picture())


def _tells(life: Life) -> Iterator[Screen]:
    """The profile, to its end; and the newsletter."""
    month = add_months(life.cafe.club.now().astimezone(JAPAN).date(), 1).month
    life.phone.writes("誕生日")
    life.phone.writes(f"{month}月12日")
    life.taps("do=birthday&save", "この日で登録")
    life.phone.writes("プロフィール")
    for data, label in (
        ("area", "お住まいの地域"),
        ("area&choose=river", "川のちかく"),
        ("interests&agree", "同意して進む"),
        ("interests&add=light", "浅煎り"),
        ("interests&these", "これで登録"),
    ):
        life.taps(f"do=profile_step&step={data}", label)
    yield life.shot("profile")
    life.phone.writes("会報誌")
    life.taps("do=newsletter&on=1", "受け取る")
    yield life.shot("newsletter")


def _comes(life: Life) -> Iterator[Screen]:
    life.checks_in()
    yield life.shot("visit")
    life.phone.writes("今日")
    yield life.shot("campaign")


def _buys(life: Life) -> Iterator[Screen]:
    """What is added at the counter: receipts, a bag, a deed that staff saw."""
    life.cafe.next_visit()
    life.is_scanned(amount=2_400, eco=["own_bag"])
    life.phone.writes("履歴")
    yield life.shot("purchase")
    life.phone.writes("エコ")
    yield life.shot("eco")
    for _ in range(9):
        life.pays(1_200)
    life.phone.writes("特典")
    yield life.shot("nth")
    life.phone.writes("履歴")
    yield life.shot("spend")
    life.cafe.next_visit()
    life.is_scanned(confirm=["deed"])
    life.phone.writes("履歴")
    yield life.shot("deed")


def _speaks(life: Life) -> Iterator[Screen]:
    """A review, a share, and a letter that is taken up: on a day on which nothing else was sent."""
    life.cafe.next_visit(days=1)
    life.phone.writes("感想")
    life.taps("do=review&stars=5", "★★★★★")
    life.phone.writes(_REVIEW)
    yield life.shot("review")
    life.phone.writes("シェア")
    life.taps("do=share&line=1", "この文にする")
    yield life.shot("share")
    life.phone.writes("ご意見")
    life.phone.writes(_LETTER)
    yield life.shot("feedback")
    life.cafe.staff.adopts(_CHANGED)
    life.phone.hears_of("ご意見を取り入れました")
    yield life.ends("adopted")


def _brings(life: Life) -> Iterator[Screen]:
    """A friend, on both sides."""
    life.phone.writes("紹介")
    said = life.cafe.simulator.lines(life.me)[-8:]
    [code] = {found for line in said for found in _CODE.findall(str(dict(line.body)))}
    life.joins(_FRIEND)
    life.phone.writes(f"紹介 {code}")
    life.cafe.next_visit()
    life.checks_in()
    yield life.shot("referred")
    life.phone.becomes(life.me)
    life.phone.hears_of("お友だちのご紹介、ありがとうございます")
    yield life.ends("referral")
    life.checks_in()


def _subscribes(life: Life) -> Iterator[Screen]:
    """By LINE's own membership."""
    customers = life.cafe.simulator.customers
    life.phone.hears(lambda: customers.tell_membership(life.me, "joined", _PLAN))
    yield life.ends("delivery")


def _weeks(life: Life) -> Iterator[Screen]:
    """The last of four in a row, within which the month of her birthday begins."""
    month = life.cafe.club.now().astimezone(JAPAN).month
    for _ in range(_WEEKS - 2):
        life.cafe.next_visit(days=7)
        now = life.cafe.club.now().astimezone(JAPAN).month
        if now != month:
            month = now
            life.phone.hears_of("お祝いに100ポイント")
            yield Screen(f"{PREFIX}birthday", life.phone.picture())
        life.checks_in()
    yield life.ends("streak")


def _years(life: Life) -> Iterator[Screen]:
    """A year of membership; she was there the week before."""
    year = add_months(life.member(life.me).joined_at.astimezone(JAPAN).date(), 12)
    life.skips_to(year - timedelta(days=8))
    life.checks_in()
    life.skips_to(year)
    yield life.ends("anniversary")
