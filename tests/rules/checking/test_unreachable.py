"""What nothing can bring about is an error; what a door leads to is none."""

from typing import get_args

import pytest

from rules.activity import Trigger
from rules.base import LANGS
from rules.checking.reading import InvalidProgramme, review
from rules.checking.unreachable import BY_TAP, PLACED, SEEN, unreachable
from tests.rules.examples import CAFE, GYM, changed, programme

AT_NIGHT = "hours = { start = 23:00:00, end = 05:00:00 }"
ECO = 'actions = ["own_bag", "own_cup"]\n'
ECO_NAMES = CAFE[CAFE.index("eco = [") : CAFE.index("\n[points]")]
INVITATION = CAFE[CAFE.index('\n[[journeys]]\nkind = "fan_steps"') :]
FAN_STEPS = CAFE[CAFE.index("[fan_steps] ") : CAFE.index("[sending] ")]
STEPS = CAFE[CAFE.index("steps = [\n  { days") : CAFE.index('[[journeys]]\nkind = "one_short"')]
EVER = "birth_month = true"
#: The last line of the rule of shares, and what follows.
NEEDS_STAFF = 'needs_staff = true\n\n[[earning]]\nid = "streak"'
SHORT, FIRST = 'kind = "one_short" ', 'kind = "first_visit" '


OPEN = "hours = { start = 07:30:00, end = 22:00:00 }"


def open_from(start: str, end: str) -> tuple[str, str]:
    """The change that gives the shop other opening hours."""
    return OPEN, f"hours = {{ start = {start}, end = {end} }}"


def rule(on: str, more: str = "", award: str = '{ kind = "fixed", points = 1 }') -> str:
    """The café with one more earning rule, before all others."""
    if on == "streak":
        more += '\nstreak = "weekly"'
    if on == "spend":
        award = '{ kind = "per_amount", points = 1, yen = 100 }'
    new = f'id = "new"\nname = {{ ja = "新" }}\non = "{on}"\naward = {award}\n{more}\n\n'
    if on == "delivery":
        new += '[[subscriptions]]\nid = "beans"\nname = { ja = "豆の定期便" }\n\n'
    return CAFE.replace("[[earning]]", f"[[earning]]\n{new}[[earning]]", 1)


