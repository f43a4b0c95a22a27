"""Who has nothing to lose passes any number of weeks and months in one step, to the same end."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.judging.decide import advance, next_boundary
from rules.judging.rest import is_at_rest
from rules.programme.ranks import RankChange
from rules.programme.timeline import Timeline, Version
from tests.rules.builders import DAY, JOINED, Life, at, club, ladder, streak, visits

_TOGETHER = [streak(), streak(id="other", goal=2)]


def _timeline(second: int, third: int) -> Timeline:
    """A club whose second version drops a streak, which the third has again."""
    moments = (JOINED - 100 * DAY, JOINED + second * DAY, JOINED + (second + third) * DAY)
    streaks = (_TOGETHER, _TOGETHER[:1], _TOGETHER)
    return Timeline(tuple(
        Version(number, at(day), club(ranks=ladder(1, 3), streaks=these))
        for number, (day, these) in enumerate(zip(moments, streaks, strict=True), 1)
    ))  # fmt: skip


@given(
    gaps=st.lists(st.integers(1, 90), max_size=6),
    away=st.integers(0, 500),
    versions=st.tuples(st.integers(1, 300), st.integers(1, 300)),
)
def test_one_step_ends_where_a_step_for_each_end_does(
    gaps: list[int], away: int, versions: tuple[int, int]
) -> None:
    member, day = Life(_timeline(*versions)), JOINED
    for gap in gaps:
        day += timedelta(days=gap)
        member.does(visits(day))
    until: date = day + timedelta(days=away)
    slow, told = member.facts, list[RankChange]()
    while (boundary := next_boundary(slow.settled)) <= until:
        slow, changes = advance(member.timeline, slow, boundary)
        told += changes
    slow, changes = advance(member.timeline, slow, until)

    assert advance(member.timeline, member.facts, until) == (slow, (*told, *changes))


def test_years_without_a_visit_are_a_few_steps() -> None:
    member = Life(club(ranks=ladder(1, revival=None), streaks=[streak()]))
    member.comes(JOINED, JOINED + DAY)
    facts = member.until(JOINED + 365 * DAY)
    assert is_at_rest(facts)
    looked: list[date] = []
    real = Timeline.before

    class Counting(Timeline):
        def before(self, day: date) -> Version:
            looked.append(day)
            return real(self, day)

    advance(Counting(member.timeline.versions), facts, JOINED + 3650 * DAY)
    assert len(looked) < 20
