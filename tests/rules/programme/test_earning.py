"""Earning rules: every trigger, every kind of award, every limit."""

from datetime import date, timedelta
from typing import get_args

import pytest
from pydantic import ValidationError

from rules.activity import (
    Activity,
    Adjustment,
    Anniversary,
    BirthdayTold,
    By,
    Delivered,
    Eco,
    Occasion,
    Registration,
    Subscribed,
    Trigger,
    trigger_of,
)
from rules.base import Refusal
from rules.facts import Tally
from rules.judging.decide import Decision
from rules.programme.earning import EarningRule, Limit
from tests.rules.builders import (
    DAY,
    JOINED,
    OCCASIONS,
    Life,
    Part,
    buys,
    club,
    does,
    fixed,
    given,
    ladder,
    of_day,
    rule,
    streak,
    text,
    times,
    visits,
)

TUESDAY = JOINED + DAY
FIRST: Part = {"kind": "first", "points": 10}
EVERY_2ND: Part = {"kind": "nth", "every": 2, "points": 10}
PER_1000: Part = {"kind": "per_amount", "points": 10, "yen": 1_000}


def life(*rules: Part, **parts: object) -> Life:
    at_joining = {"counts_at": "registration"}
    plans = [{"id": "rice", "name": text("お米の定期便")}]
    more = {"purchase": {}, "streaks": [streak()], "referral": at_joining, "subscriptions": plans}
    return Life(club(earning=rules, **more, **parts))


def once(trigger: str, day: date = TUESDAY) -> tuple[Activity, ...]:
    """Activities of which the last brings `trigger` about."""
    match trigger:
        case "visit" | "streak":
            return (visits(day),)
        case "purchase" | "spend":
            return (buys(day, 1_000),)
        case "anniversary":
            return (does(Anniversary(1), day + DAY * 364, by="staff"),)
        case "birthday":
            told = does(BirthdayTold(day.month, 1), day, 8)
            return told, does(OCCASIONS["birthday"], day, by="staff")
        case "delivery":
            subscribed = does(Subscribed("rice"), day, 8, by="staff")
            return subscribed, does(Delivered("rice", day), day, by="staff")
        case other:
            return (does(OCCASIONS[other], day, by="staff"),)


LATER = sorted(set(get_args(Trigger)) - {"registration"})


@pytest.mark.parametrize("trigger", LATER)
def test_every_trigger_can_earn(trigger: str) -> None:
    award = PER_1000 if trigger == "spend" else fixed(10)
    more = {"streak": "weekly"} if trigger == "streak" else {}
    member = life(rule(trigger, award, **more))
    assert given(member.does(*once(trigger))) == {f"{trigger}_rule": 10}
    assert member.facts.balance == member.facts.earned == 10


def test_registration_earns_when_joining() -> None:
    member = life(rule("registration", fixed(50)))
    assert member.facts.balance == 50
    assert isinstance(member.joining, Decision)
    assert given(member.joining) == {"registration_rule": 50}


@pytest.mark.parametrize("trigger", LATER)
def test_a_rule_earns_on_no_other_trigger(trigger: str) -> None:
    others = [t for t in LATER if t not in (trigger, "streak", "spend")]
    member = life(*(rule(other, fixed(10)) for other in others))
    assert f"{trigger}_rule" not in given(member.does(*once(trigger)))


@pytest.mark.parametrize(
    ("award", "points"),
    [
        (fixed(10), [10, 10, 10, 10]),
        (FIRST, [10, 0, 0, 0]),
        (EVERY_2ND, [0, 10, 0, 10]),
        ({"kind": "nth", "at": [1, 3], "points": 10}, [10, 0, 10, 0]),
    ],
)
def test_awards_by_how_often(award: Part, points: list[int]) -> None:
    member = life(rule("review", award))
    days = [TUESDAY + DAY * n for n in range(4)]
    assert [member.does(*once("review", day)).points for day in days] == points


@pytest.mark.parametrize(("yen", "points"), [(999, 0), (1_000, 10), (2_999, 20)])
def test_per_amount_pays_each_full_amount(yen: int, points: int) -> None:
    assert life(rule("purchase", PER_1000)).does(buys(TUESDAY, yen)).points == points


