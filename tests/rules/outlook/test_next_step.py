"""The next step: near, reachable, and really reached by doing it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings

from rules.activity import Activity
from rules.base import Refusal
from rules.facts import ANNIVERSARY_YEARS, Facts, changed
from rules.judging.decide import advance, apply
from rules.judging.replay import RecordedActivity, replay
from rules.outlook.next_step import (
    VISITS_AHEAD_MAX,
    NextStep,
    next_step,
    points_per_visit,
    visits_possible,
)
from rules.programme.programme import Programme
from rules.programme.ranks import Ladder
from rules.programme.timeline import Timeline, Version
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    at,
    badge,
    buys,
    club,
    fixed,
    gets,
    ladder,
    of_day,
    reward,
    rolling,
    rule,
    streak,
    takes,
    timeline,
    times,
    visits,
)


def step(member: Life, day: str) -> NextStep:
    on = of_day(day)
    return next_step(member.timeline.latest.programme, member.until(on), on)


def coming(programme: Programme, step: NextStep, start: date) -> Iterator[Activity]:
    """As many visits as the step takes, as soon as the shop lets them be made."""
    day, left = start, step.visits
    while left:
        assert step.until is None or day <= step.until, (step, day)
        if programme.shop.is_open(day):
            for hour in (8, 12, 16)[: min(left, programme.visits.per_day_max)]:
                yield visits(day, hour)
                left -= 1
        day += DAY


def is_reached(line: Timeline, facts: Facts, step: NextStep) -> bool:
    ranks = line.latest.programme.ranks
    assert isinstance(ranks, Ladder)
    match step.kind:
        case "first_visit":
            return facts.visits > 0
        case "rank_up" | "revive":
            return ranks.index(facts.rank.id) >= ranks.index(step.target)
        case "keep_rank":
            assert step.until is not None
            later, _ = advance(line, facts, step.until + DAY)
            return ranks.index(later.rank.id) >= ranks.index(step.target)
        case "badge":
            return step.target in facts.badges
        case "streak":
            return facts.streaks[step.target or ""].weeks >= step.weeks
        case _:
            return True


@given(some.programmes(), some.histories(most=25))
@settings(max_examples=examples(40))
def test_whoever_does_the_step_has_reached_it(
    programme: Programme, history: list[RecordedActivity]
) -> None:
    line = Timeline((Version(1, history[0].activity.at - DAY, programme),))
    day = history[-1].activity.day + DAY
    facts = replay(line, history, day).facts
    step = next_step(programme, facts, day)
    assert 0 < step.visits <= VISITS_AHEAD_MAX
    by_itself = ("anniversary", "voucher", "reward_ready", "enjoy")
    assert (step.missing > 0) == (step.kind not in by_itself)
    assume(facts.membership != "left" and step.unit == "visits")
    if step.kind in by_itself:
        return
    for visit in coming(programme, step, day):
        outcome = apply(line, facts, visit)
        assert not isinstance(outcome, Refusal)
        facts = outcome.facts
    assert is_reached(line, facts, step)


def test_before_anything_else_comes_the_first_visit() -> None:
    assert step(Life(club(ranks=ladder(1))), "01-10").kind == "first_visit"


def test_a_step_up_names_the_last_day_of_the_month() -> None:
    member = Life(club(ranks=ladder(3)))
    member.comes(of_day("01-10"))
    assert step(member, "01-15") == NextStep("rank_up", 2, 2, "visits", "r1", until=of_day("01-31"))


@pytest.mark.parametrize(("day", "kind"), [("01-30", "rank_up"), ("01-31", "enjoy")])
def test_no_step_is_named_for_which_the_month_is_too_short(day: str, kind: str) -> None:
    member = Life(club(ranks=ladder(3)))
    member.comes(of_day("01-10"))
    assert step(member, day).kind == kind


def test_a_day_that_was_used_is_gone() -> None:
    member = Life(club(ranks=ladder(3)))
    member.comes(of_day("01-30"))
    assert step(member, "01-30").kind == "enjoy"


def test_closed_days_leave_fewer() -> None:
    programme = club(shop={"closed": [{"on": "2026-01-29", "until": "2026-01-30"}]})
    facts = Life(programme).facts
    assert visits_possible(programme, facts, of_day("01-28"), of_day("02-01")) == 2


def test_in_a_rolling_window_the_step_is_open_until_a_visit_leaves_it() -> None:
    member = Life(club(ranks=ladder(3, window=rolling(30))))
    member.comes(of_day("01-10"), of_day("01-20"))
    assert step(member, "01-25") == NextStep("rank_up", 1, 1, "visits", "r1", of_day("02-08"))
    # From the 9th the first visit is out of the window, and two are needed.
    assert step(member, "02-09") == NextStep("rank_up", 2, 2, "visits", "r1", of_day("02-18"))


def test_a_rank_about_to_be_lost_comes_before_the_next_one() -> None:
    member = Life(club(ranks=ladder(2, 3, grace_periods=0)))
    member.comes(of_day("01-10"), of_day("01-11"), of_day("02-10"))
    assert step(member, "02-25") == NextStep("keep_rank", 1, 1, "visits", "r1", of_day("02-28"))


def test_a_lost_rank_comes_before_all() -> None:
    member = Life(club(ranks=ladder(3, grace_periods=0)))
    member.comes(of_day("01-10"), of_day("01-11"), of_day("01-12"))
    assert step(member, "03-02") == NextStep("revive", 1, 1, target="r1", until=of_day("03-30"))


def test_a_lost_rank_comes_before_what_is_nearer_and_however_many_visits_it_takes() -> None:
    revival = {"visits": 7, "days": 30}
    member = Life(
        club(
            ranks=ladder(3, grace_periods=0, revival=revival),
            badges=[badge({"kind": "visits", "count": 4})],
        )
    )
    member.comes(of_day("01-10"), of_day("01-11"), of_day("01-12"))
    assert step(member, "03-02") == NextStep("revive", 7, 7, target="r1", until=of_day("03-30"))
    # Nobody is asked to come on seven of the nine days that are left.
    assert step(member, "03-22").kind == "badge"


def test_what_one_visit_brings_for_good_comes_before_the_week() -> None:
    badges = [badge({"kind": "visits", "count": 2})]
    member = Life(club(streaks=[streak()], badges=badges))
    member.comes(JOINED)
    assert step(member, "01-13").kind == "badge"


def test_a_streak_names_the_week_and_its_length() -> None:
    member = Life(club(streaks=[streak(goal=2)]))
    member.comes(JOINED, JOINED + DAY, JOINED + DAY * 7)
    assert step(member, "01-13") == NextStep(
        "streak", 1, 1, target="weekly", until=of_day("01-18"), weeks=2
    )
    assert step(member, "01-20").kind != "streak"


def test_a_week_that_counts_already_is_no_step_though_its_goal_rose() -> None:
    one, two = (club(streaks=[streak(goal=goal)]) for goal in (1, 2))
    member = Life(timeline(one, two, since=at(JOINED + DAY * 8, 4) - DAY * 365))
    member.comes(JOINED, JOINED + DAY * 7)
    assert step(member, "01-14").kind == "enjoy"


@pytest.mark.parametrize(
    ("more", "kind"), [({}, "badge"), ({"hidden": True}, "enjoy"), ({"count": 9}, "enjoy")]
)
def test_a_badge_is_named_when_near_and_not_a_secret(more: Part, kind: str) -> None:
    count = {"kind": "visits", "count": more.pop("count", 4)} if "count" in more else {
        "kind": "visits", "count": 4,
    }  # fmt: skip
    member = Life(club(badges=[badge(count, **more)]))
    member.comes(JOINED, JOINED + DAY)
    assert step(member, "01-10").kind == kind


def test_a_badge_that_wants_a_certain_hour_is_no_next_step() -> None:
    early = {"kind": "time_of_day", "count": 2, "hours": {"start": "07:00", "end": "13:00"}}
    member = Life(club(badges=[badge(early)]))
    member.comes(JOINED)
    assert step(member, "01-10").kind == "enjoy"


def test_points_missing_to_a_reward_are_named_when_a_few_visits_bring_them() -> None:
    earning = [rule("visit", fixed(10))]
    member = Life(club(earning=earning, rewards=[reward(cost=35)]))
    member.comes(JOINED)
    assert step(member, "01-10") == NextStep("reward", 3, 25, "points", "gift")
    member = Life(club(earning=earning, rewards=[reward(cost=100)]))
    member.comes(JOINED)
    assert step(member, "01-10").kind == "enjoy"


def test_a_reward_that_visits_cannot_bring_is_no_step() -> None:
    member = Life(club(rewards=[reward(cost=35)]))
    member.does(visits(JOINED), gets(34, JOINED))
    assert step(member, "01-10").kind == "enjoy"


@pytest.mark.parametrize(("ends", "kind"), [("2026-01-12", "reward"), ("2026-01-11", "enjoy")])
def test_a_reward_must_still_be_there_when_the_points_are(ends: str, kind: str) -> None:
    member = Life(club(earning=[rule("visit", fixed(10))], rewards=[reward(cost=35, ends=ends)]))
    member.comes(JOINED)
    assert step(member, "01-10").kind == kind


@pytest.mark.parametrize("points", [5, 10])
def test_what_is_given_away_is_no_step(points: int) -> None:
    earning = [rule("visit", fixed(10))]
    member = Life(club(earning=earning, rewards=[reward(kind="charity")]))
    member.does(visits(JOINED), gets(points, JOINED))
    assert step(member, "01-10").kind == "enjoy"


def test_a_ready_reward_is_better_than_nothing() -> None:
    member = Life(club(rewards=[reward()]))
    member.does(visits(JOINED), gets(10, JOINED))
    assert step(member, "01-10") == NextStep("reward_ready", VISITS_AHEAD_MAX, target="gift")


def test_a_reward_for_another_rank_or_used_up_is_no_step() -> None:
    rewards = [reward(ranks=["r1"]), reward(id="once", per_member=1)]
    member = Life(club(rewards=rewards, ranks=ladder(20)))
    member.does(visits(JOINED), gets(20, JOINED))
    assert step(member, "01-10").target == "once"
    member.does(takes("once", 10, JOINED))
    assert step(member, "01-10").kind == "enjoy"


def test_points_to_a_rank_are_told_in_points() -> None:
    parts = ladder(30, measure="points")
    member = Life(club(ranks=parts, earning=[rule("visit", fixed(10))]))
    member.comes(JOINED)
    assert step(member, "01-10") == NextStep("rank_up", 2, 20, "points", "r1", of_day("01-31"))


def test_yen_to_a_rank_are_told_in_yen() -> None:
    member = Life(club(ranks=ladder(3_000, measure="spend"), purchase={}))
    member.comes(JOINED)
    assert step(member, "01-10") == NextStep("rank_up", 3, 3_000, "spend", "r1", of_day("01-31"))


def test_an_ordinary_visit_is_what_anybody_gets() -> None:
    per_100 = {"kind": "per_amount", "points": 1, "yen": 100}
    earning = [
        rule("visit", fixed(10)),
        rule("visit", fixed(99), id="ranked", ranks=["r1"]),
        rule("visit", fixed(99), id="east", stores=["east"]),
        rule("visit", fixed(99), id="asked", needs_staff=True),
        rule("visit", fixed(99), id="once", limit={"ever": 1}),
        rule("visit", times(2), id="double"),
        rule("purchase", per_100),
    ]
    assert points_per_visit(club(earning=earning, purchase={}, ranks=ladder(1))) == 10 + 10
    assert points_per_visit(club()) == 0


def counting(*rules: Part, **more: Any) -> Life:
    """Somebody of a club that records purchases."""
    return Life(club(purchase={}, earning=list(rules), **more))


def test_what_a_certain_visit_brings_is_named_shortly_before() -> None:
    member = counting(rule("visit", {"kind": "nth", "every": 5, "points": 50}))
    member.comes(of_day("01-10"), of_day("01-11"))
    assert step(member, "01-12").kind == "enjoy"
    member.comes(of_day("01-12"))
    assert step(member, "01-13") == NextStep("nth_visit", 2, 2, target="visit_rule")
    member.comes(of_day("01-13"))
    assert step(member, "01-14") == NextStep("nth_visit", 1, 1, target="visit_rule")
    member.comes(of_day("01-14"))
    assert step(member, "01-15").kind == "enjoy"


def test_and_so_is_what_a_certain_purchase_or_sum_of_them_brings() -> None:
    third = {"kind": "nth_purchase", "at": [3]}
    gift = reward(id="cake", cost=None, given=third, valid_days=30)
    member = counting(rewards=[gift])
    member.does(buys(of_day("01-10"), 400))
    member.comes(of_day("01-10"))
    assert step(member, "01-11") == NextStep("nth_purchase", 2, 2, target="cake")
    spend = rule("spend", {"kind": "per_amount", "points": 9, "yen": 5_000})
    member = counting(spend)
    member.does(buys(of_day("01-10"), 2_500))
    member.comes(of_day("01-10"))
    assert step(member, "01-11").kind == "enjoy"
    member.does(buys(of_day("01-12"), 1_700))
    assert step(member, "01-13") == NextStep("spend", 1, 800, "spend", "spend_rule")


def test_what_not_everybody_gets_is_promised_to_nobody() -> None:
    nth = {"kind": "nth", "every": 2, "points": 50}
    bounds: tuple[Part, ...] = ({"stores": ["main"]}, {"limit": {"month": 1}})
    for bound in bounds:
        member = counting(rule("visit", nth, **bound))
        member.comes(of_day("01-10"))
        assert step(member, "01-11").kind == "enjoy"


def a_year_on(*, days: int, **parts: Any) -> NextStep:
    """The step so many days before somebody has been a member for a year, after a visit."""
    member, day = Life(club(**parts)), JOINED.replace(year=JOINED.year + 1) - DAY * days
    member.comes(JOINED)
    return next_step(member.timeline.latest.programme, member.until(day), day)


YEARLY = rule("anniversary", fixed(200))


def test_a_full_year_of_membership_is_named_the_week_before() -> None:
    full = JOINED.replace(year=JOINED.year + 1)
    named = NextStep("anniversary", 1, target="anniversary_rule", until=full, years=1)
    found = [a_year_on(days=days, earning=[YEARLY]).kind for days in (8, 7, 1, 0)]
    assert found == ["enjoy", "anniversary", "anniversary", "enjoy"]
    assert a_year_on(days=3, earning=[YEARLY]) == named
    year_badge = badge({"kind": "anniversary", "years": 1})
    assert a_year_on(days=3, badges=[year_badge]).target == year_badge["id"]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"earning": [rule("anniversary", {"kind": "nth", "every": 2, "points": 9})]},
        {"earning": [YEARLY | {"ranks": ["r1"]}], "ranks": ladder(20)},
        {"badges": [badge({"kind": "anniversary", "years": 1}, hidden=True)]},
        {"badges": [badge({"kind": "anniversary", "years": 5})]},
    ],
)
def test_a_year_that_brings_not_everybody_something_is_not_named(parts: Part) -> None:
    assert a_year_on(days=3, **parts).kind == "enjoy"


def test_one_more_visit_that_brings_something_is_named_before_the_year() -> None:
    near = badge({"kind": "visits", "count": 2})
    assert a_year_on(days=3, earning=[YEARLY], badges=[near]).kind == "badge"
    far = badge({"kind": "visits", "count": 3})
    assert a_year_on(days=3, earning=[YEARLY], badges=[far]).kind == "anniversary"


def test_a_year_is_named_to_members_alone_and_once() -> None:
    member = Life(club(earning=[YEARLY]))
    member.comes(JOINED)
    full = JOINED.replace(year=JOINED.year + 1)
    programme, facts = member.timeline.latest.programme, member.until(full - DAY)
    for gone in (
        facts.with_membership("paused", full - DAY),
        facts.with_membership("left", full - DAY),
    ):
        assert next_step(programme, gone, full - DAY).kind == "enjoy"
    given = changed(facts, counts={**facts.counts, ANNIVERSARY_YEARS: 1})
    assert next_step(programme, given, full - DAY).kind == "enjoy"
