"""How somebody's visits go on, as the shop's own people read it."""

from datetime import date, timedelta

import pytest

from rules.base import Lang
from rules.explaining.explain_returning import returning_sentences
from rules.facts import Facts, changed
from rules.science.learned import LEVEL_FROM, ReturnModels
from rules.wording.words import Words
from tests.rules.builders import JOINED, club
from tests.rules.science.foretelling import falling, rising_until
from tests.rules.science.test_pattern import NEW, came

CLUB = club()
MODELS = falling(0.91, 0.52, after=19)
#: Five and nine days lie between their visits by turns.
REGULAR = changed(came(0, 5, 14, 19, 28, 33, 42, 47, 56), visits=9)


def said(facts: Facts, away: int, lang: Lang = "ja", models: ReturnModels = MODELS) -> str:
    day = _last(facts) + timedelta(days=away)
    return returning_sentences(Words(CLUB, lang), models, facts, day)


def _last(facts: Facts) -> date:
    return facts.last_visit_on or facts.joined_on


def _every(days: int) -> Facts:
    return changed(came(*range(0, 9 * days, days)), visits=9)


def test_who_drifts_is_told_with_what_it_was_right_after_the_last_visit() -> None:
    assert said(REGULAR, 19) == (
        "ふだんは5〜9日に1回ほどお越しの方が、前回から19日いらしていません。"
        "来るペースとあいた日数が近い方100人なら、今日から30日以内にお越しになるのは52人ほどです"
        "（前回お越しになったその日には、その後30日以内に100人中91人ほどの見込みでした）。"
    )
    assert said(REGULAR, 19, "en") == (
        "Usually comes every 5–9 days, but the last visit was 19 days ago. "
        "Of 100 customers with a similar habit and a similar gap, about 52 can be expected "
        "within 30 days from today "
        "(on the day of that last visit, about 91 of 100 were expected within 30 days)."
    )


def test_who_does_not_drift_is_told_calmly() -> None:
    steady = falling(0.91, 0.9, after=6)
    assert said(REGULAR, 6, models=steady) == (
        "ふだんは5〜9日に1回ほどお越しの方で、前回から今日で6日です。"
        "来るペースとあいた日数が近い方100人なら、今日から30日以内にお越しになるのは90人ほどです"
        "（前回お越しになったその日には、その後30日以内に100人中91人ほどの見込みでした）。"
    )
    assert said(REGULAR, 1, "en", falling(0.9, 0.91, after=1)) == (
        "Usually comes every 5–9 days; the last visit was yesterday. "
        "Of 100 customers with a similar habit and a similar gap, about 91 can be expected "
        "within 30 days from today."
    )


def test_who_was_likeliest_to_come_some_days_after_the_visit_is_told_from_there() -> None:
    """As drifting is: right after a visit they were no likelier than they are now."""
    models = rising_until(14, start=0.5, best=0.91)
    assert said(REGULAR, 45, models=models).endswith(
        "今日から30日以内にお越しになるのは56人ほどです"
        "（前回から14日目には、その後30日以内に100人中91人ほどの見込みでした）。"
    )
    assert said(REGULAR, 45, "en", models).endswith(
        "(on day 14 after that visit, about 91 of 100 were expected within 30 days)."
    )
    assert "（" not in said(REGULAR, 7, models=models)
    last = _last(REGULAR)
    rested = REGULAR.with_membership("paused", last + timedelta(days=2))
    resumed = rested.with_membership("active", last + timedelta(days=50))
    assert "日目" not in said(resumed, 50 + 45, models=models)


@pytest.mark.parametrize(
    ("days", "ja", "en"),
    [
        (1, "ふだんはほぼ毎日お越しの方が", "Usually comes nearly every day, but the"),
        (2, "ふだんは2日に1回ほどお越しの方が", "Usually comes every 2 days, but the"),
        (7, "ふだんは7日に1回ほどお越しの方が", "Usually comes every 7 days, but the"),
    ],
)
def test_of_one_usual_gap_one_number_is_said(days: int, ja: str, en: str) -> None:
    assert said(_every(days), 40).startswith(ja)
    assert said(_every(days), 40, "en").startswith(en)


