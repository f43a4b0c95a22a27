"""Monday in words: always five lines, whatever there is to tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules.base import LANGS, Lang
from rules.figures.periods import period
from rules.figures.sums import ALL
from rules.figures.values import Sums, days_needed
from rules.monday.ahead import Upcoming
from rules.monday.matters import COUNTED_MAX, Drifting, Stakes, matters
from rules.monday.ordinary import UnusualDay
from rules.monday.week import SentLately, Week, told_figures
from rules.monday.words import five_lines, matter_sentence, note_text
from rules.wording.words import Words
from tests.rules.builders import club, text

MONDAY = date(2026, 3, 2)
PERIOD = period("weeks", MONDAY - timedelta(days=1))
QUIET = Week(
    day=MONDAY,
    store=None,
    has_members=True,
    stakes=Stakes(),
    period=PERIOD,
    sums={ALL: Sums(days_needed(PERIOD, told_figures()), {}, ())},
    unusual=(),
    sent=(),
    ahead=(),
)
BUSY = replace(
    QUIET,
    unusual=((ALL, UnusualDay(MONDAY - timedelta(days=2), 40, 10.25, 8)),) * 5,
    sent=(SentLately("journey:lapsed", 1_200, 0.4, 6.2), SentLately("broadcast:3", 7)),
    ahead=tuple(Upcoming("points", MONDAY, count=n) for n in range(1, 6)),
)
STAKES = Stakes(overdue=1, waiting=2, drifting=Drifting(COUNTED_MAX, new=3), unsent=5_000)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("week", [QUIET, BUSY])
def test_there_are_five_lines_whatever_there_is_to_tell(week: Week, lang: Lang) -> None:
    words = Words(club(), lang)
    for count in range(4):
        found = matters(STAKES)[:count]
        lines = five_lines(words, week, found)
        assert len(lines) == 5
        assert list(lines[:count]) == [matter_sentence(words, each) for each in found]
        assert all(line and "{" not in line and "\n" not in line for line in lines)


def test_what_is_much_is_told_as_a_few_and_how_many_more() -> None:
    lines = five_lines(Words(club(), "en"), BUSY, ())
    assert lines[0] == "Nothing needs you this week."
    assert "0.4 more to 6.2 more" in lines[2]
    assert lines[3].endswith("; 2 more")
    assert lines[3].count("40 visits") == 3
    assert lines[4].endswith("; 2 more.")


def test_of_more_than_are_counted_it_is_told_that_they_are_more() -> None:
    [drifting] = matters(replace(Stakes(), drifting=Drifting(COUNTED_MAX, new=3)))
    assert "1,000人以上" in matter_sentence(Words(club(), "ja"), drifting)
    assert "1,000 members or more" in matter_sentence(Words(club(), "en"), drifting)


def test_rewards_are_told_by_their_names() -> None:
    names = (club(stores=[{"id": "a", "name": text("珈琲豆")}]).stores[0].name,)
    [found] = matters(Stakes(out_of_reach=names))
    assert "珈琲豆" in matter_sentence(Words(club(), "ja"), found)


def test_a_note_numbers_its_lines_and_says_where_there_is_more() -> None:
    words = Words(club(), "ja")
    said = note_text(words, five_lines(words, QUIET, ()), "https://kayoi.example/owner/")
    assert said.splitlines()[4].startswith("5. ")
    assert said.endswith("https://kayoi.example/owner/")
