"""The summary of one member."""

from dataclasses import replace

import pytest

from rules.facts import Facts, Tally, changed, newcomer
from tests.rules.builders import DAY, JOINED, at, of_day

NEW = newcomer(JOINED, at(JOINED), "counter")


def test_a_newcomer_has_nothing_yet() -> None:
    assert (NEW.visits, NEW.balance, NEW.rank.id, NEW.days) == (0, 0, None, ())
    assert NEW.source == "counter"
    assert not NEW.is_late(at(JOINED), JOINED)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        ("03-12", (2, 2, 2, 2)),
        ("03-13", (0, 2, 2, 2)),
        ("03-16", (0, 0, 2, 2)),
        ("04-01", (0, 0, 0, 2)),
    ],
)
def test_a_tally_forgets_periods_that_are_over(day: str, left: tuple[int, ...]) -> None:
    tally = Tally(of_day("03-12")).plus(5).plus(5).as_of(of_day(day))
    assert (tally.day, tally.week, tally.month, tally.ever) == left
    points = (tally.points_day, tally.points_week, tally.points_month, tally.points_ever)
    assert points == tuple(5 * n for n in left)


def test_a_week_over_the_turn_of_the_month_goes_on() -> None:
    tally = Tally(of_day("03-31")).plus(5).as_of(of_day("04-01"))
    assert (tally.week, tally.month) == (1, 0)


def test_the_same_month_of_another_year_is_another_month() -> None:
    assert Tally(of_day("03-12")).plus(5).as_of(of_day("03-12").replace(year=2027)).month == 0


def test_days_add_up_in_half_open_ranges() -> None:
    facts = NEW.on_day(JOINED, visits=1).on_day(JOINED, points=5).on_day(JOINED + DAY, yen=300)
    assert len(facts.days) == 2
    total = facts.totals(JOINED, JOINED + DAY)
    assert (total.visits, total.points, total.yen) == (1, 5, 0)
    assert facts.totals(JOINED, JOINED + DAY * 2).yen == 300
    assert facts.totals(JOINED + DAY * 2, JOINED + DAY * 9).yen == 0


def test_an_earlier_day_finds_its_place() -> None:
    facts = NEW.on_day(JOINED + DAY, visits=1).on_day(JOINED, visits=1).on_day(JOINED, visits=1)
    assert [(d.on, d.visits) for d in facts.days] == [(JOINED, 2), (JOINED + DAY, 1)]


def test_forgetting_drops_older_days_only() -> None:
    facts = NEW.on_day(JOINED, visits=1).on_day(JOINED + DAY, visits=1)
    assert [d.on for d in facts.forgetting(JOINED + DAY).days] == [JOINED + DAY]
    assert facts.forgetting(JOINED) is facts


def test_changed_does_what_replace_does() -> None:
    fast: Facts = changed(NEW, visits=3, balance=7)
    assert fast == replace(NEW, visits=3, balance=7)
    assert NEW.visits == 0
