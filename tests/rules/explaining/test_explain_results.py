"""What messages brought, as an owner reads it who has several."""

import re
from collections.abc import Iterator

from rules.base import Lang
from rules.explaining.explain_results import (
    answer_text,
    apart_from_plain,
    footer,
    journey_text,
    together_text,
)
from rules.journeys.counts import CountedJourney
from rules.journeys.results import club_results
from rules.wording.words import Words
from tests.rules.examples import programme
from tests.rules.journeys.test_results import KNOWN, counted, side

CLUB = programme(
    KNOWN.replace('[[journeys]]\nkind = "rhythm"\narms = [{ id = "a" }]\n', "")
    + '[[journeys]]\nkind = "rhythm"\narms = [{ id = "a" }, { id = "b" }]\n'
    + '[[journeys]]\nkind = "first_visit"\n'
)
RHYTHM = counted(
    CLUB, "rhythm", side("a", 904, 378), side("b", 904, 381), side(None, 777, 264)
)  # fmt: skip
LAPSED = counted(CLUB, "lapsed", side("a", 138, 33), side(None, 60, 13))
FIRST_VISIT = counted(CLUB, "first_visit", side("a", 21, 8), side(None, 12, 3))


def said(*journeys: CountedJourney, lang: Lang = "en") -> Iterator[str]:
    """All of it, line by line."""
    words, results = Words(CLUB, lang), club_results(CLUB, journeys)
    texts = [together_text(words, results)]
    texts += [journey_text(words, each, None) for each in results.journeys]
    for text in texts:
        assert text
        yield from (text.title, *text.sentences, *text.more)
    yield from footer(words, [])


def test_all_together_are_told_apart_from_the_one_that_is_most_of_them() -> None:
    told = list(said(RHYTHM, LAPSED, FIRST_VISIT))
    assert told[:3] == [
        "All messages together: works",
        "Taken one by one, it is clear for 1 of 3 whether they work.",
        "2,585 of the 2,816 occasions are “When the usual rhythm is broken”.",
    ]
    assert "in time (within 14 or 30 days, depending on the message)" in told[3]
    assert "お知らせの種類により、14日か30日以内に" in "".join(said(RHYTHM, LAPSED, lang="ja"))
    assert not any("occasions are" in line for line in said(LAPSED, LAPSED))


def test_of_one_message_one_figure_is_told() -> None:
    """What is known of one is told with what the others show; what isn't, is told of it alone."""
    keeps_away = counted(CLUB, "lapsed", side("a", 1_380, 330), side(None, 600, 200))
    [_, known, *_] = _of(said(RHYTHM, keeps_away), "When the usual rhythm")
    assert known.startswith("For every 100 messages, about 7 more people come within 14 days")
    [_, alone, *_] = _of(said(RHYTHM), "When the usual rhythm")
    assert alone.startswith("For every 100 messages, about 8 more people come within 14 days")
    [_, unknown, *rest] = _of(said(RHYTHM, LAPSED), "After a long time away")
    assert unknown.startswith("So far the difference is 2 more within 30 days")
    assert rest[0].endswith(
        "There is no proof that it keeps people away, but that can't be ruled out."
    )


def test_why_a_figure_is_not_the_plain_difference_is_told_beside_it_and_of_versions_too() -> None:
    keeps_away = counted(CLUB, "lapsed", side("a", 1_380, 330), side(None, 600, 200))
    drawn = next(
        each for each in club_results(CLUB, [RHYTHM, keeps_away]).journeys
        if each.journey.id == "rhythm"
    )  # fmt: skip
    text = journey_text(Words(CLUB, "ja"), drawn, None)
    assert text
    assert drawn.whole
    assert apart_from_plain(drawn.whole) == ("careful", 8)
    [why] = [line for line in text.sentences if "ひかえめに" in line]
    assert "差は100通で8人増ですが" in why
    [of_versions] = [each for each, line in enumerate(text.more) if "その文面だけの数です" in line]
    assert text.more[of_versions + 1].startswith("「a」")
    [alone] = club_results(CLUB, [RHYTHM]).journeys
    assert alone.whole
    assert apart_from_plain(alone.whole) is None
    assert not any("その文面だけの数です" in line for line in said(RHYTHM, lang="ja"))


