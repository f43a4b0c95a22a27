"""What a journey brought, and what of it may be believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.base import Lang
from rules.explaining.explain_journeys import effect_sentences
from rules.journeys.journey import Journey
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.programme import whole
from rules.journeys.results import (
    EARLY,
    ArmResult,
    Effect,
    VersionSpan,
    difference,
    effects,
    sides_of,
    stretch,
    wilson,
)
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline, Version
from rules.wording.words import Words
from tests.rules.examples import LEAST, programme

NOW = datetime(2026, 6, 1, tzinfo=UTC)
shares = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def lapsed(**keys: object) -> Journey:
    return Lapsed.model_validate({"kind": "lapsed", "id": "lapsed", **keys})


def one_arm(**keys: object) -> Journey:
    return lapsed(arms=[{"id": "a"}], **keys)


def effect(side: ArmResult, against: ArmResult, *, days: float = 365) -> Effect:
    [found] = effects(one_arm(), [against, side], days=days)
    return found


@pytest.mark.parametrize(
    ("mine", "theirs", "low", "high"),
    # Newcombe 1998 (see `difference`), table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_is_the_published_one(
    mine: tuple[int, int], theirs: tuple[int, int], low: float, high: float
) -> None:
    found = difference(mine, theirs)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(shares, shares)
def test_the_interval_holds_the_difference_and_stays_within_what_is_possible(
    mine: tuple[int, int], theirs: tuple[int, int]
) -> None:
    found = difference(mine, theirs)
    apart = mine[0] / mine[1] - theirs[0] / theirs[1]
    assert -1 - 1e-9 <= found.low <= apart <= found.high <= 1 + 1e-9
    wider = difference(mine, theirs, EARLY)
    assert wider.low <= found.low
    assert wider.high >= found.high


@given(shares, shares)
def test_seen_from_the_other_side_it_is_the_same_with_its_sign_turned(
    mine: tuple[int, int], theirs: tuple[int, int]
) -> None:
    found, turned = difference(mine, theirs), difference(theirs, mine)
    assert turned.low == pytest.approx(-found.high)
    assert turned.high == pytest.approx(-found.low)


@given(shares, shares, st.integers(2, 50))
def test_more_members_make_it_narrower(
    mine: tuple[int, int], theirs: tuple[int, int], times: int
) -> None:
    few = difference(mine, theirs)
    many = difference((mine[0] * times, mine[1] * times), (theirs[0] * times, theirs[1] * times))
    assert many.high - many.low < few.high - few.low


@given(shares)
def test_a_share_lies_within_its_own_interval(share: tuple[int, int]) -> None:
    found = wilson(*share)
    assert 0 <= found.low <= share[0] / share[1] + 1e-12
    assert share[0] / share[1] - 1e-12 <= found.high <= 1


def test_a_test_that_is_large_enough_says_what_it_shows() -> None:
    held = ArmResult(None, complete=1_000, came=100)
    assert effect(ArmResult("a", complete=9_000, came=1_300), held).verdict == "more"
    assert effect(ArmResult("a", complete=9_000, came=600), held).verdict == "fewer"
    level = effect(ArmResult("a", complete=9_000, came=905), held)
    assert (level.verdict, level.months) == ("level", None)


def test_a_difference_seen_early_must_be_larger_to_be_believed() -> None:
    held = ArmResult(None, complete=50, came=4)
    shown = effect(ArmResult("a", complete=450, came=100), held, days=90)
    assert shown.points == pytest.approx(100 / 450 - 0.08)
    assert shown.interval is not None
    assert shown.interval.low > 0
    assert shown.verdict == "early"
    assert effect(ArmResult("a", complete=450, came=200), held, days=90).verdict == "more"


def test_until_then_the_months_left_are_told_from_how_many_fall_due() -> None:
    held, written = ArmResult(None, complete=50, came=5), ArmResult("a", complete=450, came=50)
    slow, fast = effect(written, held, days=365), effect(written, held, days=90)
    assert slow.verdict == fast.verdict == "early"
    assert slow.months is not None
    assert fast.months is not None
    assert slow.months > fast.months > 0
    # Whose windows are open have been drawn already: only the windows have to end.
    full = effect(replace(written, still_open=9_000), replace(held, still_open=1_000), days=90)
    assert full.months == 1


def test_of_nobody_nothing_is_said() -> None:
    found = effect(ArmResult("a", still_open=3), ArmResult(None), days=2)
    assert (found.points, found.interval, found.verdict, found.months) == (None,) * 2 + (
        "early",
        None,
    )


@pytest.mark.parametrize("came", [0, 400])
def test_also_where_nobody_or_everybody_comes_anyway(came: int) -> None:
    found = effect(
        ArmResult("a", complete=400, came=came), ArmResult(None, complete=400, came=came)
    )
    assert found.verdict in ("early", "level")
    assert found.cost is None


def test_several_versions_must_each_show_more_than_one_alone() -> None:
    held, good = ArmResult(None, complete=3_000, came=300), ArmResult("a", complete=3_000, came=349)
    same = [ArmResult(arm, complete=3_000, came=300) for arm in ("b", "c", "d")]
    [alone] = effects(one_arm(), [held, good], days=365)
    of_four = effects(one_arm(), [held, good, *same], days=365)[0]
    assert alone.interval == of_four.interval
    assert (alone.verdict, of_four.verdict) == ("more", "level")


def test_what_makes_people_leave_is_said() -> None:
    held = ArmResult(None, complete=1_000, came=100, left=1)
    assert effect(ArmResult("a", complete=1_000, came=100, left=30), held).more_leave
    assert not effect(ArmResult("a", complete=1_000, came=100, left=2), held).more_leave


def test_a_visitor_more_costs_so_many_messages() -> None:
    held = ArmResult(None, complete=1_000, came=100)
    cost = effect(ArmResult("a", complete=1_000, came=200, sent=900), held).cost
    assert cost is not None
    assert cost.about == pytest.approx(9)
    assert cost.least < cost.about < cost.most
    # Only where it surely brings some.
    for came in (99, 101):
        assert effect(ArmResult("a", complete=1_000, came=came, sent=900), held).cost is None
    # Between two versions, both were sent.
    assert (
        effect(ArmResult("b", complete=1_000, came=200, sent=900), replace(held, arm="a")).cost
        is None
    )


def test_those_held_back_come_first_and_what_the_programme_dropped_last() -> None:
    counted = [ArmResult("old"), ArmResult("b"), ArmResult(None)]
    journey = lapsed(arms=[{"id": "a"}, {"id": "b"}], holdout=0)
    assert [side.arm for side in sides_of(journey, counted, share=0)] == [None, "a", "b", "old"]
    assert [side.arm for side in sides_of(journey, counted[:2], share=0)] == ["a", "b", "old"]
    # A share is to be held back, even if nobody has been yet.
    assert sides_of(lapsed(), [], share=0.3)[0].arm is None


def _programme(words: str) -> Programme:
    return programme(LEAST + "\n" + words)


def _timeline(*words: str) -> Timeline:
    days = [NOW - timedelta(days=30 * (len(words) - n)) for n in range(len(words))]
    published = enumerate(zip(days, words, strict=True), 1)
    return Timeline(
        tuple(Version(number, on, _programme(text)) for number, (on, text) in published)
    )


FIRST = '[[journeys]]\nkind = "lapsed"\n'
OFF = FIRST + "off = true\n"
SECOND = FIRST + "version = 2\n"
MORE = SECOND + "holdout = 0.2\n"


@pytest.mark.parametrize(
    ("words", "days", "steady"),
    [
        ([FIRST], None, True),
        ([FIRST, FIRST], None, True),
        ([FIRST, SECOND], 30, True),
        ([FIRST, SECOND, SECOND], 60, True),
        ([FIRST, SECOND, OFF, SECOND], 90, True),
        ([SECOND, FIRST, SECOND], 30, True),
        ([FIRST, SECOND, MORE], 60, False),
        ([MORE, FIRST, SECOND], 30, True),
    ],
)
def test_only_what_the_present_version_drew_is_counted(
    words: list[str], days: int | None, steady: bool
) -> None:
    timeline = _timeline(*words)
    journey = next(j for j in whole(timeline.latest.programme).journeys if j.id == "lapsed")
    since = NOW - timedelta(days=days) if days else None
    assert stretch(timeline, journey, now=NOW) == VersionSpan(since, steady)


def _said(found: Effect, lang: Lang) -> str:
    return " ".join(effect_sentences(Words(_programme(FIRST), lang), found))


def test_it_is_said_in_plain_sentences() -> None:
    held = ArmResult(None, complete=1_000, came=100, left=1)
    better = effect(ArmResult("a", complete=1_000, came=200, sent=900, left=40), held)
    said = _said(better, "en")
    assert said.startswith("“a” brings more visitors than no message. More members leave")
    assert "9.0 messages for each visitor more (from " in said
    assert "送らないより多くの方がお見えになります" in _said(better, "ja")
    between = effect(ArmResult("b", complete=1_000, came=20), replace(held, arm="a"))
    assert _said(between, "en") == "“b” brings fewer visitors than “a”."
    early = effect(
        ArmResult("a", complete=10, came=2), ArmResult(None, complete=10, came=1), days=10
    )
    assert "too early to tell, for about" in _said(early, "en")
    nobody = effect(ArmResult("a"), ArmResult(None))
    assert "not been due to anybody on both sides" in _said(nobody, "en")
    level = effect(ArmResult("a", complete=1_000, came=101), held)
    assert "it lies between -2." in _said(level, "en")
