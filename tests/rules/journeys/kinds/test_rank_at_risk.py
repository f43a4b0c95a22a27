"""The warning before a rank goes asks for nothing that can't be done."""

import pytest

from rules.base import Lang
from rules.outlook.next_step import next_step
from tests.rules.builders import ladder
from tests.rules.journeys.people import CLUB, came, due_to, everything, later, said, why_not


def test_a_club_without_ranks_puts_none_at_risk() -> None:
    club = everything({"kind": "rhythm"}, ranks=None)
    assert why_not(club, "rank_at_risk", came(club, "01-10", until="02-25")) == "rank_is_safe"


@pytest.mark.parametrize(
    ("lang", "title", "goes"),
    [
        ("ja", "「ランク1」を来月も続けるには", "「ランク1」は2月28日までとなりそうです"),
        ("en", "How to keep", "will probably end on Feb 28"),
    ],
)
def test_nobody_is_asked_for_more_visits_than_the_days_left_allow(
    lang: Lang, title: str, goes: str
) -> None:
    person = due_to("rank_at_risk", CLUB)
    assert title in said(person, "rank_at_risk", lang=lang).title
    late = said(later(person, CLUB, 3), "rank_at_risk", lang=lang)
    assert goes in late.title
    assert "今月中に" not in late.body
    assert "this month" not in late.body


@pytest.mark.parametrize(("missing", "asked"), [(6, False), (5, True)])
def test_six_visits_in_the_last_seven_days_are_asked_of_nobody(missing: int, asked: bool) -> None:
    ranks = ladder(missing, grace_periods=0, revival={"visits": 2, "days": 30})
    club = everything({"kind": "rhythm"}, ranks=ranks)
    held = [f"01-{day}" for day in range(10, 10 + missing)]
    person = came(club, *held, until="02-22")
    warning = said(person, "rank_at_risk", club)
    assert (f"あと{missing}回" in warning.body) == asked
    assert "30日のうちに2回のご来店で「ランク1」に戻ります" in warning.body
    # The card says the same.
    step = next_step(club, person.facts, person.day)
    assert (step.kind == "keep_rank") == asked
