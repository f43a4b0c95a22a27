"""A rank taken out of the programme: who held it is placed on the ladder that is, whoever looks."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import Activity
from rules.judging.decide import Decision, advance, apply
from rules.judging.replay import RecordedActivity, Replay, replay, replay_like
from rules.programme.ranks import RankChange
from rules.programme.timeline import Timeline, Version
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import DAY, JOINED, Part, at, club, joins, ladder, of_day, text, visits
from tests.rules.judging.test_replay import END

#: Noon of the day on which the second programme comes into force.
NEW = at(of_day("01-21"))
THREE = ladder(1, 2, 3)


def steps(*ranks: tuple[str, int], **more: object) -> Part:
    named = [{"id": name, "name": text(name), "at": least} for name, least in ranks]
    return {**ladder(1, **more), "steps": named}


def line(*ladders: Part) -> Timeline:
    return Timeline(tuple(
        Version(n, joins().at if n == 1 else NEW + DAY * (n - 2), club(ranks=each))
        for n, each in enumerate(ladders, 1)
    ))  # fmt: skip


def lives(timeline: Timeline, until: date, *activities: Activity, came: int = 2) -> Replay:
    told = [joins(), *(visits(JOINED + DAY * n) for n in range(came)), *activities]
    return replay(timeline, [RecordedActivity(n, each) for n, each in enumerate(told)], until)


@pytest.mark.parametrize(
    ("new", "rank"),
    [
        # Renamed, with the same height: nothing but the name changes.
        (steps(("r1", 1), ("plata", 2), ("r3", 3)), "plata"),
        # Gone: the next one below asks no more.
        (steps(("r1", 1), ("r3", 3)), "r1"),
        # What is left asks for more.
        (steps(("r3", 3)), None),
        # It moved, and stays.
        (steps(("r1", 1), ("r2", 9)), "r2"),
        # Another measure: the same place, as far as there is one.
        (steps(("p1", 50), ("p2", 100), ("p3", 200), measure="points"), "p2"),
        (steps(("p1", 50), measure="points"), "p1"),
    ],
)
def test_who_held_it_is_placed(new: Part, rank: str | None) -> None:
    judged = lives(line(THREE, new), of_day("01-22"))
    assert judged.facts.rank.id == rank
    placed = [change for change in judged.rank_changes if change.reason == "placed"]
    expected = RankChange("r2", rank, of_day("01-21"), "placed")
    assert placed == ([] if rank == "r2" else [expected])


def test_it_holds_from_the_new_programmes_day_whenever_somebody_looks() -> None:
    timeline = line(THREE, steps(("r1", 1), ("r3", 3)))
    assert lives(timeline, of_day("01-21")).facts.rank.id == "r2"
    seen = lives(timeline, of_day("01-22"))
    visited = lives(timeline, of_day("01-21"), visits(of_day("01-21"), 13))
    later = lives(timeline, of_day("01-27"))
    for judged in (seen, visited, later):
        assert RankChange("r2", "r1", of_day("01-21"), "placed") in judged.rank_changes
    # The visit is judged from the new place: the third one of the month reaches the next step.
    assert visited.facts.rank.id == "r3"


def test_nobody_without_a_rank_is_placed_and_none_is_lost_with_the_ladder() -> None:
    assert lives(line(THREE, steps(("p", 1))), of_day("01-22"), came=0).rank_changes == ()
    timeline = Timeline((
        Version(1, joins().at, club(ranks=THREE)),
        Version(2, NEW, club()),
        Version(3, NEW + DAY, club(ranks=THREE)),
    ))  # fmt: skip
    assert lives(timeline, of_day("01-23")).facts.rank.id == "r2"


def test_a_lost_rank_can_be_revived_under_its_new_name() -> None:
    """Two visits in January, none in February, one in March."""
    once = {"visits": 1, "days": 30}
    old = ladder(1, 2, grace_periods=0, revival=once)
    new = steps(("r1", 1), ("plata", 2), grace_periods=0, revival=once)
    timeline = Timeline((
        Version(1, joins().at, club(ranks=old)),
        Version(2, at(of_day("03-03")), club(ranks=new)),
    ))  # fmt: skip
    judged = lives(timeline, of_day("03-06"), visits(of_day("03-05")))
    assert [change.after for change in judged.rank_changes] == ["r1", "r2", "r1", "plata"]


@given(
    some.histories(most=12),
    st.lists(
        st.sampled_from((
            THREE, ladder(1, 3), ladder(2), steps(("a", 1), ("b", 2)),
            steps(("r1", 1), ("c", 3), measure="points"),
        )),
        min_size=2, max_size=4,
    ),
    st.lists(st.integers(0, 60), max_size=6),
)  # fmt: skip
@settings(max_examples=examples(40))
def test_looking_in_between_changes_nothing(
    history: list[RecordedActivity], ladders: list[Part], days: list[int]
) -> None:
    timeline = Timeline(tuple(
        Version(n, joins().at + timedelta(days=11 * n), club(ranks=each, purchase={}))
        for n, each in enumerate(ladders)
    ))  # fmt: skip
    judged = replay(timeline, history, END)
    facts = replay(timeline, history[:1], JOINED).facts
    changes: list[RankChange] = []
    nights = sorted(JOINED + DAY * n for n in days)
    for recorded in history[1:]:
        while nights and nights[0] <= recorded.activity.day:
            facts, ended = advance(timeline, facts, nights.pop(0))
            changes += ended
        outcome = apply(timeline, facts, recorded.activity)
        if isinstance(outcome, Decision):
            facts = outcome.facts
            changes += outcome.rank_changes
    for night in nights:
        facts, ended = advance(timeline, facts, night)
        changes += ended
    assert replay_like(timeline, history, facts).facts == facts
    facts, ended = advance(timeline, facts, END)
    assert facts == judged.facts
    assert (*changes, *ended) == judged.rank_changes
