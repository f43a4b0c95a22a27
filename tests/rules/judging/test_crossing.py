"""What two cards of one person pass together is paid once, when they are merged."""

from datetime import date
from typing import Any

import pytest

from rules.activity import Absorbed, Activity, CarriedPoints
from rules.judging.carried import facts_json
from rules.judging.decide import Decision
from rules.programme.earning import AtCounts
from tests.rules.builders import (
    DAY,
    JOINED,
    OCCASIONS,
    Life,
    badge,
    buys,
    club,
    does,
    fixed,
    ladder,
    reward,
    rule,
    streak,
    visits,
)

ON = JOINED + 9 * DAY


def lives(mine: int, theirs: int, do: Any, **parts: Any) -> tuple[Life, Life]:
    """Two cards, on which `do` (an activity of a day) was done so often, a day each."""
    programme = club(**{"visits": {"per_day_max": 9}, "purchase": {}, **parts})
    both = Life(programme), Life(programme)
    for life, often in zip(both, (mine, theirs), strict=True):
        for n in range(often):
            life.does(do(JOINED + n * DAY))
    return both


def merged(keep: Life, other: Life, day: date = ON) -> Decision:
    facts = other.until(day)
    lots = (CarriedPoints(facts.balance, JOINED),) if facts.balance else ()
    return keep.does(does(Absorbed(facts_json(facts), lots), day, 20, by="staff"))


def paid(decision: Decision) -> dict[str, int]:
    """The points that merging brought, beside those that came over."""
    return {g.rule: g.points for g in decision.grants if not g.rule.startswith("merged:")}


@pytest.mark.parametrize(
    ("given", "mine", "theirs", "times"),
    [
        ({"every": 5}, 3, 3, 1),
        ({"every": 5}, 2, 2, 0),
        ({"every": 5}, 7, 8, 1),
        ({"every": 5}, 5, 5, 0),
        ({"every": 5}, 0, 5, 0),
        ({"at": (5,)}, 3, 3, 1),
        ({"at": (3, 5)}, 3, 4, 1),
        ({"at": (3, 5)}, 6, 6, 0),
        ({"at": (4, 5, 6)}, 3, 3, 3),
    ],
)
def test_what_lies_between_counts_once(
    given: dict[str, Any], mine: int, theirs: int, times: int
) -> None:
    assert AtCounts(**given).passed_together(mine, theirs) == times


@pytest.mark.parametrize(
    ("do", "given"),
    [(visits, {"kind": "nth_visit", "every": 5}),
     (lambda day: buys(day, 100), {"kind": "nth_purchase", "at": (5,)})],
)  # fmt: skip
def test_a_full_card_of_stamps_is_given(do: Any, given: Any) -> None:
    free = reward(cost=None, given=given, valid_days=30)
    keep, other = lives(3, 3, do, rewards=[free])
    decision = merged(keep, other)
    assert [(v.reward, v.n, v.reason) for v in decision.vouchers] == [("gift", 1, given["kind"])]
    assert keep.facts.vouchers == decision.vouchers
    # The next one is due at the tenth, as on one card.
    more = [keep.does(do(ON + n * DAY)).vouchers for n in range(1, 5)]
    assert [len(given) for given in more] == [0, 0, 0, 1 if "every" in given else 0]


def test_the_fifth_time_pays_its_points_within_its_limit() -> None:
    nth = {"kind": "nth", "points": 50, "every": 5}
    keep, other = lives(3, 3, visits, earning=[rule("visit", nth)])
    assert paid(merged(keep, other)) == {"visit_rule": 50}
    assert (keep.facts.balance, keep.facts.earned) == (50, 50)
    keep, other = lives(6, 8, visits, earning=[rule("visit", nth, limit={"ever": 2})])
    assert paid(merged(keep, other)) == {}
    assert keep.facts.balance == 100


def test_a_rule_that_counts_its_own_times_is_thought_of() -> None:
    bags = {"kind": "nth", "points": 30, "at": (4,)}
    own = rule("eco", bags, actions=("own_bag",))
    keep, other = lives(2, 2, lambda day: does(OCCASIONS["eco"], day), earning=[own])
    assert paid(merged(keep, other)) == {"eco_rule": 30}


def test_full_amounts_of_all_that_was_spent_are_paid() -> None:
    each = {"kind": "per_amount", "points": 10, "yen": 1_000}
    keep, other = lives(1, 1, lambda day: buys(day, 600), earning=[rule("spend", each)])
    assert paid(merged(keep, other)) == {"spend_rule": 10}
    keep, other = lives(1, 1, lambda day: buys(day, 1_400), earning=[rule("spend", each)])
    assert paid(merged(keep, other)) == {}
    assert keep.facts.balance == 20


def test_badges_ranks_and_what_they_bring_come_at_once() -> None:
    parts: dict[str, Any] = {
        "badges": [badge({"kind": "visits", "count": 6}, points=5)],
        "ranks": ladder(6),
        "rewards": [reward(cost=None, given={"kind": "rank", "ranks": ("r1",)}, valid_days=9)],
    }
    keep, other = lives(3, 3, visits, **parts)
    decision = merged(keep, other)
    assert decision.badges == ("badge",)
    assert paid(decision) == {"badge:badge": 5}
    assert [change.after for change in decision.rank_changes] == ["r1"]
    assert [voucher.reason for voucher in decision.vouchers] == ["rank"]


def test_a_weeks_goal_is_met_together() -> None:
    parts: dict[str, Any] = {
        "streaks": [streak(goal=2)],
        "earning": [rule("streak", fixed(7), streak="weekly")],
        "fan_steps": {"visits_in_month": 2, "message": {"ja": "どうぞ"}},
    }
    keep, other = lives(1, 1, visits, **parts)
    decision = merged(keep, other, JOINED + 2 * DAY)
    assert paid(decision) == {"streak_rule": 7}
    assert keep.facts.streaks["weekly"].weeks == 1
    assert decision.invited
    # The week is met once.
    assert "streak_rule" not in {g.rule for g in keep.does(visits(JOINED + 3 * DAY)).grants}


def test_joining_a_third_card_pays_only_what_is_new() -> None:
    free = reward(cost=None, given={"kind": "nth_visit", "every": 5}, valid_days=30)
    keep, other = lives(3, 3, visits, rewards=[free])
    third = Life(keep.timeline)
    third.does(*(visits(JOINED + n * DAY) for n in range(4)))
    assert len(merged(keep, other).vouchers) == 1
    assert len(merged(keep, third, ON + DAY).vouchers) == 1
    assert keep.facts.visits == 10


def test_nothing_lies_between_where_nothing_was() -> None:
    activity: Activity = visits(JOINED)
    keep, other = lives(0, 0, lambda _: activity)
    decision = merged(keep, other)
    assert (decision.grants, decision.vouchers, decision.badges) == ((), (), ())


def test_a_rank_that_comes_over_is_no_promotion() -> None:
    gift = reward(cost=None, given={"kind": "rank", "ranks": ("r1",)}, valid_days=9)
    # The other reached it before there was a gift for it.
    keep = Life(club(ranks=ladder(3), rewards=[gift]))
    _, other = lives(0, 3, visits, ranks=ladder(3))
    decision = merged(keep, other)
    [step] = decision.rank_changes
    assert (step.before, step.after, step.reason, step.is_up) == (None, "r1", "merged", False)
    assert decision.vouchers == ()