def test_what_can_be_said_soon_is_not_taken_for_a_clear_answer() -> None:
    assert _of(said(RHYTHM, FIRST_VISIT), "After the first visit")[2:4] == [
        "Visits within 30 days: after 8 of 21 draws for sending, and after 3 of 12 for not "
        "sending. These are plain counts: by them alone nobody can say that the messages did it, "
        "nor that they didn't.",
        "In about 10 months a first rough figure can be shown. But with only some 33 occasions a "
        "year, a year is not enough to say for sure that it works or doesn't. Whether to keep it "
        "is your decision.",
    ]
    told = _of(said(RHYTHM, LAPSED, lang="ja"), "お久しぶりのご案内")
    assert any(line.startswith("送る機会が年に約198回だけなので、") for line in told)


def test_what_is_missing_is_told_by_what_there_must_be() -> None:
    few = counted(CLUB, "first_visit", side("a", 37, 35), side(None, 23, 20))
    [_, early, *_] = _of(said(few, lang="ja"), "はじめてのご来店のあと")
    assert "ご来店のあった回となかった回が5回ずつ要ります" in early
    missing = "送ってもご来店のなかった回（いま2回）・送らずにご来店のなかった回（いま3回）です。"
    assert missing in early


def test_figures_are_told_as_exactly_as_their_range_allows() -> None:
    wide = counted(CLUB, "lapsed", side("a", 620, 480), side(None, 230, 80))
    told = "".join(said(wide, lang="ja"))
    assert re.search(r"約\d+人多くなっています", told)
    assert not re.search(r"[1-9]\d*\.\d人", told)
    narrow = counted(CLUB, "lapsed", side("a", 40_000, 12_000), side(None, 40_000, 11_200))
    assert re.search(r"約2\.0人多くなっています", "".join(said(narrow, lang="ja")))


def test_versions_have_the_names_that_their_reader_knows_them_by() -> None:
    [result] = club_results(CLUB, [RHYTHM]).journeys
    words = Words(CLUB, "ja")
    text = journey_text(words, result, None, {"a": "a：そろそろ", "b": "b：お変わり"})
    assert text
    assert (
        "「a：そろそろ」と「b：お変わり」のどちらがよいかは、まだ分かりません。" in text.sentences
    )
    assert any(line.startswith("「b：お変わり」：") for line in text.more)
    # Its days have their year: one of last December is none to come.
    assert re.search(r"（\d{4}年\d+月\d+日から）", text.title)


def test_what_brought_people_is_answered_in_a_sentence() -> None:
    fails = counted(CLUB, "lapsed", side("a", 4_000, 1_000), side(None, 4_000, 1_200))

    def answered(*journeys: CountedJourney, lang: Lang = "ja") -> str:
        return answer_text(Words(CLUB, lang), club_results(CLUB, journeys).journeys)

    assert answered(RHYTHM, FIRST_VISIT) == (
        "ご来店をふやしたと分かっているのは、「いつものペースより間があいたとき」です。"
    )
    assert answered(RHYTHM, fails, lang="en") == (
        "These are known to bring people: “When the usual rhythm is broken”. "
        "These are known to bring nobody more: “After a long time away”."
    )
    assert answered(FIRST_VISIT) == (
        "どのお知らせも、ご来店をふやしたかどうかは、まだ分かりません。"
    )
    assert answered() == ""


def _of(lines: Iterator[str], title: str) -> list[str]:
    """From the line on that begins so."""
    found = list(lines)
    return found[next(n for n, line in enumerate(found) if line.startswith(title)) :]
