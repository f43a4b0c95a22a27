from datetime import datetime, time, timedelta

import pytest

from rules.checking.reading import InvalidProgramme, parse
from rules.programme.programme import Programme
from tests.rules.examples import CAFE, GYM, LEAST, cafe, changed, programme


@pytest.mark.parametrize("text", [CAFE, GYM, LEAST])
def test_the_examples_are_good_programmes(text: str) -> None:
    assert isinstance(programme(text), Programme)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        (
            '[[earning]]\nid = "buy"\nname = { ja = "買" }\non = "purchase"\n'
            'award = { kind = "fixed", points = 1 }',
            'earning[0] "buy" .on',
        ),
        (
            '[[earning]]\nid = "sum"\nname = { ja = "計" }\non = "spend"\n'
            'award = { kind = "per_amount", points = 1, yen = 100 }',
            'earning[0] "sum" .on',
        ),
        (
            '[ranks]\nmeasure = "spend"\nwindow = { kind = "calendar_month" }\n'
            '[[ranks.steps]]\nid = "gold"\nname = { ja = "金" }\nat = 10000',
            "ranks.measure",
        ),
        (
            '[[badges]]\nid = "buyer"\nname = { ja = "常連" }\n'
            'needs = { kind = "times", on = "purchase", count = 3 }',
            'badges[0] "buyer" .needs.on',
        ),
    ],
)
def test_what_looks_at_purchases_needs_a_purchase_section(part: str, path: str) -> None:
    parsed = parse(LEAST + part)

    assert isinstance(parsed, InvalidProgramme)
    assert [problem.line("en") for problem in parsed.problems] == [
        f"{path}: needs [purchase], which this programme has not"
    ]


def test_a_programme_without_ranks_says_that_none_is_defined() -> None:
    part = '[[rewards]]\nid = "tea"\nname = { ja = "茶" }\nkind = "gift"\ncost = 10\n'
    parsed = parse(LEAST + part + 'value_yen = 100\nranks = ["gold"]')

    assert isinstance(parsed, InvalidProgramme)
    assert parsed.problems[0].line("en") == (
        'rewards[0] "tea" .ranks: no rank "gold"; there is: none is defined'
    )


def test_times_may_be_written_as_text_and_shortly() -> None:
    parsed = cafe(("quiet_from = 20:00:00", 'quiet_from = "20:30"'))

    assert parsed.sending.quiet_from == time(20, 30)


def test_a_branch_may_have_hours_of_its_own() -> None:
    own_hours = ('beacons = ["0a1b2c3d01"]', "hours = { start = 10:00:00, end = 18:00:00 }")
    shop = programme(changed(CAFE, own_hours))
    own, common = shop.hours_of("ekimae"), shop.hours_of("kawabe")
    assert (own and own.start, common and common.start) == (time(10), time(7, 30))
    assert programme(LEAST).hours_of("main") is None


def test_of_a_branch_its_own_is_told_and_else_the_shops() -> None:
    told = cafe(
        ("accent =", 'phone = "+81 (3) 0000-0100"\naccent ='), ('phone = "03-0000-0101"\n', "")
    )
    assert told.premises("kawabe").phone == "03-0000-0102"
    assert told.premises("ekimae").phone == "+81 (3) 0000-0100"
    assert told.premises("ekimae").phone_link == "tel:+81300000100"
    assert told.premises("ekimae").menu_url == "https://example.com/menu"
    assert programme(LEAST).premises("main").phone_link == ""


@pytest.mark.parametrize(
    ("hours", "at", "minutes"),
    [
        ("09:00-20:00", "2026-11-24T09:00", 11 * 60),
        ("09:00-20:00", "2026-11-24T20:00", None),
        ("18:00-02:00", "2026-11-24T23:30", 150),
        # Past midnight it is still the evening before: a Tuesday, and a closed Wednesday.
        ("18:00-02:00", "2026-11-25T01:30", 30),
        ("18:00-02:00", "2026-11-26T01:30", None),
        ("09:00-20:00", "2026-11-25T12:00", None),
        (None, "2026-11-25T03:00", 60),
    ],
)
def test_how_long_a_shop_is_open_yet(hours: str | None, at: str, minutes: int | None) -> None:
    start, _, end = (hours or "").partition("-")
    told = f"hours = {{ start = {start}:00, end = {end}:00 }}" if hours else ""
    shop = f'legal_name = "店"\nclosed_weekdays = ["wed"]\n{told}'
    found = programme(changed(LEAST, ('legal_name = "店"', shop)))
    moment = datetime.fromisoformat(f"{at}+09:00")
    left = timedelta(minutes=minutes) if minutes is not None else None
    assert found.open_for("main", moment) == left
