"""SMS to those whom LINE can't reach: each at most once, as long as they agree to them."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from bot.sms import SmsDoor, SmsError, SmsRefused, SmsUnavailable, SmsUnknown
from bot.store import line_accounts, profiles
from bot.store.profiles import Profile
from handlers.actions.sms_consent import agree_to_sms, stop_sms
from handlers.jobs import sms
from handlers.jobs.clockwork import Clockwork
from rules.activity import Offered
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.jobs.line import Line
from tests.handlers.jobs.messages import USER, statuses
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
    with shop.store.begin() as uow:
        profiles.put(uow, member, Profile(phone=PHONE), at=shop.now)
        agree_to_sms(uow, member, channel="counter", wording="SMSでも", now=shop.now)
        line_accounts.set_blocked(uow, USER, True)
    return member


def travels(shop: SmallClub, to: datetime) -> None:
    """Passes time; the nights in which nothing happens, before the message's own, are left out."""
    shop.clock.set(max(shop.now, min(to, TEN) - timedelta(days=1)))
    Clockwork(shop.club).travel(to, shop.clock.set)


def promised(shop: SmallClub, member: int) -> int:
    return sum(isinstance(each.activity.what, Offered) for each in shop.history(member))


def test_whom_line_cannot_reach_gets_one_sms_with_its_sender_and_the_way_out(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    travels(shop, TEN + timedelta(days=30))
    [(to, text)] = door.sent
    assert to == PHONE
    assert text.startswith("【店】")
    assert "株式会社かよい" in text
    assert shop.club.sms_stop_link(shop.member(member).number) in text
    assert "30" in text
    assert line.pushed == []
    assert statuses(shop) == {"sent": 1}
    assert promised(shop, member) == 1


def test_nothing_goes_at_night(shop: SmallClub, door: Door, member: int) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    assert door.sent == []
    assert statuses(shop) == {"queued": 1}


def test_who_never_agreed_or_has_stopped_them_gets_none(
    shop: SmallClub, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    with shop.store.begin() as uow:
        assert stop_sms(uow, member, channel="sms", now=shop.now)
    travels(shop, TEN + timedelta(days=1))
    assert door.sent == []
    assert statuses(shop) == {"skipped": 1}
    assert promised(shop, member) == 0


def test_whom_line_reaches_again_is_written_by_line(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    with shop.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, False)
    travels(shop, TEN + timedelta(days=1))
    assert door.sent == []
    assert len(line.accepted) == 1


@pytest.mark.parametrize("answer", [SmsUnknown(), None])
def test_what_may_have_left_is_never_sent_again(
    shop: SmallClub, door: Door, member: int, answer: SmsError | None
) -> None:
    door.answers.append(answer)
    travels(shop, TEN + timedelta(days=5))
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain" if answer else "sent": 1}
    assert promised(shop, member) == 1


def test_what_surely_did_not_leave_is_tried_again(shop: SmallClub, door: Door, member: int) -> None:
    door.answers.extend([SmsUnavailable(), SmsUnavailable()])
    travels(shop, TEN + timedelta(hours=1))
    assert len(door.sent) == 3
    assert statuses(shop) == {"sent": 1}
    assert promised(shop, member) == 1


def test_a_number_that_takes_none_is_left_alone(shop: SmallClub, door: Door, member: int) -> None:
    door.answers.append(SmsRefused(21610))
    travels(shop, TEN + timedelta(days=5))
    assert len(door.sent) == 1
    assert statuses(shop) == {"failed": 1}
    assert promised(shop, member) == 0


POINTS_GO = """
[[earning]]
id = "visit"
name = { ja = "ご来店" }
on = "visit"
award = { kind = "fixed", points = 10 }

[[journeys]]
kind = "points_expiring"
channels = ["line", "sms"]
"""
BY_LOT = 'expiry = { kind = "lot", months = 2, month_end = false, warn_days = [7] }'


def test_points_that_go_are_told_by_sms_too_and_none_waits_for_ever(
    database_url: str, line: Line, door: Door
) -> None:
    text = LEAST.replace('expiry = { kind = "never" }', BY_LOT) + POINTS_GO
    with club_on(database_url, text, line_url=line.url) as club:
        shop = SmallClub(replace(club.club, sms=door), club.clock)
        people = [shop.joins(), shop.joins()]
        for each in people:
            shop.visits(each, store="main")
            with shop.store.begin() as uow:
                profiles.put(uow, each, Profile(phone=PHONE), at=shop.now)
                agree_to_sms(uow, each, channel="counter", wording="SMSでも", now=shop.now)
        travels(shop, datetime(2026, 2, 26, 12, tzinfo=UTC))
        assert len(door.sent) == 2
        assert "3月4日まで" in door.sent[0][1]
        assert statuses(shop) == {"sent": 2}
        travels(shop, datetime(2026, 3, 6, 12, tzinfo=UTC))
        assert [shop.balance(each) for each in people] == [0, 0]


def test_a_club_that_sends_no_sms_any_more_lets_none_wait_for_ever(
    shop: SmallClub, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    without = replace(shop.club, sms=None)
    shop.passes(days=20)
    sms.deliver_due(without)
    assert statuses(shop) == {"skipped": 1}


class Killed(BaseException):
    """The process ends here."""


def test_what_a_dead_process_had_in_hand_is_uncertain_and_stays_so(
    shop: SmallClub, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    shop.passes(minutes=1)

    def die() -> None:
        raise Killed

    door.during.append(die)
    with pytest.raises(Killed):
        sms.deliver_due(shop.club)
    door.during.clear()
    sms.deliver_due(shop.club)
    assert statuses(shop) == {"sending": 1}
    shop.passes(minutes=6)
    sms.deliver_due(shop.club)
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain": 1}
    assert promised(shop, member) == 1


def test_workers_at_once_send_it_once(shop: SmallClub, door: Door, member: int) -> None:
    travels(shop, TEN - timedelta(minutes=1))
    shop.passes(minutes=1)
    ready = Barrier(3)

    def work() -> None:
        ready.wait(20)
        sms.deliver_due(shop.club)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(60)
    assert len(door.sent) == 1
