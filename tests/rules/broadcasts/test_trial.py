"""Who goes first is drawn by lot, fairly and always alike; and what a trial has shown."""

from collections import Counter
from typing import Any

import pytest

from rules.broadcasts.broadcast import Broadcast
from rules.broadcasts.trial import draw, result
from rules.journeys.counts import SideCounts
from rules.science.difference import SideSums

TRIED = Broadcast.model_validate(
    {
        "name": "豆",
        "title": {"ja": "一つめ"},
        "trial": {"arms": ({"title": {"ja": "二つめ"}}, {"offer": {"points": 50}})},
    }
)
PEOPLE = range(1, 20_001)
FIRST_OF_FORTY = [9, 34, 39]


def test_each_falls_on_the_same_side_on_every_machine() -> None:
    drawn = [draw(TRIED, 7, member) for member in PEOPLE[:500]]
    assert drawn == [draw(TRIED, 7, member) for member in PEOPLE[:500]]
    assert drawn != [draw(TRIED, 8, member) for member in PEOPLE[:500]], "another broadcast's lot"
    # As it was drawn when this was written: nobody may be drawn anew by a change of ours.
    assert [n for n in PEOPLE[:40] if draw(TRIED, 7, n).is_first] == FIRST_OF_FORTY


def test_a_tenth_goes_first_in_versions_of_one_size() -> None:
    first = [each for each in (draw(TRIED, 7, member) for member in PEOPLE) if each.is_first]
    assert len(first) / len(PEOPLE) == pytest.approx(0.1, abs=0.01)
    assert sum(each.is_held_back for each in first) / len(first) == pytest.approx(0.3, abs=0.04)
    for share in Counter(each.arm for each in first).values():
        assert share / len(first) == pytest.approx(1 / 3, abs=0.04)


def test_a_version_says_otherwise_only_what_it_names() -> None:
    assert TRIED.arms == ("a", "b", "c")
    assert [TRIED.as_read(arm).title.ja for arm in TRIED.arms] == ["一つめ", "二つめ", "一つめ"]
    assert [bool(TRIED.as_read(arm).offer) for arm in TRIED.arms] == [False, False, True]


def side(arm: str | None, episodes: int, came: int, **more: Any) -> SideCounts:
    return SideCounts(arm, more.pop("share", 0.3), SideSums(episodes, came=came), **more)


def test_what_surely_brings_more_than_each_other_and_than_nothing_has_won() -> None:
    counted = [side("a", 400, 60), side("b", 400, 200), side(None, 400, 50)]
    found = result(counted, ("a", "b"))
    assert found.winner == "b"
    [against_a] = [e for e in found.comparisons if (e.arm, e.against) == ("b", "a")]
    assert against_a.word == "more"
    assert against_a.about == pytest.approx(35)
    assert against_a.low < 35 < against_a.high


@pytest.mark.parametrize(
    "counted",
    [
        [side("a", 400, 100), side("b", 400, 110), side(None, 400, 90)],
        [side("a", 9, 2), side("b", 9, 8), side(None, 9, 1)],
        [side("a", 400, 60), side("b", 400, 200), side(None, 400, 210)],
        # What went to the others afterwards was not drawn.
        [side("a", 400, 60, share=None), side("b", 400, 200, share=None)],
        [],
    ],
    ids=["too close", "too few", "nothing is as good", "not drawn", "none"],
)
def test_otherwise_nothing_has(counted: list[SideCounts]) -> None:
    assert result(counted, ("a", "b")).winner is None
