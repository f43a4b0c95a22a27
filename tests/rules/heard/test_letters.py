"""When it is time for letters, and how the programme says so."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.explaining.explain_letters import letter_sentences
from rules.heard.letters import LetterRound, LettersPolicy
from rules.wording.words import Words
from tests.rules.builders import club, ladder

QUARTERLY = LettersPolicy(months=(3, 6, 9, 12))


@pytest.mark.parametrize(
    ("day", "begins", "then"),
    [
        (date(2026, 2, 28), None, date(2026, 3, 1)),
        (date(2026, 3, 1), date(2026, 3, 1), date(2026, 6, 1)),
        (date(2026, 4, 14), date(2026, 3, 1), date(2026, 6, 1)),
        (date(2026, 4, 15), None, date(2026, 6, 1)),
        (date(2027, 1, 10), date(2026, 12, 1), date(2027, 3, 1)),
    ],
)
def test_a_round_begins_on_its_day_and_is_let_go_after_six_weeks(
    day: date, begins: date | None, then: date
) -> None:
    found = QUARTERLY.round_on(day)
    assert (found.begins if found else None, QUARTERLY.next_after(day)) == (begins, then)


def test_a_round_ends_where_the_next_begins() -> None:
    monthly = LettersPolicy(months=tuple(range(1, 13)), day=10)
    assert monthly.round_on(date(2026, 2, 9)) == LetterRound(date(2026, 1, 10), date(2026, 2, 10))
    assert monthly.round_on(date(2026, 2, 10)) == LetterRound(date(2026, 2, 10), date(2026, 3, 10))


@pytest.mark.parametrize(
    "said",
    [
        {"months": ()},
        {"months": (13,)},
        {"months": (3, 3)},
        {"months": (3,), "day": 29},
        {"months": (3,), "within_days": 60, "away_days": 60},
    ],
)
def test_what_can_not_be_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LettersPolicy.model_validate(said)


def test_it_is_explained_when_and_to_whom() -> None:
    letters = {"months": [12, 3], "day": 5, "ranks": ["r1"], "visits_min": 3,
               "within_days": 200, "away_days": 30}  # fmt: skip
    said = "\n".join(letter_sentences(Words(club(letters=letters, ranks=ladder(3)), "ja")))
    for part in ("3月・12月の5日から", "3回以上", "200日以内", "30日以上"):
        assert part in said
    assert list(letter_sentences(Words(club(), "ja"))) == []
