"""A programme tried on what was: the same rules give the same, others what they would give."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import Activity
from rules.judging.dry_run import Brought, DryRun, Life
from rules.judging.replay import RecordedActivity, granted, replay
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    at,
    club,
    fixed,
    joins,
    ladder,
    reward,
    rule,
    takes,
    timeline,
    visits,
)

END = some.LAST + DAY * 40


def lived(line: Timeline, history: list[RecordedActivity]) -> Life:
    """What is stored of a member with that history."""
    stored = replay(line, history, JOINED)
    return Life(history, stored.facts, granted(stored))


@given(some.timelines(), some.histories(), st.integers(0, 400))
@settings(max_examples=examples(25))
def test_the_programme_that_held_gives_what_it_gave(
    line: Timeline, history: list[RecordedActivity], days: int
) -> None:
    since = line.latest.since + timedelta(days=days)
    was, would = DryRun(line, line.latest.programme, since, END).of(lived(line, history))
    assert was == would


def recorded(*activities: Activity) -> list[RecordedActivity]:
    return [RecordedActivity(seq, each) for seq, each in enumerate(activities, start=1)]


def test_from_its_day_on_other_points_are_given_and_another_rank_is_held() -> None:
    ten = club(earning=[rule("visit", fixed(10))], ranks=ladder(2, 9))
    more = club(earning=[rule("visit", fixed(15))], ranks=ladder(2, 4))
    life = recorded(joins(), *(visits(JOINED + DAY * day) for day in (1, 8, 9, 10)))
    trial = DryRun(timeline(ten), more, at(JOINED + DAY * 5), JOINED + DAY * 12)
    was, would = trial.of(lived(timeline(ten), life))
    assert (was.points, would.points) == (30, 45), "the first visit was before it"
    assert (was.rank, would.rank) == ("r1", "r2")


def test_what_was_exchanged_stays_exchanged_though_the_points_would_not_have_been_there() -> None:
    cookie = reward(id="cookie", cost=20, value_yen=100)
    ten = club(earning=[rule("visit", fixed(10))], rewards=[cookie])
    none = club(earning=[rule("visit", fixed(1))], rewards=[cookie])
    life = recorded(
        joins(),
        visits(JOINED + DAY),
        visits(JOINED + DAY * 2),
        takes("cookie", 20, JOINED + DAY * 2),
        visits(JOINED + DAY * 3),
    )
    was, would = DryRun(timeline(ten), none, at(JOINED), JOINED + DAY * 5).of(
        lived(timeline(ten), life)
    )
    assert was == Brought(30, 0, 150)
    assert would == Brought(3, 0, 15)