def test_spend_pays_when_the_sum_passes_another_amount() -> None:
    member = life(rule("spend", PER_1000))
    paid = [member.does(buys(TUESDAY, yen)).points for yen in (600, 600, 2_800, 999, 1)]
    assert paid == [0, 10, 30, 0, 10]


def test_anniversaries_go_by_the_years() -> None:
    member = life(rule("anniversary", {"kind": "nth", "at": [2], "points": 200}))
    first = does(OCCASIONS["anniversary"], JOINED.replace(year=2027), by="system")
    assert member.does(first).points == 0
    assert member.refused(first) == "anniversary_again"
    second = does(Anniversary(2), JOINED.replace(year=2028))
    assert member.does(second).points == 200


def test_streaks_go_by_the_weeks() -> None:
    member = life(rule("streak", EVERY_2ND, streak="weekly"))
    weeks = [member.does(visits(TUESDAY + DAY * 7 * n)).points for n in range(4)]
    assert weeks == [0, 10, 0, 10]


def test_multipliers_look_at_the_plain_rules_and_add_up() -> None:
    member = life(
        rule("visit", times(2), id="double"),
        rule("visit", fixed(10)),
        rule("visit", times(1.5), id="half"),
        rule("visit", fixed(5), id="more"),
    )
    assert given(member.does(visits(TUESDAY))) == {
        "visit_rule": 10, "more": 5, "double": 15, "half": 7,
    }  # fmt: skip


def test_a_multiplier_multiplies_what_a_limit_left() -> None:
    member = life(rule("visit", fixed(10), limit={"points_per_day": 4}),
                  rule("visit", times(3), id="triple"))  # fmt: skip
    assert member.does(visits(TUESDAY)).points == 4 + 8


TWICE = 2
SPANS = {
    # (one more in the same period, first in the next one)
    "day": (timedelta(0), DAY),
    "week": (DAY, DAY * 7),
    "month": (DAY * 14, DAY * 28),
    "ever": (DAY * 400, None),
}


def of_awards(kind: str) -> tuple[str, Part]:
    return {
        "fixed": ("review", fixed(10)),
        "per_amount": ("purchase", PER_1000),
        "nth": ("review", {"kind": "nth", "at": [1, 2, 3, 4], "points": 10}),
        "multiplier": ("review", times(2)),
    }[kind]


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("kind", ["fixed", "per_amount", "nth", "multiplier"])
@pytest.mark.parametrize("counted", ["times", "points"])
def test_every_award_keeps_to_every_limit(kind: str, span: str, counted: str) -> None:
    trigger, award = of_awards(kind)
    name = span if counted == "times" else {"ever": "points_ever"}.get(span, f"points_per_{span}")
    limit = {name: TWICE if counted == "times" else 15}
    plain = [rule(trigger, fixed(10), id="plain")] if kind == "multiplier" else []
    member = life(*plain, rule(trigger, award, limit=limit))
    start = of_day("02-02")
    within, beyond = SPANS[span]
    left = [10, 10, 0] if counted == "times" else [10, 5, 0]
    days = (start, start, start + within)
    decisions = [member.does(*once(trigger, day)) for day in days]
    assert [given(d).get(f"{trigger}_rule", 0) for d in decisions] == left
    assert decisions[-1].capped == (f"{trigger}_rule",)
    if beyond is not None:
        assert given(member.does(*once(trigger, start + beyond)))[f"{trigger}_rule"] == 10


@pytest.mark.parametrize("name", [*Limit.model_fields])
def test_the_first_time_keeps_to_every_limit(name: str) -> None:
    member = life(rule("review", FIRST, limit={name: 4}))
    expected = 4 if name.startswith("points") else 10
    assert member.does(*once("review")).points == expected
    assert member.does(*once("review")).points == 0


def test_limits_of_two_kinds_hold_together() -> None:
    limit = Limit(day=3, points_per_day=25, points_ever=30)
    tally = Tally(TUESDAY)
    assert limit.allows(tally, 10) == 10
    assert limit.allows(tally.plus(20), 10) == 5
    assert limit.allows(tally.plus(1).plus(1).plus(1), 10) == 0
    assert limit.allows(Tally(TUESDAY, points_ever=40), 10) == 0


@pytest.mark.parametrize(("by", "points"), [("member", 0), ("system", 0), ("staff", 10),
                                            ("api", 10), ("import", 10)])  # fmt: skip
