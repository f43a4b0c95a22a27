"""What a test can find at a club's size."""

from rules.journeys.journey import Journey
from rules.journeys.kinds import KINDS
from rules.journeys.kinds.lapsed import Lapsed
from rules.journeys.parts import Arm
from rules.journeys.samples import ClubSize, before_it_starts, of_versions, outlook
from rules.science.samples import Trial, smallest_lift


def lapsed(**keys: object) -> Journey:
    return Lapsed.model_validate({"kind": "lapsed", **keys})


def test_it_is_what_is_found_of_so_many_episodes() -> None:
    # Four in a hundred members are reached a month; eight of a hundred come anyway.
    found = before_it_starts([(lapsed(), 0.3)], ClubSize(2_000))
    lift = smallest_lift(Trial(960, 0.7, 0.3, 0.08, 0.05, measure_days=30))
    assert found is not None
    assert lift is not None
    assert (found.episodes, found.lift) == (960, 100 * lift)


def test_a_larger_club_sees_less_and_a_small_one_nothing() -> None:
    sizes = (200, 2_000, 200_000)
    found = [before_it_starts([(lapsed(), 0.3)], ClubSize(members)) for members in sizes]
    lifts = [each.lift if each else 0 for each in found]
    assert lifts[0] is None
    assert (lifts[1] or 0) > (lifts[2] or 0) > 0


def test_together_messages_show_what_none_does_alone() -> None:
    both = [(lapsed(), 0.3), (lapsed(id="again"), 0.3)]
    assert all(before_it_starts([each], ClubSize(1_000)) for each in both)
    alone, together = (before_it_starts(some, ClubSize(1_200)) for some in (both[:1], both))
    assert alone is not None
    assert together is not None
    assert together.episodes == 2 * alone.episodes
    assert (together.lift or 100) < (alone.lift or 100)


def test_what_is_more_than_twice_the_hope_is_nothing() -> None:
    trial = Trial(600, 0.7, 0.3, base=0.3, planned_lift=0.05)
    assert (smallest_lift(trial) or 0) > 0.1
    assert outlook(trial).lift is None


def test_of_versions_the_smallest_two_tell() -> None:
    arms = [Arm(id=arm).model_dump() for arm in "ab"]
    two = of_versions(lapsed(arms=arms), ClubSize(20_000), share=0.3)
    third = Arm(id="c", weight=8).model_dump()
    three = of_versions(lapsed(arms=[*arms, third]), ClubSize(20_000), share=0.3)
    assert two is not None
    assert three is not None
    assert (two.lift or 0) < (three.lift or 100)
    assert of_versions(lapsed(arms=arms[:1]), ClubSize(20_000), share=0.3) is None


def test_nothing_is_to_be_seen_where_nothing_is_tested() -> None:
    assert before_it_starts([(lapsed(), 0)], ClubSize(2_000)) is None
    assert before_it_starts([(lapsed(), 0.3)], ClubSize(0)) is None


def test_there_is_a_guess_for_every_kind_that_can_be_tested() -> None:
    assert [kind for kind in KINDS if (kind.guess is None) != kind.is_promised] == []


def test_the_clubs_own_episodes_count_before_our_guess() -> None:
    known = before_it_starts([(lapsed(), 0.3)], ClubSize(2_000, {"lapsed": 4_000, "other": 7}))
    assert known is not None
    assert known.episodes == 4_000