#: The text's name, what is changed in the café's programme, and the place that is told.
NEVER: list[tuple[str, list[tuple[str, str]], str]] = [
    (
        "streak_never",
        [("goal = 1 ", "goal = 7 "), ("closed_weekdays = []", 'closed_weekdays = ["mon"]')],
        'streaks[0] "weekly" .goal',
    ),
    (
        "nth_never",
        [('{ kind = "first", points = 50 }', '{ kind = "nth", every = 2, points = 50 }')],
        'earning[0] "welcome" .award',
    ),
    (
        "campaign_never",
        [
            ("closed_weekdays = []", 'closed_weekdays = ["mon"]'),
            ("birth_month = true", 'birth_month = true\nweekdays = ["mon"]'),
        ],
        'campaigns[2] "birth_month"',
    ),
    (
        "badge_stores",
        [('"stores", count = 2', '"stores", count = 3')],
        'badges[4] "both_stores" .needs',
    ),
    (
        "badge_streak",
        [("goal = 1 ", "goal = 7 "), ("closed_weekdays = []", 'closed_weekdays = ["mon"]')],
        'badges[5] "streak_8" .needs',
    ),
    (
        "badge_closed",
        [
            ("closed_weekdays = []", 'closed_weekdays = ["mon"]'),
            ("end = 10:00:00 } }", 'end = 10:00:00 }, weekdays = ["mon"] }'),
        ],
        'badges[3] "morning" .needs',
    ),
    (
        "badge_hours",
        [open_from("11:00:00", "23:00:00")],
        'badges[3] "morning" .needs',
    ),
    (
        "campaign_hours",
        [
            open_from("07:00:00", "22:00:00"),
            ("birth_month = true", f"birth_month = true\n{AT_NIGHT}"),
        ],
        'campaigns[2] "birth_month"',
    ),
    (
        "journey_never",
        [('kind = "first_visit" ', 'visits_min = 2\nkind = "first_visit" ')],
        'journeys[4] "first_visit" .kind',
    ),
    ("eco_unnamed", [(ECO, ""), (ECO_NAMES, "")], 'earning[8] "eco" .actions'),
    ("badge_nothing_happens", [(ECO, ""), (ECO_NAMES, "")], 'badges[9] "eco_10" .needs'),
    (
        "badge_no_ladder",
        [(FAN_STEPS, ""), (INVITATION, "")],
        'badges[10] "fan" .needs',
    ),
    (
        "fan_step_never",
        [('"profile", "event"]', '"newsletter"]')],
        "fan_steps.steps",
    ),
    (
        "only_by_tap",
        [('on = "share"', 'on = "newsletter"'), (NEEDS_STAFF, NEEDS_STAFF[19:])],
        'earning[10] "share" .needs_staff',
    ),
    (
        "campaign_multiplies_nothing",
        [(EVER, f'{EVER}\non = ["feedback"]'), ('on = "feedback"', 'on = "birthday"')],
        'campaigns[2] "birth_month"',
    ),
    (
        "campaign_nothing_happens",
        [(EVER, f'{EVER}\non = ["newsletter"]')],
        'campaigns[2] "birth_month" .on',
    ),
    (
        "campaign_nothing_happens",
        [(EVER, f'{EVER}\nneeds_staff = true\non = ["birthday"]')],
        'campaigns[2] "birth_month" .on',
    ),
    (
        "campaign_nothing_happens",
        [(EVER, f'{EVER}\nstores = ["ekimae"]\non = ["anniversary"]')],
        'campaigns[2] "birth_month" .on',
    ),
    (
        "campaign_nothing_happens",
        [('on = ["visit"]\nstaff_switch', 'on = ["birthday"]\nstaff_switch')],
        'campaigns[1] "rain" .on',
    ),
    (
        "arm_for_nobody",
        [(SHORT, 'visits_max = 9\narms = [{ id = "a" }, { id = "b", visits_min = 10 }]\n' + SHORT)],
        'journeys[2] "one_short" .arms[1]',
    ),
    (
        "arm_for_nobody",
        [(SHORT, 'ranks = ["gold"]\narms = [{ id = "a", ranks = ["silver"] }]\n' + SHORT)],
        'journeys[2] "one_short" .arms[0]',
    ),
    (
        "arm_for_nobody",
        [(FIRST, 'arms = [{ id = "a" }, { id = "b", visits_min = 2 }]\n' + FIRST)],
        'journeys[4] "first_visit" .arms[1]',
    ),
    (
        "arms_alike",
        [(SHORT, 'arms = [{ id = "a" }, { id = "b", weight = 2 }]\n' + SHORT)],
        'journeys[2] "one_short" .arms[1]',
    ),
    ("promised_by_nothing", [(STEPS, "")], 'rewards[9] "welcome_back" .given'),
]  # fmt: skip


def found(text: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in unreachable(programme(text))]


@pytest.mark.parametrize(("code", "changes", "path"), NEVER)
def test_what_can_never_be_is_an_error(
    code: str, changes: list[tuple[str, str]], path: str
) -> None:
    text = changed(CAFE, *changes)
    assert (code, path) in found(text)
    reviewed = review(text)
    assert isinstance(reviewed, InvalidProgramme)
    assert all(problem.message(lang) for problem in reviewed.problems for lang in LANGS)


@pytest.mark.parametrize("text", [CAFE, GYM])
def test_in_the_examples_all_can_be(text: str) -> None:
    assert found(text) == []
    assert not isinstance(review(text), InvalidProgramme)


