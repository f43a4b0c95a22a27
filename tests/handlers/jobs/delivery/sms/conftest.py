"""A shop that sends SMS, a door that notes them, and somebody whom LINE doesn't reach."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from bot.sms import (
    SmsDoor,
    SmsError,
)
from bot.store.members import line_accounts, profiles
from bot.store.members.profiles import Profile
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone, agree_to_sms
from rules.activity import Offered
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import USER
from tests.rules.examples import LEAST

BY_SMS = (
    LEAST.replace('legal_name = "店"', 'legal_name = "株式会社かよい"')
    + """
[[journeys]]
kind = "lapsed"
steps = [{ days = 60, offer = { points = 30, valid_days = 14 } }]
channels = ["line", "sms"]
holdout = 0
"""
)
PHONE = "+819012345678"
#: Sixty days after the visit of Monday noon, at ten in the morning.
TEN = datetime(2026, 3, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Door(SmsDoor):
    """A door that notes what is sent; `answers` are what it raises in turn."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    answers: list[SmsError | None] = field(default_factory=list)
    during: list[Callable[[], object]] = field(default_factory=list)

    def send(self, to: str, text: str) -> str:
        self.sent.append((to, text))
        for act in self.during:
            act()
        problem = self.answers.pop(0) if self.answers else None
        if problem is not None:
            raise problem
        return "SM1"


@pytest.fixture
def door() -> Door:
    return Door("AC", "token", "KAYOI", "http://127.0.0.1:9")


@pytest.fixture
def shop(database_url: str, line: Line, door: Door) -> Iterator[SmallClub]:
    with club_on(database_url, BY_SMS, line_url=line.url) as club:
        yield SmallClub(replace(club.club, sms=door), club.clock)


@pytest.fixture
def member(shop: SmallClub) -> int:
    """Somebody who came once, agreed to SMS, and has blocked the account since."""
    member = shop.joins(USER)
    shop.visits(member, store="main")
    with shop.work() as work:
        profiles.put(work.uow, member, Profile(phone=PHONE), at=shop.now)
        agree_to_sms(work, member, SmsConsent(work.now, "counter", "SMSでも"))
        line_accounts.set_blocked(work.uow, USER, True)
    return member


def promised(shop: SmallClub, member: int) -> int:
    return sum(isinstance(each.activity.what, Offered) for each in shop.history(member))


def somebody_else(shop: SmallClub, number: int, phone: str) -> int:
    """One more whom only an SMS reaches."""
    user = f"U{number:032x}"
    other = shop.joins(user)
    shop.visits(other, store="main")
    with shop.work() as work:
        agree_by_phone(work, other, phone, SmsConsent(work.now, "counter", "SMSでも"))
        line_accounts.set_blocked(work.uow, user, True)
    return other
