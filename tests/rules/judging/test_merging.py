"""Merging two members loses nothing, earns nothing, and can be taken back."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activity import Absorbed, Activity, CarriedPoints, Merged
from rules.base import Refusal
from rules.facts import (
    Birthday,
    DayTotal,
    Facts,
    Offer,
    RankState,
    StreakState,
    Tally,
    Voucher,
    newcomer,
)
from rules.judging.carried import facts_in, facts_json
from rules.judging.decide import Decision, advance, apply
from rules.judging.merging import absorb
from rules.judging.replay import RecordedActivity, replay
from rules.programme.ranks import Ladder
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import DAY, JOINED, at, ladder
from tests.rules.judging.test_replay import END, lived

ON = date(2026, 3, 10)
LADDER = Ladder.model_validate(ladder(3, 6))


def facts(**more: object) -> Facts:
    return replace(newcomer(JOINED, at(JOINED)), settled=ON, **more)  # type: ignore[arg-type]


def test_of_dates_the_earlier_stands_of_the_last_the_later() -> None:
    early, late = JOINED - 40 * DAY, JOINED + 10 * DAY
    mine = facts(first_visit_on=late, last_visit_on=late, last_visit_at=at(late))
    theirs = facts(
        joined_on=early, source="counter", first_visit_on=early, last_visit_on=early,
        last_visit_at=at(early), last_active_on=early, fan_invited_on=early,
    )  # fmt: skip
    both = absorb(None, mine, theirs)
    assert (both.joined_on, both.source, both.first_visit_on) == (early, "counter", early)
    assert (both.last_visit_on, both.last_visit_at) == (late, at(late))
    assert (both.last_active_on, both.fan_invited_on) == (early, early)


def test_numbers_add_up_and_a_birthday_is_kept() -> None:
    born = Birthday(5, 12, 1990)
    mine = facts(visits=3, spend=100, earned=30, balance=20, stores=("a", "b"))
    theirs = facts(visits=2, spend=50, earned=9, balance=7, stores=("b", "c"), birthday=born)
    both = absorb(None, mine, theirs)
    assert (both.visits, both.spend, both.earned) == (5, 150, 39)
    assert both.balance == 20
    assert both.stores == ("a", "b", "c")
    assert both.birthday == born
    assert absorb(None, theirs, facts(birthday=Birthday(1, 1))).birthday == born


def test_a_birthday_or_a_year_is_not_celebrated_again() -> None:
    mine = facts(counts={"visit": 3, "birthday:2026": 1, "anniversary_years": 1})
    theirs = facts(counts={"visit": 2, "birthday:2026": 1, "anniversary_years": 2, "eco": 1})
    assert absorb(None, mine, theirs).counts == {
        "visit": 5, "birthday:2026": 1, "anniversary_years": 2, "eco": 1,
    }  # fmt: skip


def test_what_a_rule_gave_lately_counts_towards_its_limit() -> None:
    mine = facts(tallies={"visit": Tally(ON, day=1, week=1, month=1, ever=4, points_ever=40)})
    earlier = Tally(ON - 40 * DAY, day=1, week=1, month=1, ever=2, points_month=10, points_ever=20)
    both = absorb(None, mine, facts(tallies={"visit": earlier})).tallies["visit"]
    assert both == Tally(ON, day=1, week=1, month=1, ever=6, points_ever=60)


def test_days_are_merged_in_order() -> None:
    mine = facts(days=(DayTotal(ON - DAY, 1, 10, 0), DayTotal(ON, 1, 5, 100)))
    theirs = facts(days=(DayTotal(ON - 2 * DAY, 1), DayTotal(ON - DAY, 1, 2, 3)))
    assert absorb(None, mine, theirs).days == (
        DayTotal(ON - 2 * DAY, 1), DayTotal(ON - DAY, 2, 12, 3), DayTotal(ON, 1, 5, 100),
    )  # fmt: skip


def test_the_last_days_with_a_visit_are_those_of_both() -> None:
    mine = facts(visit_days=(ON - 3 * DAY, ON))
    theirs = facts(visit_days=tuple(ON - n * DAY for n in range(9, 0, -1)))
    assert absorb(None, mine, theirs).visit_days == tuple(ON - n * DAY for n in range(8, -1, -1))


@pytest.mark.parametrize(
    ("mine", "theirs", "rank"),
    [
        (RankState("r1", JOINED), RankState(), RankState("r1", JOINED)),
        (RankState(), RankState("r2", JOINED), RankState("r2", JOINED)),
        (RankState("r1", ON, short=1), RankState("r1", JOINED), RankState("r1", JOINED)),
        (
            RankState("r1", ON, lost="r2", lost_on=ON),
            RankState(),
            RankState("r1", ON, lost="r2", lost_on=ON),
        ),
        (RankState(lost="r1", lost_on=ON), RankState("r2", ON), RankState("r2", ON)),
    ],
)
def test_the_better_rank_stands(mine: RankState, theirs: RankState, rank: RankState) -> None:
    assert absorb(LADDER, facts(rank=mine), facts(rank=theirs)).rank == rank


def test_the_longer_streak_goes_on() -> None:
    week = ON - timedelta(days=ON.weekday())
    mine = facts(streaks={"weekly": StreakState(week, visits=1, weeks=2, best=9, freezes=0)})
    theirs = facts(streaks={"weekly": StreakState(week, visits=1, weeks=5, best=5, freezes=1)})
    assert absorb(None, mine, theirs).streaks == {
        "weekly": StreakState(week, visits=2, weeks=5, best=9, freezes=1)
    }


def test_hands_are_put_together_under_numbers_of_their_own() -> None:
    one = Voucher(1, "dessert", "birthday", ON, ON + 30 * DAY)
    mine = facts(vouchers=(one,), counts={"given:dessert": 2})
    theirs = facts(
        vouchers=(replace(one, until=ON), replace(one, n=2)), counts={"given:dessert": 2}
    )
    both = absorb(None, mine, theirs)
    assert [voucher.n for voucher in both.vouchers] == [3, 1, 4]
    assert both.counts == {"given:dessert": 4}


def test_of_two_promises_of_one_journey_the_newer_stands() -> None:
    old = Offer("lapsed", "dessert", 0, ON - DAY, ON + 9 * DAY)
    new, other = replace(old, made_on=ON), replace(old, journey="rhythm")
    both = absorb(None, facts(offers=(new,)), facts(offers=(old, other)))
    assert set(both.offers) == {new, other}


def test_every_fact_is_thought_of() -> None:
    """Whoever adds a fact says in `absorb` what becomes of it, then here."""
    settled_anyway = {
        "settled", "last_at", "membership", "membership_since", "balance", "close_until",
        "invited", "segments",
    }  # fmt: skip
    considered = {
        "joined_on", "source", "birthday", "visits", "spend", "earned", "first_visit_on",
        "last_visit_at", "last_visit_on", "last_active_on", "stores", "counts", "tallies", "days",
        "rank", "streaks", "badge_counts", "badges", "fan_invited_on", "visit_days", "vouchers",
        "offers", "shortfall", "pauses", "visit_day_count", "recent", "perks", "fan",
        "subscriptions",
    }  # fmt: skip
    assert {field.name for field in fields(Facts)} == considered | settled_anyway


def absorbing(line: Timeline, other: Facts, day: date, lots: int = 2) -> Activity:
    """The activity by which somebody takes `other` over, whose points are in a few lots."""
    settled, _ = advance(line, other, day)
    parts = [other.balance // lots] * (lots - 1)
    parts.append(other.balance - sum(parts))
    held = tuple(CarriedPoints(part, JOINED, day + 30 * DAY) for part in parts if part)
    return Activity(Absorbed(facts_json(settled), held), at(day, 13), day, by="staff", store="main")


@given(some.timelines(), some.histories(), some.histories(), st.integers(0, 50))
@settings(max_examples=examples(20))
def test_merging_conserves_points_and_visits_and_never_lowers_a_rank(
    line: Timeline, mine: list[RecordedActivity], theirs: list[RecordedActivity], later: int
) -> None:
    day = some.LAST + later * DAY
    keep, other = (replay(line, lived(line, told), day).facts for told in (mine, theirs))
    if keep.membership == "left":
        return
    activity = absorbing(line, other, day)
    decision = apply(line, keep, activity)
    assert isinstance(decision, Decision)
    both = decision.facts
    won = decision.points - other.balance
    assert won >= 0
    assert both.balance == keep.balance + other.balance + won
    assert both.visits == keep.visits + other.visits
    assert both.spend == keep.spend + other.spend
    assert both.earned == keep.earned + other.earned + won
    programme = line.at(activity.at).programme
    assert programme.ranks is not None
    index = programme.ranks.index
    settled, _ = advance(line, keep, day)
    assert index(both.rank.id) >= max(index(settled.rank.id), index(other.rank.id))
    if both.rank.id != settled.rank.id:
        assert decision.rank_changes[-1].before == settled.rank.id
        assert decision.rank_changes[-1].after == both.rank.id


@given(some.timelines(), some.histories(), some.histories())
@settings(max_examples=examples(20))
def test_the_history_without_it_is_as_before(
    line: Timeline, mine: list[RecordedActivity], theirs: list[RecordedActivity]
) -> None:
    kept = lived(line, mine)
    other = replay(line, lived(line, theirs), END).facts
    merged = [*kept, RecordedActivity(99, absorbing(line, other, END))]
    before = replay(line, kept, END)
    after = replay(line, merged, END)
    assert replay(line, [r for r in merged if r.seq != 99], END) == before
    if before.facts.membership != "left":
        assert after.refused == ()


@given(some.timelines(), some.histories())
@settings(max_examples=examples(20))
def test_the_other_one_is_closed_without_a_point_left(
    line: Timeline, history: list[RecordedActivity]
) -> None:
    before = replay(line, lived(line, history), END).facts
    merged = Activity(Merged(before.balance), at(END, 13), END, by="staff")
    decision = apply(line, before, merged)
    assert isinstance(decision, Decision)
    assert decision.facts.balance == 0
    assert decision.facts.membership == "left"
    assert (decision.spent is None) == (before.balance == 0)
    wrong = replace(merged, what=Merged(before.balance + 1))
    assert apply(line, before, wrong) == Refusal("points_short")


def test_facts_are_read_as_they_were_written() -> None:
    known = facts(visits=3, badges={"a": ON}, birthday=Birthday(5, 12))
    assert facts_in(Absorbed(facts_json(known))) == known


@pytest.mark.parametrize("visits", [3, 40])
def test_a_merging_of_before_days_were_counted_brings_those_known(visits: int) -> None:
    days = tuple(JOINED + 7 * n * DAY for n in range(min(visits, 9)))
    known = facts(visits=visits, visit_days=days, last_visit_on=days[-1])
    kept = json.loads(facts_json(known))
    del kept["visit_day_count"], kept["recent"]
    read = facts_in(Absorbed(json.dumps(kept)))
    assert read.visit_day_count == visits
    assert read.recent == pytest.approx(sum(2 ** (-7 * n / 60) for n in range(len(days))))
    assert replace(read, visit_day_count=0, recent=0.0) == known
