"""What may be decided of a test, by whom, and what is sent after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from rules.journeys.counts import CountedJourney, SideCounts
from rules.journeys.deciding import (
    Decider,
    JourneyDecision,
    NoDecision,
    arm_for_all,
    decide,
    in_force,
    promote,
    roll_out,
    undo,
)
from rules.journeys.kinds.rhythm import Rhythm
from rules.journeys.results import JourneyResult, club_results
from rules.science.difference import SideSums
from tests.rules.examples import LEAST, programme

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TWO = [{"id": "a"}, {"id": "b"}]


def side(arm: str | None, episodes: int, came: int, share: float = 0.3) -> SideCounts:
    sums = SideSums(episodes, came=came)
    return SideCounts(arm, share, sums, sent=episodes if arm else 0)


def seen(
    *sides: SideCounts,
    arms: Sequence[dict[str, str]] = TWO,
    share: float = 0.3,
    wants: Literal["none", "winner"] = "none",
) -> JourneyResult:
    journey = Rhythm.model_validate({"kind": "rhythm", "arms": arms, "promote": wants})
    counted = CountedJourney(journey, share, sides, NOW if sides else None, 365)
    [found] = club_results(programme(LEAST), [counted]).journeys
    return found


#: "b" brings fifteen of a hundred, "a" five; those held back 900 of 3,000.
WON = side(None, 3_000, 900), side("a", 3_500, 1_225), side("b", 3_500, 1_575)
OPEN = side(None, 300, 90), side("a", 350, 112), side("b", 350, 108)


def owner(last: JourneyDecision | None = None) -> Decider:
    return Decider("owner", NOW, last)


def decided(found: JourneyDecision | NoDecision | None) -> JourneyDecision:
    assert isinstance(found, JourneyDecision), found
    return found


def refused(found: JourneyDecision | NoDecision | None) -> str:
    assert isinstance(found, NoDecision), found
    return found.code


def test_a_decision_keeps_what_was_known_then() -> None:
    found = decided(decide(seen(*WON), owner()))
    assert (found.journey, found.version, found.number, found.step) == ("rhythm", 1, 1, "decided")
    assert (found.by, found.at, found.arm, found.word) == ("owner", NOW, "b", "works")
    assert found.about == pytest.approx(15)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 15 < found.high
    assert found.episodes == 6_500


def test_what_cannot_be_told_may_be_ended_all_the_same() -> None:
    found = decided(decide(seen(*OPEN), owner()))
    assert (found.arm, found.word, found.episodes) == (None, "unknown", 1_000)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (seen(), "early_unknown"),
        (seen(side(None, 4, 2), side("a", 9, 4)), "early"),
        (seen(arms=TWO[:1], share=0), "alone"),
        (seen(side("a", 900, 400, 0), arms=TWO[:1], share=0), "alone"),
    ],
)
def test_too_early_there_is_nothing_to_decide(result: JourneyResult, code: str) -> None:
    assert refused(decide(result, owner())) == code
    assert refused(undo(result.journey, owner())) == "nothing"


def test_what_does_not_work_is_not_sent_to_more() -> None:
    worse = seen(side(None, 3_000, 1_500), side("a", 7_000, 2_800), arms=TWO[:1])
    assert refused(decide(worse, owner())) == "fails"
    assert refused(roll_out(worse, owner())) == "no_winner"
    # But the owner may know better, and says which.
    assert decided(roll_out(worse, owner(), "a")).word == "fails"


def test_nothing_is_decided_twice_but_after_it_was_taken_back() -> None:
    first = decided(decide(seen(*WON), owner()))
    assert refused(decide(seen(*WON), owner(first))) == "already"
    back = decided(undo(seen(*WON).journey, owner(first)))
    assert (back.number, back.step, in_force(back)) == (2, "undone", None)
    assert refused(undo(seen(*WON).journey, owner(back))) == "nothing"
    assert decided(decide(seen(*WON), owner(back))).number == 3


def test_the_winner_is_rolled_out_and_any_other_by_name_alone() -> None:
    found = decided(roll_out(seen(*WON), owner()))
    assert (found.step, found.arm, found.word) == ("rolled_out", "b", "works")
    assert refused(roll_out(seen(*WON), owner(found))) == "rolled_out"
    other = decided(roll_out(seen(*WON), owner(found), "a"))
    assert (other.number, other.arm) == (2, "a")
    assert other.about == pytest.approx(5)
    assert refused(roll_out(seen(*WON), owner(), "c")) == "no_arm"
    assert refused(roll_out(seen(*OPEN), owner())) == "no_winner"
    assert decided(roll_out(seen(*OPEN), owner(), "a")).word == "unknown"
    assert decided(roll_out(seen(), owner(), "a")).word is None


def test_what_was_decided_is_rolled_out_later_though_the_figures_moved() -> None:
    before = decided(decide(seen(*WON), owner()))
    assert decided(roll_out(seen(*OPEN), owner(before))).arm == "b"
    # Unless the programme has dropped it meanwhile.
    gone = seen(*OPEN, arms=[{"id": "a"}, {"id": "c"}])
    assert refused(roll_out(gone, owner(before))) == "no_winner"


def test_without_anybody_held_back_the_first_version_may_win() -> None:
    sides = side("a", 3_500, 1_575, 0), side("b", 3_500, 1_225, 0)
    found = decided(roll_out(seen(*sides, share=0), owner()))
    assert (found.arm, found.word) == ("a", "works")
    assert found.about == pytest.approx(10)
    assert found.low is not None
    assert found.low > 0


def test_the_night_rolls_out_only_what_the_programme_wants_and_nobody_decided() -> None:
    night = Decider("night", NOW, None)
    won = seen(*WON, wants="winner")
    found = decided(promote(won, night))
    assert (found.arm, found.by) == ("b", "night")
    assert promote(seen(*WON), night) is None
    assert promote(seen(*OPEN, wants="winner"), night) is None
    # Whoever took it back is not overruled the next night.
    back = decided(undo(won.journey, owner(found)))
    assert promote(won, replace(night, last=back, at=NOW + timedelta(days=1))) is None
    assert promote(won, replace(night, last=decided(decide(won, owner())))) is None


def test_everybody_is_sent_what_was_rolled_out_as_long_as_it_is_there() -> None:
    won = seen(*WON)
    found = decided(roll_out(won, owner()))
    assert arm_for_all(won.journey, found) == "b"
    assert arm_for_all(won.journey, None) is None
    assert arm_for_all(won.journey, decided(decide(won, owner()))) is None
    assert arm_for_all(seen(arms=[{"id": "a"}, {"id": "c"}]).journey, found) is None
