"""Who begins to drift away."""

import pytest

from rules.journeys.member import DueLater, DueMessage, NotDue
from tests.rules.builders import at, of_day
from tests.rules.journeys.people import (
    CLUB,
    Person,
    ask,
    came,
    drifting,
    journey_of,
    later,
    only,
    period,
    why_not,
)

#: Who came every four days.
REGULAR = came(CLUB, "01-10", "01-14", "01-18", "01-22", "01-26", until="01-26")


def gone(days: int, *, drifts: int | None) -> Person:
    """The same, away for so many days, who drifts after so many."""
    return drifting(later(REGULAR, CLUB, days), drifts)


@pytest.mark.parametrize(
    ("days", "expected"), [(7, "came_lately"), (8, None), (12, None), (13, "too_late")]
)
def test_it_is_due_from_the_day_on_which_they_drift(days: int, expected: str | None) -> None:
    answer = ask(CLUB, "rhythm", gone(days, drifts=8))
    assert (answer.reason if isinstance(answer, NotDue) else None) == expected


def test_who_comes_every_day_is_left_in_peace_for_a_week() -> None:
    assert why_not(CLUB, "rhythm", gone(6, drifts=3)) == "came_lately"
    assert isinstance(ask(CLUB, "rhythm", gone(7, drifts=3)), DueMessage)


def test_who_drifts_so_late_that_other_words_are_needed_is_left_to_those() -> None:
    assert isinstance(ask(CLUB, "rhythm", gone(59, drifts=59)), DueMessage)
    assert why_not(CLUB, "rhythm", gone(60, drifts=60)) == "rhythm_too_slow"
    assert ask(CLUB, "lapsed", gone(60, drifts=60)) != NotDue("came_lately")


def test_of_whom_the_models_tell_nothing_no_rhythm_is_known() -> None:
    assert why_not(CLUB, "rhythm", gone(60, drifts=None)) == "no_rhythm"


def test_days_on_which_the_shop_was_shut_put_it_off() -> None:
    shut = {"on": of_day("01-28"), "until": of_day("01-30")}
    club = only("rhythm", visits_min=1)
    closed = club.model_copy(
        update={"shop": club.shop.model_validate({**dict(club.shop), "closed": [shut]})}
    )
    assert isinstance(ask(club, "rhythm", gone(8, drifts=8)), DueMessage)
    assert why_not(closed, "rhythm", gone(10, drifts=8)) == "came_lately"
    assert isinstance(ask(closed, "rhythm", gone(11, drifts=8)), DueMessage)


def test_what_was_queued_too_early_waits_for_the_day_that_is_known_by_now() -> None:
    journey, queued = journey_of(CLUB, "rhythm"), gone(8, drifts=8)
    said = period(CLUB, "rhythm", queued)
    moved = gone(8, drifts=11).of(CLUB)
    assert journey.still_due(moved, said) is None
    assert journey.due_later(moved, said) == DueLater(
        at(of_day("02-06"), 4), at(of_day("02-11"), 4)
    )
    then = gone(11, drifts=11).of(CLUB)
    assert journey.still_due(then, said) is not None
    assert journey.due_later(then, said) is None
    for over in (gone(8, drifts=61), gone(8, drifts=None), came(CLUB, "02-01", until="02-03")):
        assert journey.due_later(over.of(CLUB), said) is None


def test_times_of_older_programmes_are_read_and_not_asked() -> None:
    patient = only("rhythm", times=5)
    assert isinstance(ask(patient, "rhythm", gone(8, drifts=8)), DueMessage)