def test_some_rules_wait_for_staff(by: By, points: int) -> None:
    member = life(rule("review", fixed(10), needs_staff=True))
    decision = member.does(does(Occasion("review"), TUESDAY, by=by))
    assert decision.points == points
    assert decision.waiting == (() if points else ("review_rule",))


def test_the_first_time_that_staff_confirm_is_the_first() -> None:
    member = life(rule("review", FIRST, needs_staff=True))
    assert member.does(does(Occasion("review"), TUESDAY)).waiting == ("review_rule",)
    assert member.does(does(Occasion("review"), TUESDAY, by="staff")).points == 10
    again = member.does(does(Occasion("review"), TUESDAY, by="staff"))
    assert (again.points, again.waiting) == (0, ())


def test_a_narrowed_rule_counts_its_own_times() -> None:
    member = life(
        rule("eco", FIRST, actions=["own_cup"]), rule("visit", EVERY_2ND, stores=["east"])
    )
    bag, cup = (does(Eco(name), TUESDAY) for name in ("own_bag", "own_cup"))
    assert [member.does(a).points for a in (bag, cup, cup)] == [0, 10, 0]
    east, main = (["main", "east", "main", "east"], [0, 0, 0, 10])
    came = [member.does(visits(TUESDAY + DAY * n, store=s)).points for n, s in enumerate(east)]
    assert came == main


def test_a_rule_may_be_for_some_stores_and_ranks() -> None:
    member = life(
        rule("visit", fixed(1), stores=["east"], id="east"),
        rule("visit", fixed(2), ranks=["r1"], id="ranked"),
        ranks=ladder(2),
    )
    assert given(member.does(visits(TUESDAY))) == {}
    # The visit that reaches the rank is still one without it.
    assert given(member.does(visits(TUESDAY + DAY, store="east"))) == {"east": 1}
    assert given(member.does(visits(TUESDAY + DAY * 2, store=None))) == {"ranked": 2}


def test_a_streak_rule_looks_at_its_own_streak() -> None:
    two = [streak(), streak(id="often", goal=2)]
    rules = [rule("streak", fixed(n), streak=s, id=s) for n, s in ((1, "weekly"), (2, "often"))]
    member = Life(club(earning=rules, streaks=two))
    assert given(member.does(visits(TUESDAY))) == {"weekly": 1}
    assert given(member.does(visits(TUESDAY + DAY))) == {"often": 2}


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (rule("visit", PER_1000), "per_amount_elsewhere"),
        (rule("spend", fixed(1)), "spend_award"),
        (rule("streak", fixed(1)), "streak_needed"),
        (rule("visit", fixed(1), streak="weekly"), "streak_needed"),
        (rule("visit", fixed(1), actions=["own_bag"]), "actions_elsewhere"),
        (rule("streak", times(2), streak="weekly"), "multiplier_elsewhere"),
        (rule("visit", {"kind": "nth", "points": 1}), "one_of_two"),
        (rule("visit", {"kind": "nth", "points": 1, "every": 2, "at": [1]}), "one_of_two"),
        (rule("visit", fixed(0)), "greater than or equal to 1"),
        (rule("visit", times(1)), "greater than 1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named(parts: Part, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        EarningRule.model_validate(parts)


def test_what_earns_nothing_has_no_trigger() -> None:
    assert trigger_of(Adjustment(1)) is None
    follows = {"profile", "referred"}
    assert {trigger_of(what) for what in OCCASIONS.values()} == set(OCCASIONS) - follows | {None}
    assert trigger_of(Registration()) == "registration"


def test_a_refused_activity_counts_towards_no_limit() -> None:
    member = life(rule("visit", fixed(10), limit={"week": 2}))
    member.does(visits(TUESDAY))
    assert isinstance(member.tries(visits(TUESDAY, 20)), Refusal)
    assert member.does(visits(TUESDAY + DAY)).points == 10


def test_a_limit_that_leaves_a_part_is_said_as_one_that_leaves_nothing() -> None:
    member = Life(club(earning=[rule("visit", fixed(10), limit={"points_per_day": 15})],
                       visits={"per_day_max": 3}))  # fmt: skip
    decisions = [member.does(visits(JOINED + DAY)) for _ in range(3)]
    assert [each.points for each in decisions] == [10, 5, 0]
    assert [each.capped for each in decisions] == [(), ("visit_rule",), ("visit_rule",)]