@pytest.mark.parametrize("on", get_args(Trigger))
def test_staff_vouch_for_what_they_can_see_and_for_nothing_else(on: Trigger) -> None:
    never = [("never_seen", 'earning[0] "new" .needs_staff')]
    assert found(rule(on, "needs_staff = true")) == ([] if on in SEEN else never)
    alone = [("only_by_tap", 'earning[0] "new" .needs_staff')]
    assert found(rule(on)) == (alone if on in BY_TAP else [])


@pytest.mark.parametrize(
    "on", ["birthday", "anniversary", "referral", "registration", *sorted(PLACED)]
)
def test_only_what_happens_at_a_branch_may_be_of_one(on: Trigger) -> None:
    vouched = "\nneeds_staff = true" if on in BY_TAP | {"feedback", "review", "share"} else ""
    never = [("no_place", 'earning[0] "new" .stores')]
    assert found(rule(on, f'stores = ["ekimae"]{vouched}')) == ([] if on in PLACED else never)


def test_a_friend_is_of_the_branch_of_their_first_visit_alone() -> None:
    text = rule("referred", 'stores = ["ekimae"]')
    assert found(text) == []
    joining = text.replace('counts_at = "first_visit"', 'counts_at = "registration"')
    assert found(joining) == [("no_place", 'earning[0] "new" .stores')]


@pytest.mark.parametrize("on", ["feedback", "review", "share"])
def test_what_is_told_in_the_chat_is_of_no_branch(on: Trigger) -> None:
    assert found(rule(on, 'stores = ["ekimae"]')) == [("chat_no_place", 'earning[0] "new" .stores')]


def test_nobody_joins_with_a_rank() -> None:
    assert found(rule("registration", 'ranks = ["gold"]')) == [
        ("rank_at_joining", 'earning[0] "new" .ranks')
    ]
    assert found(rule("visit", 'ranks = ["gold"]')) == []


@pytest.mark.parametrize("on", ["registration", "profile", "referred"])
def test_what_happens_once_has_no_second_time(on: str) -> None:
    never = [("nth_never", 'earning[0] "new" .award')]
    assert found(rule(on, award='{ kind = "nth", every = 2, points = 1 }')) == never
    assert found(rule(on, award='{ kind = "nth", at = [1], points = 1 }')) == []


def test_a_multiplier_needs_something_to_multiply() -> None:
    twice = '{ kind = "multiplier", times = 2 }'
    assert found(rule("visit", award=twice)) == []
    assert found(rule("newsletter", "needs_staff = true", award=twice)) == [
        ("multiplies_nothing", 'earning[0] "new" .award')
    ]


def test_a_gift_for_who_comes_back_may_be_had_for_points_instead() -> None:
    for_points = ("valid_days = 14\n", "valid_days = 14\ncost = 90\n")
    assert found(changed(CAFE, (STEPS, ""), for_points)) == []


@pytest.mark.parametrize(
    "dates",
    [
        "days_of_month = [31]\nstarts = 2026-11-01\nends = 2026-11-30",
        "starts = 2026-12-31\nends = 2027-01-02",
        'weekdays = ["sun"]\nstarts = 2027-02-01\nends = 2027-02-06',
    ],
)
def test_a_campaign_whose_days_never_come_or_are_closed_never_runs(dates: str) -> None:
    assert found(changed(CAFE, (EVER, f"{EVER}\n{dates}"))) == [
        ("campaign_never", 'campaigns[2] "birth_month"')
    ]


def test_hours_of_a_branch_that_is_open_are_enough() -> None:
    early = 'beacons = ["0a1b2c3d01"]\nhours = { start = 06:00:00, end = 09:00:00 }'
    text = changed(CAFE, open_from("11:00:00", "23:00:00"), ('beacons = ["0a1b2c3d01"]', early))
    assert "badge_hours" not in [code for code, _ in found(text)]
