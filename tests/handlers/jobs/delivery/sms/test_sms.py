"""SMS to those whom LINE can't reach: each at most once, as long as they agree to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.sms import (
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
from handlers.actions.members.sms_consent import SmsConsent, agree_to_sms, stop_sms
from handlers.jobs.delivery.sms import SmsDelivery
from tests.handlers.clubs import SmallClub, club_on
from tests.handlers.foresight import foretells
from tests.handlers.jobs.delivery.sms.conftest import (
    BY_SMS,
    PHONE,
    TEN,
    Door,
    promised,
    somebody_else,
)
from tests.handlers.jobs.line import BAD_TOKEN, SILENCE_AFTER, Line
from tests.handlers.jobs.messages import USER, statuses, travels
from tests.rules.examples import LEAST
from tests.rules.science.foretelling import UNTOLD, drifting_after


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


def _agrees(shop: SmallClub, member: int) -> bool:
    with shop.store.read() as uow:
        return consents.sms_agreed_at(uow, member) is not None


def test_whoever_told_twilio_to_stop_has_stopped_them_here_too_with_every_card(
    shop: SmallClub, door: Door, member: int
) -> None:
    child = somebody_else(shop, 2, PHONE)
    stranger = somebody_else(shop, 3, "+819000000001")
    door.answers.append(SmsStopped(21610))
    travels(shop, TEN + timedelta(hours=1), past=TEN)
    assert [to for to, _ in door.sent] == [PHONE, "+819000000001"]
    assert statuses(shop) == {"failed": 1, "skipped": 1, "sent": 1}
    assert [_agrees(shop, each) for each in (member, child, stranger)] == [False, False, True]
