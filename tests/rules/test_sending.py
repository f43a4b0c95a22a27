"""Whether a message goes out now, later, or not at all."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.sending import (
    Recipient,
    Send,
    SendingPolicy,
    Skip,
    Topic,
    Wait,
    may_send,
    quiet_until,
)
from tests.rules.builders import at, club, of_day

SHOP = club().shop
POLICY = SendingPolicy(quota_reserve=100)
ANYBODY = Recipient(True, "active", (), 0, 0)
NOON = at(of_day("03-10"))


def ask(
    who: Recipient = ANYBODY,
    *,
    topic: Topic | None = "points",
    now: datetime = NOON,
    quota_left: int | None = None,
    policy: SendingPolicy = POLICY,
) -> Send | Wait | Skip:
    return may_send(
        policy, SHOP, who, topic=topic, useful_until=NOON + timedelta(days=2),
        quota_left=quota_left, now=now,
    )  # fmt: skip


def test_what_nothing_speaks_against_is_sent() -> None:
    assert ask() == Send()
    assert ask(quota_left=101) == Send()


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (replace(ANYBODY, reachable=False), "unreachable"),
        (replace(ANYBODY, membership="left"), "left"),
        (replace(ANYBODY, membership="paused"), "paused"),
        (replace(ANYBODY, topics_left=("ranks", "points")), "topic"),
    ],
)
def test_some_are_never_written_to(who: Recipient, reason: str) -> None:
    outcome = ask(who)
    assert isinstance(outcome, Skip)
    assert outcome.reason == reason


def test_another_topic_left_does_not_matter() -> None:
    assert ask(replace(ANYBODY, topics_left=("ranks",))) == Send()


def test_what_came_too_late_is_not_sent() -> None:
    assert ask(now=NOON + timedelta(days=2)) == Skip("too_late")


@pytest.mark.parametrize(("day", "week", "sent"), [(0, 2, True), (1, 1, False), (0, 3, False)])
def test_a_members_caps_make_it_wait(day: int, week: int, sent: bool) -> None:
    outcome = ask(replace(ANYBODY, sent_day=day, sent_week=week))
    assert isinstance(outcome, Send if sent else Wait)


@pytest.mark.parametrize(
    ("left", "topic", "sent"),
    [(101, "points", True), (100, "points", False), (100, None, True), (0, None, False)],
)
def test_the_reserve_of_the_quota_is_the_shops(left: int, topic: Topic | None, sent: bool) -> None:
    assert isinstance(ask(topic=topic, quota_left=left), Send if sent else Wait)


@pytest.mark.parametrize(
    ("hour", "until"), [(19, None), (20, 34), (23, 34), (25, 34), (33, 34), (34, None)]
)
def test_nothing_goes_out_in_quiet_hours(hour: int, until: int | None) -> None:
    day = of_day("03-10")
    expected = at(day, until) if until else None
    assert quiet_until(POLICY, SHOP, at(day, hour)) == expected
    assert ask(now=at(day, hour)) == (Wait(expected, "quiet") if expected else Send())


def test_an_answer_to_what_the_member_did_knows_no_caps_but_waits_for_the_morning() -> None:
    busy = replace(ANYBODY, sent_day=9, sent_week=9, sent_month=99, topics_left=("points",))
    day = of_day("03-10")
    assert ask(busy, topic=None, now=at(day, 12)) == Send()
    assert ask(busy, topic=None, now=at(day, 25)) == Wait(at(day, 34), "quiet")


hours = st.integers(0, 23).map(time)


@given(hours, hours, st.integers(0, 60))
@settings(max_examples=60)
def test_waiting_leads_out_of_the_quiet_hours(start: time, end: time, hour: int) -> None:
    if start == end:
        return
    policy = SendingPolicy(quiet_from=start, quiet_until=end)
    now = at(of_day("03-10"), hour)
    until = quiet_until(policy, SHOP, now)
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        assert quiet_until(policy, SHOP, until) is None
        assert quiet_until(policy, SHOP, until - timedelta(minutes=1)) == until


def test_some_time_must_be_left_to_send() -> None:
    with pytest.raises(ValidationError, match="must differ"):
        SendingPolicy(quiet_from=time(9), quiet_until=time(9))
