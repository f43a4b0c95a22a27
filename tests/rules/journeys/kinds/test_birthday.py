"""Whose birthday is celebrated, when, and how often."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import BirthdayTold, Occasion
from rules.journeys.member import Background, DueMessage
from rules.programme.programme import Programme
from tests.chance import examples
from tests.rules.builders import DAY, JOINED, Life, does, of_day
from tests.rules.examples import cafe
from tests.rules.journeys.people import (
    CLUB,
    Person,
    ask,
    came,
    due_to,
    everything,
    only,
    period,
    said,
    why_not,
)


def born(month: int, day: int, *, on: str, club: Programme = CLUB) -> Person:
    """Somebody with that birthday, looked at on a day (`"05-01"` of 2026 or a full date)."""
    life = Life(club)
    life.does(does(BirthdayTold(month, day), JOINED, 8))
    when = of_day(on) if len(on) == 5 else of_day("01-01").fromisoformat(on)
    return Person(life.until(when), when)


@pytest.mark.parametrize(
    ("day", "due"), [("04-30", False), ("05-01", True), ("05-31", True), ("06-01", False)]
)
def test_a_birth_month_is_celebrated_from_its_first_day_to_its_last(day: str, due: bool) -> None:
    assert isinstance(ask(CLUB, "birthday", born(5, 12, on=day)), DueMessage) == due


@pytest.mark.parametrize(
    ("day", "due"), [("05-11", False), ("05-12", True), ("05-14", True), ("05-15", False)]
)
def test_a_birthday_is_wished_for_on_the_day_or_soon_after(day: str, due: bool) -> None:
    club = only("birthday", when="day")
    assert isinstance(ask(club, "birthday", born(5, 12, on=day, club=club)), DueMessage) == due


@pytest.mark.parametrize(("day", "due"), [("05-04", False), ("05-05", True)])
def test_it_may_come_some_days_before(day: str, due: bool) -> None:
    club = only("birthday", when="day", days_before=7)
    assert isinstance(ask(club, "birthday", born(5, 12, on=day, club=club)), DueMessage) == due


def test_before_new_year_it_is_next_years_birthday() -> None:
    club = only("birthday", when="day", days_before=7)
    assert period(club, "birthday", born(1, 3, on="12-28", club=club)) == "2027"


@pytest.mark.parametrize(("day", "due"), [("2027-02-27", False), ("2027-02-28", True)])
def test_the_29th_of_february_has_its_day_every_year(day: str, due: bool) -> None:
    club = only("birthday", when="day")
    assert isinstance(ask(club, "birthday", born(2, 29, on=day, club=club)), DueMessage) == due
    assert period(club, "birthday", born(2, 29, on="2028-02-29", club=club)) == "2028"


def test_without_a_birthday_there_is_no_wish() -> None:
    assert why_not(CLUB, "birthday", came(CLUB, "01-10", until="05-01")) == "no_birthday"


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=1, max_size=6))
@settings(max_examples=examples(60), deadline=None)
def test_nobody_gets_one_birthday_twice_however_often_it_is_corrected(
    told: list[tuple[int, int]],
) -> None:
    club = only("birthday", when="day", days_before=10)
    life = Life(everything({"kind": "birthday"}, profile={"birthday_changes_max": 10}))
    sent: list[tuple[str, Any]] = []
    day = JOINED
    for n in range(900):
        day += DAY
        if n % 120 == 0 and n // 120 < len(told):
            month, born_on = told[n // 120]
            life.does(does(BirthdayTold(month, born_on), day, 8))
        last = sent[-1][1] if sent else None
        answer = ask(club, "birthday", Person(life.facts, day, Background(sent_on=last)))
        if isinstance(answer, DueMessage) and answer.period not in [before for before, _ in sent]:
            sent.append((answer.period, day))

    days = [on for _, on in sent]
    assert all(b - a >= timedelta(days=180) for a, b in pairwise(days))
    assert len(sent) == len({on.year for on in days}) or len(sent) <= 3


def test_a_birthday_tells_of_the_points_it_brought() -> None:
    life = Life(CLUB)
    life.does(does(BirthdayTold(5, 12), JOINED, 8))
    life.does(does(Occasion("birthday"), of_day("05-01"), 5, by="system"))
    person = Person(life.until(of_day("05-01")), of_day("05-01"))
    # And what can be had for them, in the same message: nothing else tells of it.
    assert said(person, "birthday").given == (
        "🎁 お祝いに100ポイントをお届けしました",
        "🎁 「ごほうび」と交換できるようになりました",
    )
    assert said(due_to("birthday", CLUB), "birthday").given == ()


@pytest.mark.parametrize("arm", ["a", "b"])
def test_a_birthday_names_all_that_it_brings_and_congratulates(arm: str) -> None:
    club = cafe()
    life = Life(club)
    life.does(does(BirthdayTold(5, 12), JOINED, 8))
    life.does(does(Occasion("birthday"), of_day("05-01"), 5, by="system"))
    person = Person(life.until(of_day("05-01")), of_day("05-01"))
    wish = said(person, "birthday", club=club, arm=arm)
    assert "おめでとうございます" in wish.title
    points, custard, double, *reached = wish.given
    assert "100ポイント" in points
    assert "お誕生月の焼きプリン" in custard
    assert "5月31日まで" in custard
    assert "お誕生月" in double
    assert "2倍" in double
    assert "🎁 「100円引き」と交換できるようになりました" in reached
