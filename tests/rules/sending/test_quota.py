"""Who gets the month's messages when they don't do for all, and who is told of it in time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.base import LANGS, Lang
from rules.explaining.explain_journeys import alarm_text
from rules.sending.quota import (
    Alarm,
    Demand,
    SentCounts,
    Usage,
    alarm,
    days_left,
    expected_demand,
    forecast,
    look_again,
    month_begins,
    month_of,
    month_outlook,
    next_month_begins,
    plan_for,
    reserve_before,
    rest_of_last_month,
    still_wanted,
)
from rules.wording.words import Words
from tests.rules.builders import at, club, of_day
from tests.rules.examples import cafe

SHOP = club().shop
DEMANDS = (Demand("rhythm", 3, 100), Demand("birthday", 1, 40), Demand("lapsed", 1, 60))
demands = st.lists(
    st.builds(Demand, st.sampled_from(("a", "b", "c")), st.integers(1, 9), st.integers(0, 500)),
    max_size=8,
)


def test_the_larger_count_is_believed() -> None:
    assert Usage(1_000, used_line=300, used_own=350).left == 650
    assert Usage(1_000, used_line=400, used_own=350).left == 600
    assert Usage(200, used_line=900, used_own=0).left == 0
    assert Usage(None, used_line=900, used_own=0).left is None


def test_birthdays_and_comebacks_are_served_first() -> None:
    ahead = forecast(Usage(150, 0, 0), DEMANDS, reserve=10)
    got = {share.demand.journey: share.messages for share in ahead.shares}
    assert got == {"birthday": 40, "lapsed": 60, "rhythm": 40}
    assert (ahead.room, ahead.missing, ahead.losers) == (140, 60, ("rhythm",))


def test_without_a_limit_all_get_what_they_want() -> None:
    ahead = forecast(Usage(None, 0, 0), DEMANDS, reserve=10)
    assert ahead.missing == 0
    assert ahead.room is None


@given(demands, st.integers(0, 2_000), st.integers(0, 2_000), st.integers(0, 500))
def test_never_more_is_shared_out_than_there_is(
    wanted: list[Demand], plan: int, used: int, reserve: int
) -> None:
    usage = Usage(plan, used, 0)
    ahead = forecast(usage, wanted, reserve=reserve)
    given_out = sum(share.messages for share in ahead.shares)
    assert given_out <= max(0, plan - used - reserve)
    assert given_out + ahead.missing == sum(demand.messages for demand in wanted)
    # Nobody less important has something while somebody more important lacks it.
    lacking = [share.demand.priority for share in ahead.shares if share.missing]
    served = [share.demand.priority for share in ahead.shares if share.messages]
    assert not lacking or all(priority <= min(lacking) for priority in served)


def test_a_month_is_told_by_journey_with_what_has_no_room() -> None:
    usage = Usage(200, used_line=0, used_own=50)
    ahead = month_outlook(usage, {"lapsed": 10, "answer": 30, "rank": 10}, DEMANDS, reserve=20)
    assert ahead.used == 250
    assert ahead.missing == sum(each.missing for each in ahead.journeys) == 70
    told = [(each.journey, each.sent, each.wanted, each.missing) for each in ahead.journeys]
    assert told == [
        ("birthday", 0, 40, 0),
        ("lapsed", 10, 60, 0),
        ("rhythm", 0, 100, 70),
        ("answer", 30, 0, 0),
        ("rank", 10, 0, 0),
    ]


def test_a_journey_that_wants_some_by_two_priorities_has_one_line() -> None:
    both = (Demand("news", 2, 5), Demand("news", 7, 4))
    ahead = month_outlook(Usage(8, 0, 0), {}, both, reserve=0)
    assert [(each.wanted, each.missing) for each in ahead.journeys] == [(9, 1)]


def test_the_smallest_plan_that_is_enough_is_named() -> None:
    known = {0: 200, 200: 200, 201: 5_000, 5_001: 30_000, 30_001: None}
    assert {messages: plan_for(messages) for messages in known} == known


def test_a_month_begins_at_midnight_of_the_shop() -> None:
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    assert month_begins(SHOP, at(april, 0) - timedelta(minutes=1)) == at(march, 0)
    assert month_begins(SHOP, at(april, 0)) == at(april, 0)


@given(demands, st.integers(1, 9), st.integers(0, 500))
def test_what_is_kept_back_is_for_the_more_important(
    wanted: list[Demand], priority: int, reserve: int
) -> None:
    kept = reserve_before(wanted, priority=priority, reserve=reserve)
    assert kept >= reserve
    assert kept <= reserve_before(wanted, priority=priority + 1, reserve=reserve)
    assert reserve_before(wanted, priority=1, reserve=reserve) == reserve


@pytest.mark.parametrize(
    ("sent", "days", "left", "wanted"), [(28, 28, 10, 10), (1, 28, 10, 1), (0, 28, 10, 0)]
)
def test_what_is_to_be_expected_goes_on_as_before(
    sent: int, days: int, left: int, wanted: int
) -> None:
    assert expected_demand(sent, days=days, days_left=left) == wanted


def test_nothing_is_expected_of_a_journey_that_was_not_there() -> None:
    assert expected_demand(10, days=0, days_left=5) == 0


def test_the_month_is_that_of_the_shops_calendar() -> None:
    # By the clock in Tokyo it is December already; the shop's business day is still November's.
    now = at(of_day("11-30"), 24)
    assert month_of(SHOP, now) == of_day("12-01")
    assert days_left(SHOP, now) == 31
    assert next_month_begins(SHOP, at(of_day("11-30"), 12)) == now


def test_after_the_monthly_limit_it_is_tried_again_with_the_new_month_and_before() -> None:
    morning, night = at(of_day("11-30"), 9), at(of_day("11-30"), 22)
    assert look_again(SHOP, morning) == morning + timedelta(hours=6)
    assert look_again(SHOP, night) == at(of_day("12-01"), 0)


def test_a_month_may_begin_where_the_clock_is_put_forward() -> None:
    shop = club(shop={"timezone": "America/Asuncion"}).shop
    begins = next_month_begins(shop, datetime(2023, 9, 30, 12, tzinfo=ZoneInfo("UTC")))
    assert shop.local(begins).date().isoformat() == "2023-10-01"


def test_the_owner_is_told_before_it_runs_out_and_when_it_has() -> None:
    month = of_day("11-01")
    ample, short, gone = (
        Usage(1_000, 0, 0), Usage(150, 0, 0), Usage(150, 150, 0),
    )  # fmt: skip
    told = [
        alarm(usage, forecast(usage, DEMANDS, reserve=0), month=month)
        for usage in (ample, short, gone)
    ]
    assert told[0] is None
    assert told[1] == Alarm("short:2026-11", "short", 50, ("rhythm",))
    assert told[2] is not None
    assert (told[2].code, told[2].missing) == ("used_up", 200)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("code", ["short", "used_up"])
def test_the_alarm_is_a_sentence_with_the_journeys_by_name(code: str, lang: Lang) -> None:
    said = alarm_text(Words(cafe(), lang), Alarm("k", code, 50, ("lapsed", "dropped")))
    assert "50" in said
    assert ("お久しぶりのご案内" if lang == "ja" else "After a long time away") in said
    assert "dropped" in said


def test_what_goes_out_on_the_first_is_not_kept_back_for_on_the_second() -> None:
    """Birthdays of last month went on its first day: nothing of them is left in what follows."""
    assert still_wanted(SentCounts(lately=60, last_month=60, rest=0), days_left=29) == 0


def test_what_comes_in_a_months_last_days_is_foreseen_weeks_before() -> None:
    assert still_wanted(SentCounts(lately=50, last_month=50, rest=50), days_left=20) == 50


def test_a_journey_that_is_new_is_expected_to_go_on_as_lately() -> None:
    assert still_wanted(SentCounts(lately=30), days_left=10) == 10
    assert still_wanted(SentCounts(), days_left=10) == 0


@pytest.mark.parametrize(
    ("today", "rest"),
    [
        ("03-01", "02-02"),
        ("03-15", "02-16"),
        ("03-16", "02-14"),  # fifteen days are left of both
        ("03-31", "03-01"),
        ("05-02", "04-03"),
        ("05-31", "05-01"),
        ("01-20", "12-21"),
    ],
)
def test_both_ends_of_a_month_answer_to_each_other(today: str, rest: str) -> None:
    now = at(of_day(today), 12)
    begins, begun, ends = (SHOP.local(m) for m in rest_of_last_month(SHOP, now))
    assert f"{begun:%m-%d}" == rest
    assert begins.day == ends.day == 1
    assert begins <= begun <= ends
    assert {begins.hour, begun.hour, ends.hour} == {0}
