"""Campaigns: when they run, for whom, and what they add."""

from datetime import date, time

import pytest
from pydantic import ValidationError

from rules.activity import Activity, BirthdayTold, Occasion
from rules.base import Hours
from rules.programme.campaigns import Campaign
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    bonus,
    buys,
    campaign,
    club,
    does,
    fixed,
    given,
    ladder,
    of_day,
    rule,
    times,
    visits,
)

TUESDAY = of_day("03-10")
EXTRA = "campaign:extra"
VISIT_10 = rule("visit", fixed(10))


def life(*campaigns: Part, rules: tuple[Part, ...] = (VISIT_10,), **parts: object) -> Life:
    return Life(club(earning=rules, campaigns=campaigns, purchase={"late_receipt_days": 30},
                     **parts))  # fmt: skip


def extra(member: Life, activity: Activity) -> int:
    return given(member.does(activity)).get(EXTRA, 0)


@pytest.mark.parametrize(
    ("condition", "activity", "runs"),
    [
        ({}, visits(TUESDAY), True),
        ({"starts": "2026-03-10"}, visits(TUESDAY), True),
        ({"starts": "2026-03-11"}, visits(TUESDAY), False),
        ({"ends": "2026-03-10"}, visits(TUESDAY, 26), True),
        ({"ends": "2026-03-09"}, visits(TUESDAY), False),
        ({"weekdays": ["tue"]}, visits(TUESDAY, 26), True),
        ({"weekdays": ["wed"]}, visits(TUESDAY, 26), False),
        ({"days_of_month": [5, 10]}, visits(TUESDAY), True),
        ({"days_of_month": [5, 15]}, visits(TUESDAY), False),
        ({"holidays": True}, visits(TUESDAY, holiday=True), True),
        ({"holidays": True}, visits(TUESDAY), False),
        ({"hours": {"start": "10:00", "end": "12:00"}}, visits(TUESDAY, 10), True),
        ({"hours": {"start": "10:00", "end": "12:00"}}, visits(TUESDAY, 12), False),
        ({"hours": {"start": "22:00", "end": "02:00"}}, visits(TUESDAY, 25), True),
        ({"hours": {"start": "22:00", "end": "02:00"}}, visits(TUESDAY, 26), False),
        ({"stores": ["east"]}, visits(TUESDAY, store="east"), True),
        ({"stores": ["east"]}, visits(TUESDAY), False),
        ({"stores": ["east"]}, visits(TUESDAY, store=None), False),
        ({"staff_switch": True}, visits(TUESDAY, switches=("extra",)), True),
        ({"staff_switch": True}, visits(TUESDAY, switches=("other",)), False),
        ({"ranks": ["r1"]}, visits(TUESDAY), False),
        ({"first": {"ranks": ["r1"], "until": "2026-03-10"}}, visits(TUESDAY), False),
        ({"first": {"ranks": ["r1"], "until": "2026-03-09"}}, visits(TUESDAY), True),
        ({"on": ["purchase"]}, visits(TUESDAY), False),
        ({"weekdays": ["tue"], "days_of_month": [11]}, visits(TUESDAY), False),
    ],
)
def test_all_conditions_must_hold(condition: Part, activity: Activity, runs: bool) -> None:
    member = life(campaign(bonus(7), **condition), ranks=ladder(9))
    assert extra(member, activity) == (7 if runs else 0)


def test_the_birth_month_is_the_members_own() -> None:
    member = life(campaign(times(2), birth_month=True))
    assert extra(member, visits(of_day("03-08"))) == 0
    member.does(does(BirthdayTold(3, 30), of_day("03-09")))
    assert extra(member, visits(of_day("03-10"))) == 10
    assert extra(member, visits(of_day("04-01"))) == 0


def test_a_rank_just_reached_does_not_count_for_the_visit_that_reached_it() -> None:
    member = life(campaign(times(2), ranks=["r1"]), ranks=ladder(2))
    assert [extra(member, visits(TUESDAY + DAY * n)) for n in range(3)] == [0, 0, 10]


def test_it_begins_for_some_first_and_then_for_all() -> None:
    first = {"ranks": ["r1"], "until": "2026-03-12"}
    regular = life(campaign(bonus(7), starts="2026-03-12", first=first), ranks=ladder(1))
    regular.does(visits(TUESDAY))
    assert [extra(regular, visits(of_day(each))) for each in ("03-11", "03-12", "03-13")] == [
        0,
        7,
        7,
    ]


