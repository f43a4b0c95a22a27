"""Whether a message goes out now, later, or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rules.activity import Membership
from rules.base import WEEKDAYS, Weekday
from rules.sending.policy import (
    Recipient,
    Send,
    SendingPolicy,
    Skip,
    Topic,
    Wait,
    may_send,
    quiet_until,
    sent_counts,
    time_to_quiet,
)
from tests.chance import examples
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
    **more: Any,
) -> Send | Wait | Skip:
    return may_send(
        policy, SHOP, who, topic=topic, useful_until=NOON + timedelta(days=2),
        quota_left=quota_left, now=now, **more,
    )  # fmt: skip


def test_what_nothing_speaks_against_is_sent() -> None:
    assert ask() == Send()
    assert ask(quota_left=101) == Send()


def test_a_notice_of_security_goes_whatever_the_hour_the_caps_and_the_reserve() -> None:
    night = at(of_day("03-10"), 3)
    full = replace(ANYBODY, sent_day=9, sent_week=30, sent_month=100)
    assert ask(full, topic=None, now=night, quota_left=1, at_once=True) == Send()
    # Where LINE takes nothing more it waits; and nobody is written to who is gone.
    assert isinstance(ask(topic=None, now=night, quota_left=0, at_once=True), Wait)
    assert isinstance(ask(replace(full, blocked=True), topic=None, at_once=True), Skip)
    assert isinstance(ask(full, topic=None, now=night, quota_left=1), Wait)


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


@pytest.mark.parametrize(
    ("shop", "day", "opens"),
    [
        ({}, date(2027, 1, 1), date(2027, 1, 2)),
        (
            {"closed": ({"on": date(2026, 12, 31), "until": date(2027, 1, 3)},)},
            date(2026, 12, 31),
            date(2027, 1, 4),
        ),
        ({"closed_weekdays": ("tue", "wed")}, date(2026, 3, 10), date(2026, 3, 12)),
    ],
)
def test_on_closed_days_and_new_years_day_nothing_goes_out_unasked(
    shop: dict[str, Any], day: date, opens: date
) -> None:
    resting, noon = club(shop=shop).shop, at(day)
    until = at(opens, 10)
    late = noon + timedelta(days=9)
    asked: dict[str, Any] = {"useful_until": late, "quota_left": None}
    unasked = may_send(POLICY, resting, ANYBODY, topic="ranks", now=noon, **asked)
    assert unasked == Wait(until, "quiet")
    assert may_send(POLICY, resting, ANYBODY, topic="ranks", now=until, **asked) == Send()
    # What the member asked for is answered; a wish for the New Year is welcome on its first day.
    assert may_send(POLICY, resting, ANYBODY, topic=None, now=noon, **asked) == Send()
    wish = may_send(
        POLICY, resting, ANYBODY, topic="birthday", now=noon, wishes_new_year=True, **asked
    )
    assert wish == (Send() if resting.is_open(day) else unasked)


@pytest.mark.parametrize(
    ("week", "minor", "sent"), [(1, True, True), (2, True, False), (2, False, True)]
)
def test_what_matters_less_leaves_the_weeks_last_place(week: int, minor: bool, sent: bool) -> None:
    outcome = ask(replace(ANYBODY, sent_week=week), minor=minor)
    assert isinstance(outcome, Send if sent else Wait)


hours = st.integers(0, 23).map(time)


@given(hours, hours, st.integers(0, 60))
@settings(max_examples=examples(60))
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
    with pytest.raises(ValidationError, match="same_times"):
        SendingPolicy(quiet_from=time(9), quiet_until=time(9))
    with pytest.raises(ValidationError, match="no_day_to_send"):
        SendingPolicy(quiet_weekdays=WEEKDAYS)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (replace(ANYBODY, erased=True, blocked=True), "erased"),
        (replace(ANYBODY, blocked=True, reachable=False), "blocked"),
    ],
)
def test_who_is_gone_or_blocked_us_hears_nothing_at_all(who: Recipient, reason: str) -> None:
    for topic in (None, "points"):
        outcome = ask(who, topic=topic)
        assert isinstance(outcome, Skip)
        assert outcome.reason == reason


@pytest.mark.parametrize("state", ["paused", "left"])
def test_a_journey_may_be_meant_for_those_who_rest_or_left(state: Membership) -> None:
    who = replace(ANYBODY, membership=state)
    assert isinstance(ask(who), Skip)
    assert ask(who, states=(state,)) == Send()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [((1, 1, 1), "cap_day"), ((0, 3, 3), "cap_week"), ((0, 0, 8), "cap_month")],
)
def test_each_cap_says_which_it_is(sent: tuple[int, int, int], reason: str) -> None:
    day, week, month = sent
    outcome = ask(replace(ANYBODY, sent_day=day, sent_week=week, sent_month=month))
    assert isinstance(outcome, Wait)
    assert outcome.reason == reason


def test_what_is_more_important_takes_the_place() -> None:
    outcome = ask(ahead=1)
    assert isinstance(outcome, Wait)
    assert outcome.reason == "priority"
    assert ask(ahead=1, policy=SendingPolicy(per_day_max=2)) == Send()
    assert ask(ahead=1, topic=None) == Send()


def test_messages_are_kept_back_for_more_important_journeys() -> None:
    assert ask(quota_left=150, kept_back=100) == Send()
    outcome = ask(quota_left=150, kept_back=150)
    assert isinstance(outcome, Wait)
    assert outcome.reason == "quota"
    assert ask(quota_left=1, kept_back=150, topic=None) == Send()


def test_pushes_are_counted_by_their_age() -> None:
    hours = (1, 23, 25, 24 * 6, 24 * 8, 24 * 29, 24 * 31)
    assert sent_counts([NOON - timedelta(hours=age) for age in hours], NOON) == (2, 4, 6)


@pytest.mark.parametrize(
    ("policy", "now", "until"),
    [
        # 10 March 2026 is a Tuesday.
        ({"quiet_weekdays": ("tue",)}, at(of_day("03-10"), 12), at(of_day("03-11"), 10)),
        ({"quiet_weekdays": ("wed",)}, at(of_day("03-10"), 21), at(of_day("03-12"), 10)),
        ({"quiet_weekdays": ("wed",)}, at(of_day("03-10"), 12), None),
        (
            {"quiet_days": ({"on": "2026-12-31", "until": "2027-01-03"},)},
            at(of_day("12-30"), 22),
            at(of_day("12-30"), 24 * 5 + 10),
        ),
        # Quiet in the afternoon only: a quiet day ends at midnight.
        (
            {"quiet_from": "13:00", "quiet_until": "15:00", "quiet_weekdays": ("tue",)},
            at(of_day("03-10"), 12),
            at(of_day("03-11"), 0),
        ),
    ],
)
def test_on_quiet_days_nothing_is_sent(
    policy: dict[str, Any], now: datetime, until: datetime | None
) -> None:
    assert quiet_until(SendingPolicy.model_validate(policy), SHOP, now) == until


ZONES = (
    "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut",
    "America/Havana", "Pacific/Apia", "Asia/Kathmandu",
)  # fmt: skip
clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))


@given(
    zone=st.sampled_from(ZONES),
    start=clocks,
    end=clocks,
    weekdays=st.lists(st.sampled_from(WEEKDAYS), max_size=3),
    now=st.integers(0, 3 * 366 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
@settings(max_examples=examples(200), deadline=None)
def test_the_end_of_quiet_is_right_wherever_the_clock_changes(
    zone: str, start: time, end: time, weekdays: list[Weekday], now: datetime
) -> None:
    if start == end:
        return
    policy = SendingPolicy(quiet_from=start, quiet_until=end, quiet_weekdays=tuple(weekdays))
    shop = club(shop={"timezone": zone}).shop
    until = quiet_until(policy, shop, now)
    if until is None:
        assert not policy.is_quiet(shop.local(now))
        return
    assert until > now
    assert not policy.is_quiet(shop.local(until))
    # Nothing could have been sent before: looked at every quarter of an hour.
    quarters = int((until - now) / timedelta(minutes=15))
    for n in range(min(quarters, 400)):
        assert policy.is_quiet(shop.local(now + timedelta(minutes=15 * n)))


@given(
    clocks, clocks, st.sampled_from(ZONES), st.integers(0, 366 * 24 * 60), st.integers(1, 59_999)
)
@settings(max_examples=examples(200), deadline=None)
def test_the_time_to_quiet_ends_where_quiet_begins(
    start: time, end: time, zone: str, minutes: int, before: int
) -> None:
    if start == end:
        return
    policy = SendingPolicy(quiet_from=start, quiet_until=end)
    shop = club(shop={"timezone": zone}).shop
    minute = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    now = minute - timedelta(milliseconds=before)
    if policy.is_quiet(shop.local(now)):
        return
    left = time_to_quiet(policy, shop, now, most=timedelta(seconds=70))
    ends = now + left
    if policy.is_quiet(shop.local(minute)):
        assert ends == minute
    elif left < timedelta(seconds=70):
        assert ends == minute + timedelta(minutes=1)
        assert policy.is_quiet(shop.local(ends))


def test_quiet_begins_to_the_second() -> None:
    day = of_day("03-10")
    nearly = at(day, 20) - timedelta(seconds=2.5)
    minute = timedelta(minutes=1)
    assert time_to_quiet(POLICY, SHOP, nearly, most=minute) == timedelta(seconds=2.5)
    assert time_to_quiet(POLICY, SHOP, nearly, most=timedelta(seconds=1)) == timedelta(seconds=1)
    assert time_to_quiet(POLICY, SHOP, at(day, 12), most=minute) == minute
    # What goes out at night, too, has as long.
    assert time_to_quiet(POLICY, SHOP, at(day, 3), most=minute) == minute


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    """In Berlin the clock went from 3:00 back to 2:00 on 26 October 2025."""
    shop = club(shop={"timezone": "Europe/Berlin"}).shop
    policy = SendingPolicy(quiet_from=time(22), quiet_until=time(2, 30))
    first = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert quiet_until(policy, shop, first) is None
    again = first + timedelta(minutes=45)
    assert quiet_until(policy, shop, again) == first + timedelta(hours=1)
