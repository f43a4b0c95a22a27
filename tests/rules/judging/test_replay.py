"""What follows from a history follows from it alone, whenever and in whatever order it is told."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from rules.activity import Expiry, Registration
from rules.base import Refusal
from rules.facts import Facts
from rules.judging.decide import Decision, advance, apply
from rules.judging.replay import Correction, RecordedActivity, Replay, corrections, replay, start
from rules.judging.vouchers import VOUCHERS_MAX
from rules.programme.ranks import RankChange
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    club,
    does,
    fixed,
    joins,
    ladder,
    of_day,
    rule,
    timeline,
    visits,
)

FACTS = TypeAdapter(Facts)
END = some.LAST + DAY * 40
VISIT_10 = [rule("visit", fixed(10))]


def lived(line: Timeline, history: list[RecordedActivity]) -> list[RecordedActivity]:
    """The part of `history` that was taken when it happened."""
    return [r for r, outcome in outcomes(line, history) if isinstance(outcome, Decision)]


def outcomes(
    line: Timeline, history: list[RecordedActivity]
) -> list[tuple[RecordedActivity, Decision | Refusal]]:
    facts = start(history[0].activity)
    told = []
    for recorded in history:
        outcome = apply(line, facts, recorded.activity)
        facts = outcome.facts if isinstance(outcome, Decision) else facts
        told.append((recorded, outcome))
    return told


@given(some.timelines(), some.histories(), st.data())
@settings(max_examples=examples(25))
def test_nights_and_json_between_activities_change_nothing(
    line: Timeline, history: list[RecordedActivity], data: st.DataObject
) -> None:
    facts = start(history[0].activity)
    changes: list[RankChange] = []
    for recorded, upcoming in zip(history, [*history[1:], None], strict=True):
        outcome = apply(line, facts, recorded.activity)
        if isinstance(outcome, Decision):
            facts = outcome.facts
            changes += outcome.rank_changes
        last = upcoming.activity.day if upcoming else END
        for night in sorted(data.draw(st.lists(st.dates(recorded.activity.day, last), max_size=3))):
            facts, ended = advance(line, facts, night)
            changes += ended
        restored = FACTS.validate_json(FACTS.dump_json(facts))
        assert restored == facts
        facts = restored
    facts, ended = advance(line, facts, END)
    judged = replay(line, history, END)
    assert facts == judged.facts
    assert (*changes, *ended) == judged.rank_changes


@given(some.timelines(), some.histories(), st.randoms(use_true_random=False))
@settings(max_examples=examples(20))
def test_the_order_of_recording_does_not_matter(
    line: Timeline, history: list[RecordedActivity], random: Random
) -> None:
    told = [recorded.activity for recorded in history]
    random.shuffle(told)
    again = [RecordedActivity(seq, activity) for seq, activity in enumerate(told, 1)]
    assert replay(line, again, END).facts == replay(line, history, END).facts


@given(some.timelines(), some.histories())
@settings(max_examples=examples(20))
def test_what_was_refused_leaves_nothing(line: Timeline, history: list[RecordedActivity]) -> None:
    taken = replay(line, lived(line, history), END)
    assert taken.refused == ()
    assert taken.facts == replay(line, history, END).facts


@given(some.timelines(), some.histories(), st.data())
@settings(max_examples=examples(20))
def test_an_undone_activity_leaves_what_history_without_it_gives(
    line: Timeline, history: list[RecordedActivity], data: st.DataObject
) -> None:
    before = replay(line, lived(line, history), END)
    undone = data.draw(st.integers(2, len(history) + 1))
    rest = [r for r in lived(line, history) if r.seq != undone]
    after = replay(line, rest, END)
    stored = by_rule(before)
    for fix in corrections(stored, after):
        stored[fix.seq, fix.rule] += fix.points
    assert +stored == +by_rule(after)
    # Taken again at its own time, all is as it was.
    assert replay(line, lived(line, history), END).facts == before.facts


def by_rule(judged: Replay) -> Counter[tuple[int, str]]:
    sums: Counter[tuple[int, str]] = Counter()
    for step in judged.steps:
        if isinstance(step.outcome, Decision):
            for grant in step.outcome.grants:
                sums[step.seq, grant.rule] += grant.points
    return sums


@given(some.timelines(), some.histories())
@settings(max_examples=examples(20))
def test_the_balance_is_the_sum_of_entries_and_never_below_zero(
    line: Timeline, history: list[RecordedActivity]
) -> None:
    balance = 0
    for _, outcome in outcomes(line, history):
        if isinstance(outcome, Refusal):
            continue
        taken = outcome.spent.points if outcome.spent else 0
        assert taken >= 0
        assert all(grant.points > 0 for grant in outcome.grants)
        balance += outcome.points - taken
        assert outcome.facts.balance == balance >= 0


@given(some.timelines(), some.histories())
@settings(max_examples=examples(20))
def test_facts_stay_bounded(line: Timeline, history: list[RecordedActivity]) -> None:
    facts = replay(line, history, END).facts
    parts = [version.programme for version in line.versions]
    things = sum(len(p.earning) + len(p.campaigns) + len(p.badges) + len(p.rewards) for p in parts)
    assert len(facts.tallies) <= things
    # Noted beside triggers, a year and rules: vouchers of each reward, and of each rank's.
    assert len(facts.counts) <= len(some.TRIGGERS) + 2 + things + len(some.RANKS)
    assert len(facts.vouchers) <= VOUCHERS_MAX
    assert len(facts.offers) <= 2
    assert len(facts.stores) <= len(some.STORES)
    last = history[-1].activity.day
    assert all(last - day.on <= DAY * 366 for day in facts.days)


def test_a_year_of_daily_visits_is_remembered_for_two_months_only() -> None:
    history = [joins(), *(visits(JOINED + DAY * n) for n in range(365))]
    recorded = [RecordedActivity(n, activity) for n, activity in enumerate(history)]
    facts = replay(timeline(club()), recorded, JOINED + DAY * 365).facts
    assert facts.visits == 365
    assert len(facts.days) <= 64
    assert len(FACTS.dump_json(facts)) < 6_000


def test_a_late_visit_saves_the_rank_that_its_absence_cost() -> None:
    line = timeline(club(ranks=ladder(1, grace_periods=0)))
    history = [joins(), visits(of_day("01-10"))]
    recorded = [RecordedActivity(n, activity) for n, activity in enumerate(history)]
    without = replay(line, recorded, of_day("03-01"))
    assert [change.after for change in without.rank_changes] == ["r1", None]
    late = RecordedActivity(9, visits(of_day("02-27")))
    assert without.facts.is_late(late.activity.at, late.activity.day)
    assert replay(line, [*recorded, late], of_day("03-01")).facts.rank.id == "r1"


def test_what_is_after_all_that_was_judged_is_not_late() -> None:
    facts = replay(timeline(club()), [RecordedActivity(1, joins())], of_day("03-01")).facts
    newest = visits(of_day("03-01"))
    assert not facts.is_late(newest.at, newest.day)
    older = visits(of_day("02-28"))
    assert facts.is_late(older.at, older.day)


def test_joining_comes_first_even_if_another_clock_says_otherwise() -> None:
    history = [RecordedActivity(1, joins()), RecordedActivity(2, visits(JOINED, 4))]
    judged = replay(timeline(club(earning=VISIT_10)), history, JOINED)
    assert judged.refused == ()
    assert judged.facts.balance == 10
    assert judged.facts.last_at == joins().at


def test_a_history_without_a_registration_is_an_error() -> None:
    with pytest.raises(ValueError, match="begins with a registration"):
        replay(timeline(club()), [RecordedActivity(1, visits(JOINED))], JOINED)


def test_history_is_judged_by_the_version_in_force_then() -> None:
    old, new = club(earning=VISIT_10), club(earning=[rule("visit", fixed(99))])
    line = timeline(old, new, since=joins().at - timedelta(days=365 - 10))
    history = [joins(), visits(JOINED + DAY), visits(JOINED + DAY * 20)]
    judged = replay(
        line, [RecordedActivity(n, a) for n, a in enumerate(history)], JOINED + DAY * 20
    )
    points = [s.outcome.points for s in judged.steps if isinstance(s.outcome, Decision)]
    assert points == [0, 10, 99]


def test_a_step_can_be_looked_up_by_its_number() -> None:
    history = [
        RecordedActivity(1, joins()),
        RecordedActivity(7, visits(JOINED)),
        RecordedActivity(8, visits(JOINED, 13)),
    ]
    judged = replay(timeline(club(earning=VISIT_10)), history, JOINED)
    decision = judged.decision(7)
    assert isinstance(decision, Decision)
    assert decision.points == 10
    assert [(seq, refusal.code) for seq, refusal in judged.refused] == [(8, "visited_today")]


def test_corrections_give_before_they_take() -> None:
    history = [RecordedActivity(1, joins()), RecordedActivity(2, visits(JOINED))]
    judged = replay(timeline(club(earning=VISIT_10)), history, JOINED)
    stored = {(2, "visit_rule"): 4, (3, "visit_rule"): 10, (1, "old"): 2}
    assert corrections(stored, judged) == (
        Correction(2, "visit_rule", 6),
        Correction(1, "old", -2),
        Correction(3, "visit_rule", -10),
    )
    assert corrections({(2, "visit_rule"): 10}, judged) == ()


def test_only_a_registration_starts_a_history() -> None:
    facts = start(does(Registration("referral"), JOINED))
    assert (facts.source, facts.joined_on, facts.balance) == ("referral", JOINED, 0)
    with pytest.raises(ValueError, match="registration"):
        start(does(Expiry(1), JOINED))