def test_who_came_too_rarely_to_have_a_rhythm_is_told_by_their_visits() -> None:
    thrice = changed(came(0, 20, 45), visits=3)
    assert said(thrice, 19).startswith(
        "これまでに3回お越しの方が、前回から19日いらしていません。お越しの回数とあいた日数が近い方100人なら、"
    )
    assert said(thrice, 19, "en").startswith(
        "Has come 3 times, but the last visit was 19 days ago. "
        "Of 100 customers who came about as often and have been away about as long, about 52"
    )
    once = changed(came(0), visits=1)
    assert said(once, 25).startswith(
        "これまでのご来店は1回だけで、それから今日で25日です。お越しの回数とあいた日数が近い方"
    )
    assert said(once, 25).endswith(
        "（ご来店の日には、その後30日以内に100人中91人ほどの見込みでした）。"
    )
    assert said(once, 2, "en").startswith("Has come only once, 2 days ago. Of 100 customers who")
    assert "(on the day of that visit, about 91 of 100 were" in said(once, 25, "en")


def test_the_days_are_those_that_fit_the_members_own_gaps() -> None:
    assert "14日以内に" in said(_every(3), 19)
    assert "60日以内に" in said(_every(40), 19)


@pytest.mark.parametrize(
    ("chance", "ja", "en"),
    [
        (0.001, "その日には、その後30日以内に100人中99人以上の見込み", "not even one"),
        (0.01, "お越しになるのは1人ほどです（", "a similar gap, about one can be"),
        (0.014, "お越しになるのは1人ほどです（", "a similar gap, about one can be"),
        (0.996, "お越しになるのは99人以上です。", "99 or more can be expected within 30 d"),
    ],
)  # fmt: skip
def test_of_100_it_is_never_said_that_all_come_or_nobody(chance: float, ja: str, en: str) -> None:
    models = falling(0.9999, chance, after=90)
    assert ja in said(REGULAR, 90, models=models)
    assert en in said(REGULAR, 90, "en", models)
    for told in ("100人中100人", "のは100人", "のは0人"):
        assert told not in said(REGULAR, 90, models=models)


def test_a_club_that_does_not_know_its_level_is_told_words_and_no_number() -> None:
    young = falling(0.91, 0.52, after=19, members=LEVEL_FROM - 1)
    assert said(REGULAR, 19, models=young) == (
        "ふだんは5〜9日に1回ほどお越しの方が、前回から19日いらしていません。"
        "今日から30日以内にお越しになる見込みは中くらいです（前回お越しになったその日には、高い見込みでした）。"
        "会員の皆さまの記録からは、まだ「100人中何人」とまでは言えません。"
    )
    assert said(REGULAR, 30, "en", young) == (
        "Usually comes every 5–9 days, but the last visit was 30 days ago. "
        "The chance of a visit within 30 days from today is low "
        "(on the day of that last visit it was high). "
        "The records of all members can't put a number on it yet."
    )
    # Of two that have the same name nothing is compared.
    assert said(REGULAR, 1, models=young).endswith(
        "見込みは高いです。会員の皆さまの記録からは、まだ「100人中何人」とまでは言えません。"
    )


def test_who_rested_is_told_from_resuming_on() -> None:
    last = _last(REGULAR)
    rested = REGULAR.with_membership("paused", last + timedelta(days=2))
    resumed = rested.with_membership("active", last + timedelta(days=50))
    assert said(resumed, 69).startswith("ふだんは5〜9日に1回ほどお越しの方が、再開から19日")
    assert said(resumed, 52, "en").startswith(
        "Usually comes every 5–9 days. The membership was resumed 2 days ago."
    )
    assert said(resumed, 69, "en").startswith(
        "Usually comes every 5–9 days, but not since the membership was resumed 19 days ago."
    )


def test_who_is_not_expected_is_told_as_what_they_are() -> None:
    last = _last(REGULAR)
    paused = REGULAR.with_membership("paused", last + timedelta(days=2))
    assert said(paused, 30) == "3月4日から休会中です。"
    assert said(paused, 30, "en") == "Paused since Mar 4."
    assert said(REGULAR.with_membership("left", last), 30) == "3月2日に退会されました。"
    assert said(NEW, 12) == "ご入会から12日、まだお越しになっていません。"
    assert said(NEW, 1, "en") == "Joined yesterday, and hasn't come yet."
    assert said(NEW, 0) == ""


def test_on_the_day_of_a_visit_only_a_long_absence_is_worth_a_word() -> None:
    day = JOINED + timedelta(days=56 + 19)
    back = changed(REGULAR.came_on(day), last_visit_on=day)
    assert said(back, 0) == "19日ぶりのご来店です"
    assert said(back, 0, "en") == "Back after 19 days"
    assert said(REGULAR, 0, models=falling(0.91, 0.9, after=19)) == ""
