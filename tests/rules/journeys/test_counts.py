"""Since when a test counts, and which of its sides were drawn alike."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.journeys.counts import CountedJourney, SideCounts, VersionSpan, version_span
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.programme import whole
from rules.programme.timeline import Timeline, Version
from rules.science.difference import SideSums
from tests.rules.examples import LEAST, programme

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST = '[[journeys]]\nkind = "lapsed"\n'
OFF = FIRST + "off = true\n"
SECOND = FIRST + "version = 2\n"
HELD = SECOND + "holdout = 0.2\n"
OTHER = SECOND + 'arms = [{ id = "a", weight = 3 }, { id = "b" }]\n'


def _timeline(*words: str) -> Timeline:
    days = [NOW - timedelta(days=30 * (len(words) - n)) for n in range(len(words))]
    said = [programme(LEAST + "\n" + text) for text in words]
    published = enumerate(zip(days, said, strict=True), 1)
    return Timeline(tuple(Version(number, on, each) for number, (on, each) in published))


@pytest.mark.parametrize(
    ("words", "days", "steady"),
    [
        ([FIRST], None, True),
        ([FIRST, FIRST], None, True),
        ([FIRST, SECOND], 30, True),
        ([FIRST, SECOND, SECOND], 60, True),
        ([FIRST, SECOND, OFF, SECOND], 90, True),
        ([SECOND, FIRST, SECOND], 30, True),
        # Another share held back is compared within itself; other weights are not.
        ([FIRST, SECOND, HELD], 60, True),
        ([FIRST, SECOND, OTHER], 60, False),
        ([OTHER, FIRST, SECOND], 30, True),
    ],
)
def test_only_what_the_present_version_drew_is_counted(
    words: list[str], days: int | None, steady: bool
) -> None:
    timeline = _timeline(*words)
    journey = next(j for j in whole(timeline.latest.programme).journeys if j.id == "lapsed")
    since = NOW - timedelta(days=days) if days else None
    assert version_span(timeline, journey, now=NOW) == VersionSpan(since, steady)


def test_sides_are_compared_within_what_was_drawn_alike() -> None:
    def side(arm: str | None, share: float | None, episodes: int) -> SideCounts:
        return SideCounts(arm, share, SideSums(episodes))

    sides = (
        side(None, 0.3, 3), side("a", 0.3, 5), side("b", 0.3, 6), side("b", 0.1, 40),
        side(None, 0.1, 4), side("a", None, 7),
    )  # fmt: skip
    counted = CountedJourney(Lapsed(), 0.1, sides, NOW, 100)
    found = [
        (pair.mine.sums.episodes, pair.other.sums.episodes) for pair in counted.against_silence()
    ]
    assert found == [(11, 3), (40, 4)]
    pairs = counted.against("a", None)
    assert [(pair.mine.sums.episodes, pair.other.sums.episodes) for pair in pairs] == [(5, 3)]
    assert len(counted.against("a", "b")) == 1
    assert counted.a_year() == pytest.approx(65 * 3.6525)
    assert counted.arms == ["a", "b"]
