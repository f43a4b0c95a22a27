"""The warning before a rank goes asks for nothing that can't be done."""

import pytest

from rules.base import Lang
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
