"""SMS to those whom LINE can't reach: each at most once, as long as they agree to them."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from bot import metrics
from bot.sms import (
    SmsDoor,
    SmsError,
    SmsRefused,
    SmsRejected,
    SmsStopped,
    SmsUnavailable,
    SmsUnknown,
)
from bot.store.members import consents, line_accounts, profiles
from bot.store.members.profiles import Profile
from bot.store.tables import outbox as table
from handlers.actions.members.card_numbers import stop_name
from handlers.actions.members.sms_consent import SmsConsent, agree_by_phone, agree_to_sms, stop_sms
from handlers.jobs.delivery.sms import SmsDelivery
from rules.activity import Offered
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.foresight import foretells
from tests.handlers.jobs.line import BAD_TOKEN, SILENCE_AFTER, Line
from tests.handlers.jobs.messages import USER, statuses, travels
from tests.rules.examples import LEAST
from tests.rules.science.foretelling import UNTOLD, drifting_after
from tests.waiting import SECONDS_MAX

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


def test_whom_line_cannot_reach_gets_one_sms_with_its_sender_and_the_way_out(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    travels(shop, TEN + timedelta(days=30), past=TEN)
    [(to, text)] = door.sent
    assert to == PHONE
    assert text.startswith("【店】")
    assert "株式会社かよい" in text
    with shop.store.begin() as uow:
        assert shop.club.sms_stop_link(stop_name(uow, member), PHONE) in text
    assert shop.member(member).number not in text
    assert "30" in text
    assert line.pushed == []
    assert statuses(shop) == {"sent": 1}
    assert promised(shop, member) == 1


def test_nothing_goes_at_night(shop: SmallClub, door: Door, member: int) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    assert door.sent == []
    assert statuses(shop) == {"queued": 1}


def test_one_that_was_queued_too_early_waits_until_they_drift(
    shop: SmallClub, door: Door, member: int
) -> None:
    # Whoever came once drifts after two months at the latest.
    shop.passes(days=1)
    shop.visits(member, store="main")
    foretells(shop.club, UNTOLD)
    due = TEN + timedelta(days=1)
    travels(shop, due - timedelta(minutes=1), past=due)
    foretells(shop.club, drifting_after(63))
    travels(shop, due + timedelta(days=2), past=due)
    assert (door.sent, statuses(shop)) == ([], {"queued": 1})
    travels(shop, due + timedelta(days=9), past=due + timedelta(days=3))
    assert (len(door.sent), statuses(shop)) == (1, {"sent": 1})


def test_who_never_agreed_or_has_stopped_them_gets_none(
    shop: SmallClub, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    with shop.work() as work:
        assert stop_sms(work, member, channel="sms")
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert door.sent == []
    assert statuses(shop) == {"skipped": 1}
    assert promised(shop, member) == 0


def test_whom_line_reaches_again_is_written_by_line(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    with shop.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, False)
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert door.sent == []
    assert len(line.accepted) == 1


def _loses_the_account(shop: SmallClub) -> None:
    with shop.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, True)


def _queued_for_line(shop: SmallClub) -> None:
    """LINE reaches the member when the message is queued, in the night."""
    with shop.store.begin() as uow:
        line_accounts.set_blocked(uow, USER, False)
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    with shop.store.read() as uow:
        assert uow.run(select(table.c.channel, table.c.status)).all() == [("line", "queued")]


def test_whom_line_reaches_no_more_when_the_message_goes_out_gets_it_by_sms(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    _queued_for_line(shop)
    _loses_the_account(shop)
    travels(shop, TEN + timedelta(days=5), past=TEN)
    assert [to for to, _ in door.sent] == [PHONE]
    assert line.pushed == []
    assert statuses(shop) == {"sent": 1}
    assert promised(shop, member) == 1


def test_who_does_not_agree_to_sms_any_more_gets_none_in_its_place(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    _queued_for_line(shop)
    _loses_the_account(shop)
    with shop.work() as work:
        assert stop_sms(work, member, channel="sms")
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert door.sent == line.pushed == []
    assert statuses(shop) == {"skipped": 1}


@pytest.mark.parametrize("lacks", ["door", "channel"])
def test_where_the_club_or_the_journey_has_no_sms_it_is_skipped(
    shop: SmallClub, line: Line, door: Door, member: int, lacks: str
) -> None:
    _queued_for_line(shop)
    _loses_the_account(shop)
    if lacks == "door":
        shop = SmallClub(replace(shop.club, sms=None), shop.clock)
    else:
        shop.publishes(BY_SMS.replace('channels = ["line", "sms"]\n', ""))
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert door.sent == line.pushed == []
    assert statuses(shop) == {"skipped": 1}


def test_what_line_may_have_taken_never_goes_by_sms(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    _queued_for_line(shop)
    line.answers.append(SILENCE_AFTER)
    travels(shop, TEN + timedelta(seconds=1), past=TEN)
    assert statuses(shop) == {"sending": 1}
    _loses_the_account(shop)
    travels(shop, TEN + timedelta(days=3), past=TEN)
    assert door.sent == []
    assert len(line.accepted) == 1
    assert sum(statuses(shop).get(end, 0) for end in ("sent", "uncertain")) == 1


def test_what_line_surely_did_not_take_may_go_by_sms(
    shop: SmallClub, line: Line, door: Door, member: int
) -> None:
    _queued_for_line(shop)
    line.answers.append(BAD_TOKEN)
    travels(shop, TEN + timedelta(seconds=1), past=TEN)
    assert statuses(shop) == {"queued": 1}
    _loses_the_account(shop)
    travels(shop, TEN + timedelta(days=3), past=TEN)
    assert len(door.sent) == 1
    assert line.accepted == []
    assert statuses(shop) == {"sent": 1}


@pytest.mark.parametrize("answer", [SmsUnknown(), None])
def test_what_may_have_left_is_never_sent_again(
    shop: SmallClub, door: Door, member: int, answer: SmsError | None
) -> None:
    door.answers.append(answer)
    travels(shop, TEN + timedelta(days=5), past=TEN)
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain" if answer else "sent": 1}
    assert promised(shop, member) == 1


@pytest.mark.parametrize("problem", [SmsUnavailable(20003), SmsRejected(21606)])
def test_what_surely_did_not_leave_is_tried_again(
    shop: SmallClub, door: Door, member: int, problem: SmsError
) -> None:
    door.answers.extend([problem, problem])
    travels(shop, TEN + timedelta(hours=1), past=TEN)
    assert len(door.sent) == 3
    assert statuses(shop) == {"sent": 1}
    assert promised(shop, member) == 1


def test_a_number_that_takes_none_is_left_alone(shop: SmallClub, door: Door, member: int) -> None:
    door.answers.append(SmsRefused(21610))
    travels(shop, TEN + timedelta(days=5), past=TEN)
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
            with shop.work() as work:
                profiles.put(work.uow, each, Profile(phone=PHONE), at=shop.now)
                agree_to_sms(work, each, SmsConsent(work.now, "counter", "SMSでも"))
        travels(shop, datetime(2026, 2, 26, 12, tzinfo=UTC), past=TEN)
        assert len(door.sent) == 2
        assert "3月4日まで" in door.sent[0][1]
        assert statuses(shop) == {"sent": 2}
        travels(shop, datetime(2026, 3, 6, 12, tzinfo=UTC), past=TEN)
        assert [shop.balance(each) for each in people] == [0, 0]


def test_a_club_that_sends_no_sms_any_more_lets_none_wait_for_ever(
    shop: SmallClub, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    without = replace(shop.club, sms=None)
    shop.passes(days=20)
    SmsDelivery(without).deliver_due()
    assert statuses(shop) == {"skipped": 1}


def _somebody_else(shop: SmallClub, number: int, phone: str) -> int:
    """One more whom only an SMS reaches."""
    user = f"U{number:032x}"
    other = shop.joins(user)
    shop.visits(other, store="main")
    with shop.work() as work:
        agree_by_phone(work, other, phone, SmsConsent(work.now, "counter", "SMSでも"))
        line_accounts.set_blocked(work.uow, user, True)
    return other


def _agrees(shop: SmallClub, member: int) -> bool:
    with shop.store.read() as uow:
        return consents.sms_agreed_at(uow, member) is not None


def test_whoever_told_twilio_to_stop_has_stopped_them_here_too_with_every_card(
    shop: SmallClub, door: Door, member: int
) -> None:
    child = _somebody_else(shop, 2, PHONE)
    stranger = _somebody_else(shop, 3, "+819000000001")
    door.answers.append(SmsStopped(21610))
    travels(shop, TEN + timedelta(hours=1), past=TEN)
    assert [to for to, _ in door.sent] == [PHONE, "+819000000001"]
    assert statuses(shop) == {"failed": 1, "skipped": 1, "sent": 1}
    assert [_agrees(shop, each) for each in (member, child, stranger)] == [False, False, True]


def test_an_account_that_twilio_refuses_costs_no_message(
    shop: SmallClub, door: Door, member: int
) -> None:
    _somebody_else(shop, 2, "+819000000001")
    door.answers.extend([SmsUnavailable(20003)] * 20)
    travels(shop, TEN + timedelta(minutes=19, seconds=30), past=TEN)
    # One asks for both, once a minute.
    assert len(door.sent) == 20
    assert statuses(shop) == {"queued": 2}
    travels(shop, TEN + timedelta(minutes=30), past=TEN)
    assert statuses(shop) == {"sent": 2}


def test_while_twilio_does_not_answer_few_are_lost(
    shop: SmallClub, door: Door, member: int
) -> None:
    for number in range(2, 7):
        _somebody_else(shop, number, f"+81900000000{number}")
    door.answers.append(SmsUnknown())
    travels(shop, TEN + timedelta(seconds=59), past=TEN)
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain": 1, "queued": 5}
    travels(shop, TEN + timedelta(minutes=2), past=TEN)
    assert statuses(shop) == {"uncertain": 1, "sent": 5}


def test_a_message_that_twilio_never_takes_is_given_up(
    shop: SmallClub, door: Door, member: int
) -> None:
    door.answers.extend([SmsRejected(21617)] * 20)
    travels(shop, TEN + timedelta(days=1), past=TEN)
    assert len(door.sent) == 5
    assert statuses(shop) == {"failed": 1}
    assert promised(shop, member) == 0


def test_they_keep_nobody_waiting_who_wants_to_stop(
    shop: SmallClub, door: Door, member: int
) -> None:
    _somebody_else(shop, 2, "+819000000001")
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    delivery = SmsDelivery(shop.club)
    assert delivery.deliver_due(seconds_max=0) == 0
    assert delivery.deliver_due(stopping=lambda: len(door.sent) == 1) == 1
    assert statuses(shop) == {"sent": 1, "queued": 1}


def test_what_was_decided_on_before_the_machine_slept_is_decided_on_anew(
    shop: SmallClub, door: Door, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    count = metrics.count_messages

    def sleep(outcomes: Counter[str]) -> None:
        count(outcomes)
        shop.clock.set(TEN + timedelta(hours=12))  # 22:00

    # Between what is noted and Twilio: the lid is shut for half a day.
    monkeypatch.setattr(metrics, "count_messages", sleep)
    SmsDelivery(shop.club).deliver_due()
    monkeypatch.undo()
    shop.passes(minutes=2)
    SmsDelivery(shop.club).deliver_due()
    assert door.sent == []
    assert statuses(shop) == {"queued": 1}


class Killed(BaseException):
    """The process ends here."""


def test_what_a_dead_process_had_in_hand_is_uncertain_and_stays_so(
    shop: SmallClub, door: Door, member: int
) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)

    def die() -> None:
        raise Killed

    door.during.append(die)
    with pytest.raises(Killed):
        SmsDelivery(shop.club).deliver_due()
    door.during.clear()
    SmsDelivery(shop.club).deliver_due()
    assert statuses(shop) == {"sending": 1}
    shop.passes(minutes=6)
    SmsDelivery(shop.club).deliver_due()
    assert len(door.sent) == 1
    assert statuses(shop) == {"uncertain": 1}
    assert promised(shop, member) == 1


def test_workers_at_once_send_it_once(shop: SmallClub, door: Door, member: int) -> None:
    travels(shop, TEN - timedelta(minutes=1), past=TEN)
    shop.passes(minutes=1)
    ready = Barrier(3)

    def work() -> None:
        ready.wait(SECONDS_MAX)
        SmsDelivery(shop.club).deliver_due()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for _ in range(3)]:
            done.result(SECONDS_MAX)
    assert len(door.sent) == 1