def test_multipliers_of_campaigns_and_rules_add_up() -> None:
    member = life(
        campaign(times(2)),
        campaign(times(3), id="triple"),
        campaign(bonus(4), id="gift"),
        rules=(VISIT_10, rule("visit", times(2), id="gold")),
    )
    assert given(member.does(visits(TUESDAY))) == {
        "visit_rule": 10, "gold": 10, EXTRA: 10, "campaign:triple": 20, "campaign:gift": 4,
    }  # fmt: skip


def test_a_part_of_a_point_is_dropped() -> None:
    member = life(campaign(times(1.25)), rules=(rule("visit", fixed(10)),))
    assert extra(member, visits(TUESDAY)) == 2


def test_twice_nothing_is_nothing() -> None:
    member = life(campaign(times(2)), rules=())
    assert given(member.does(visits(TUESDAY))) == {}


def test_a_campaign_keeps_to_its_limit_and_waits_for_staff() -> None:
    review = rule("review", fixed(5))
    limited = campaign(bonus(7), on=["review"], limit={"points_per_month": 10}, needs_staff=True)
    member = life(limited, rules=(review,))
    by_member = member.does(does(Occasion("review"), TUESDAY))
    assert (given(by_member), by_member.waiting) == ({"review_rule": 5}, (EXTRA,))
    by_staff = [member.does(does(Occasion("review"), TUESDAY, by="staff")) for _ in range(3)]
    assert [given(decision).get(EXTRA, 0) for decision in by_staff] == [7, 3, 0]
    assert by_staff[-1].capped == (EXTRA,)


BOUGHT = of_day("03-05")


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ({"days_of_month": [5]}, True),
        ({"days_of_month": [10]}, False),
        ({"holidays": True}, False),
        ({"hours": {"start": "05:00", "end": "23:00"}}, False),
        ({"staff_switch": True}, False),
        ({"stores": ["main"]}, True),
    ],
)
def test_a_receipt_brought_later_is_looked_at_by_its_own_date(condition: Part, runs: bool) -> None:
    per_yen = rule("purchase", {"kind": "per_amount", "points": 1, "yen": 100})
    member = life(campaign(times(2), **condition), rules=(per_yen,))
    receipt = buys(TUESDAY, 1_000, receipt_on=BOUGHT)
    noted = Activity(receipt.what, receipt.at, receipt.day, by="staff", store="main", holiday=True,
                     switches=("extra",))  # fmt: skip
    assert extra(member, noted) == (10 if runs else 0)


@pytest.mark.parametrize("printed", [None, TUESDAY, TUESDAY + DAY])
def test_after_midnight_a_receipt_with_the_clocks_date_is_of_the_business_day(
    printed: date | None,
) -> None:
    per_yen = rule("purchase", {"kind": "per_amount", "points": 1, "yen": 100})
    member = life(campaign(times(2), days_of_month=[TUESDAY.day]), rules=(per_yen,))
    assert extra(member, buys(TUESDAY, 1_000, 25, receipt_on=printed)) == 10


def test_hours_are_half_open_and_may_pass_midnight() -> None:
    late = Hours(start=time(22), end=time(2))
    assert [late.cover(time(h)) for h in (21, 22, 23, 0, 1, 2)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"starts": "2026-03-10", "ends": "2026-03-09"}, "ends_before"),
        (
            {"starts": "2026-03-10", "first": {"ranks": ["r1"], "until": "2026-03-09"}},
            "ends_before",
        ),
        ({"ends": "2026-03-10", "first": {"ranks": ["r1"], "until": "2026-03-10"}}, "ends_before"),
        ({"hours": {"start": "10:00", "end": "10:00"}}, "same_times"),
        ({"on": []}, "at least 1"),
    ],
)
def test_an_impossible_campaign_is_named(parts: Part, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Campaign.model_validate(campaign(bonus(1), **parts))


def test_a_campaign_without_dates_runs_for_ever() -> None:
    always = Campaign.model_validate(campaign(bonus(1)))
    assert all(always.runs_on(day) for day in (date.min, JOINED, date.max))
