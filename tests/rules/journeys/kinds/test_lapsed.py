"""Who has been away for long: step by step, and then no more."""

from dataclasses import replace

import pytest

from rules.facts import changed
from rules.journeys.member import DueMessage
from tests.rules.builders import Life, becomes, of_day
from tests.rules.journeys.people import (
    CLUB,
    Person,
    ask,
    came,
    drifting,
    everything,
    journey_of,
    later,
    only,
    period,
    said,
    why_not,
)


@pytest.mark.parametrize(
    ("days", "step"), [(59, None), (60, 0), (73, 0), (74, None), (90, 1), (150, 2), (164, None)]
)
def test_lapsed_has_its_steps_and_then_stops(days: int, step: int | None) -> None:
    answer = ask(CLUB, "lapsed", later(came(CLUB, "01-10", until="01-10"), CLUB, days))
    assert (answer.step if isinstance(answer, DueMessage) else None) == step


@pytest.mark.parametrize(
    ("days", "step"), [(60, None), (99, None), (100, 0), (113, 0), (114, None), (130, 1), (190, 2)]
)
def test_who_drifts_later_has_all_its_steps_as_much_later(days: int, step: int | None) -> None:
    slow = drifting(later(came(CLUB, "01-03", "01-10", until="01-10"), CLUB, days), 100)
    answer = ask(CLUB, "lapsed", slow)
    assert (answer.step if isinstance(answer, DueMessage) else None) == step


def test_who_drifts_before_the_first_step_is_written_as_it_says() -> None:
    early = drifting(came(CLUB, "01-03", "01-10", until="03-10"), 20)
    assert why_not(CLUB, "lapsed", early) == "came_lately"
    assert isinstance(ask(CLUB, "lapsed", later(early, CLUB, 1)), DueMessage)


def test_its_periods_are_those_of_before_whatever_is_learned() -> None:
    """Whoever is in the middle of it is written no step twice."""
    person = came(CLUB, "01-03", "01-10", until="03-11")
    assert period(CLUB, "lapsed", person) == "2026-01-10:60"
    for days, drifts, step in ((70, 70, 60), (75, 71, 60), (105, 75, 90), (170, 80, 150)):
        slow = drifting(later(person, CLUB, days - 60), drifts)
        assert period(CLUB, "lapsed", slow) == f"2026-01-10:{step}"


def test_a_step_that_was_queued_too_early_waits_for_its_day() -> None:
    journey = journey_of(CLUB, "lapsed")
    moved = drifting(came(CLUB, "01-03", "01-10", until="03-11"), 100).of(CLUB)
    later_on = journey.due_later(moved, "2026-01-10:60")
    assert later_on is not None
    assert later_on.since == CLUB.shop.opens(of_day("04-20"))
    assert later_on.useful_until == CLUB.shop.opens(of_day("05-04"))
    for period_of_another in ("2026-01-10:61", "2026-01-09:60", "x"):
        assert journey.due_later(moved, period_of_another) is None
    resting = drifting(came(CLUB, "01-03", "01-10", until="03-11"), 100)
    resting = replace(resting, facts=changed(resting.facts, membership="paused"))
    assert journey.due_later(resting.of(CLUB), "2026-01-10:60") is None


def test_each_absence_has_its_own_period() -> None:
    first = period(CLUB, "lapsed", came(CLUB, "01-10", until="03-11"))
    second = period(CLUB, "lapsed", came(CLUB, "01-10", "03-12", until="05-11"))
    assert first != second


def test_days_on_which_the_shop_was_shut_are_no_absence() -> None:
    shut = {"closed": [{"on": of_day("02-01"), "until": of_day("02-20")}]}
    club = everything(shop=shut)
    assert why_not(club, "lapsed", came(club, "01-10", until="03-11")) == "came_lately"
    assert isinstance(ask(club, "lapsed", came(club, "01-10", until="03-31")), DueMessage)


def test_somebody_just_back_from_a_pause_is_not_missed() -> None:
    life = Life(CLUB)
    life.comes(of_day("01-10"))
    life.does(becomes("paused", of_day("01-20")), becomes("active", of_day("03-01")))
    person = Person(life.until(of_day("03-11")), of_day("03-11"))
    assert why_not(CLUB, "lapsed", person) == "came_lately"


def test_a_journey_for_those_who_rest_reaches_them_alone() -> None:
    club = only("lapsed", states=["paused"], steps=[{"days": 30}])
    life = Life(club)
    life.comes(of_day("01-10"))
    active = Person(life.until(of_day("02-20")), of_day("02-20"))
    life.does(becomes("paused", of_day("02-20")))
    resting = Person(life.until(of_day("03-22")), of_day("03-22"))

    assert why_not(club, "lapsed", active) == "active"
    assert isinstance(ask(club, "lapsed", resting), DueMessage)


def test_each_step_has_its_own_words_and_the_last_says_goodbye() -> None:
    bodies = [
        said(came(CLUB, "01-10", until=day), "lapsed").body for day in ("03-11", "04-10", "06-09")
    ]
    assert len(set(bodies)) == 3
    assert "会員証はそのまま" in bodies[-1]
