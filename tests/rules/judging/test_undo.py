"""Who may undo, and what a history comes to without what is undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rules.activity import Adjustment, Expiry, Invited, Referral, Registration, Visit, What
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay, replay
from rules.judging.undo import Ledger, RemainingHistory, may_undo, refuse_kinds, without
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    buys,
    club,
    does,
    fixed,
    gets,
    joins,
    ladder,
    reward,
    rule,
    takes,
    timeline,
    visits,
)
from tests.rules.judging.test_replay import END, by_rule, lived

VISIT_10 = [rule("visit", fixed(10))]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"own": True, "today": True}, None),
        ({"here": False, "own": True, "today": True}, "undo_elsewhere"),
        ({"here": False, "manages": True, "today": True}, "undo_elsewhere"),
        ({"own": False, "today": True}, "undo_managers"),
        ({"own": True, "today": False, "reason": "間違い"}, "undo_managers"),
        ({"own": True, "today": True, "reason": "間違い", "force": True}, "undo_managers"),
        ({"manages": True, "today": True}, None),
        ({"manages": True}, "undo_reason"),
        ({"manages": True, "reason": "間違い"}, None),
        ({"manages": True, "today": True, "force": True}, "undo_reason"),
        ({"manages": True, "today": True, "reason": "間違い", "force": True}, None),
    ],
)
def test_who_may_undo_what(asked: dict[str, object], code: str | None) -> None:
    nobody = {
        "here": True,
        "manages": False,
        "own": False,
        "today": False,
        "reason": "",
        "force": False,
    }
    refusal = may_undo(**{**nobody, **asked})  # type: ignore[arg-type]  # a table of keywords
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (Visit("staff"), None),
        (Registration(), "undo_never"),
        (Expiry(3), "undo_never"),
        (Referral(7), "undo_friend"),
        (Invited(), None),
    ],
)
def test_some_things_are_never_undone_by_themselves(what: What, code: str | None) -> None:
    refusal = refuse_kinds([Visit("staff"), what])
    assert (refusal.code if refusal else None) == code


def take_out(
    line: Timeline, history: list[RecordedActivity], *gone: int, **more: object
) -> RemainingHistory:
    judged = replay(line, history, END)
    granted = by_rule(judged)
    expired = more.get("expired", {})
    assert isinstance(expired, dict)
    spent = Ledger(granted, expired)
    return without(line, history, gone, judged.facts, ledger=spent, seq=len(history) + 1)


def told(*activities: object) -> list[RecordedActivity]:
    return [RecordedActivity(seq, activity) for seq, activity in enumerate(activities, 1)]  # type: ignore[arg-type]


def short(judged: Replay) -> bool:
    return any(r.code in ("reward_points", "points_short") for _, r in judged.refused)


@given(some.timelines(), some.histories(), st.data())
@settings(max_examples=examples(15))
def test_what_is_left_stands_with_as_few_points_as_it_takes(
    line: Timeline, history: list[RecordedActivity], data: st.DataObject
) -> None:
    history = told(*(recorded.activity for recorded in lived(line, history)))
    balance = replay(line, history, END).facts.balance
    if balance and data.draw(st.booleans()):
        # What nothing was bought for is missing nowhere.
        history.append(RecordedActivity(len(history) + 1, gets(-balance, END)))
    assume(len(history) > 1)
    gone = data.draw(st.sampled_from([recorded.seq for recorded in history[1:]]))
    rest = [recorded for recorded in history if recorded.seq != gone]
    left = take_out(line, history, gone)
    plain = replay(line, rest, END)
    if left.shortfall == 0:
        assert (left.judged, left.stopgap) == (plain, None)
        assert left.history == tuple(rest)
    else:
        assert left.history[:-1] == tuple(rest)
        assert left.stopgap == left.history[-1]
        assert short(plain)
        fewer = replace(left.stopgap.activity, what=Adjustment(left.shortfall - 1))
        one_less = [*rest, replace(left.stopgap, activity=fewer)]
        assert short(replay(line, one_less if left.shortfall > 1 else rest, END))
        assert not short(left.judged)
        assert left.judged == replay(line, left.history, END)
    if left.needed is None:
        assert left.judged.refused == ()
        assert left.judged.facts.balance >= 0


def test_the_shortfall_is_what_was_spent_and_nothing_more() -> None:
    line = timeline(club(earning=VISIT_10, rewards=[reward(cost=15)]))
    history = told(joins(), visits(JOINED), visits(JOINED + DAY), takes("gift", 15, JOINED + DAY))
    assert take_out(line, history, 2).shortfall == 5
    both = take_out(line, history, 2, 3)
    assert both.shortfall == 15
    assert both.judged.facts.balance == 0
    assert both.judged.refused == ()
    later = [*history, RecordedActivity(5, visits(JOINED + DAY * 2))]
    # What was earned afterwards does not pay for what was taken before.
    assert take_out(line, later, 2).shortfall == 5


def test_what_costs_more_by_now_than_was_paid_for_it_asks_for_its_price() -> None:
    line = timeline(club(earning=VISIT_10, rewards=[reward(cost=15)]))
    history = told(joins(), gets(20, JOINED), takes("gift", 10, JOINED + DAY))
    left = take_out(line, history, 2)
    assert (left.shortfall, left.needed) == (15, None)
    assert left.judged == replay(line, left.history, END)


def test_points_make_up_for_what_was_spent_at_the_very_same_moment() -> None:
    line = timeline(club(earning=VISIT_10, rewards=[reward(cost=10)]))
    history = told(joins(), visits(JOINED, 12), takes("gift", 10, JOINED, 12))
    left = take_out(line, history, 2)
    assert (left.shortfall, left.needed) == (10, None)
    assert left.stopgap is not None
    assert left.stopgap.activity.at == history[1].activity.at - timedelta(microseconds=1)


def test_points_do_not_make_up_for_a_rank() -> None:
    line = timeline(club(
        earning=VISIT_10, ranks=ladder(2), rewards=[reward(cost=10, ranks=("r1",))]
    ))  # fmt: skip
    history = told(joins(), visits(JOINED), visits(JOINED + DAY), takes("gift", 10, JOINED + DAY))
    left = take_out(line, history, 2)
    assert (left.shortfall, left.needed) == (0, 4)


def test_what_ran_out_is_made_up_for_though_other_points_are_there() -> None:
    line = timeline(club(earning=VISIT_10))
    history = told(
        joins(), visits(JOINED), visits(JOINED + DAY), does(Expiry(10), JOINED + DAY * 2)
    )
    assert take_out(line, history, 2).shortfall == 0
    gone = {(2, "visit_rule"): 10}
    left = take_out(line, history, 2, expired=gone)
    assert (left.shortfall, left.judged.facts.balance) == (10, 10)
    # The other visit's points are still there.
    assert take_out(line, history, 3, expired=gone).shortfall == 0


def test_what_follows_from_an_undone_purchase_goes_too() -> None:
    """Cumulated spend: the second purchase passes the next full amount no more."""
    per = {"kind": "per_amount", "points": 5, "yen": 1000}
    line = timeline(club(
        earning=[rule("spend", per)], purchase={"late_receipt_days": 7, "amount": "tax_included"}
    ))  # fmt: skip
    history = told(joins(), buys(JOINED, 600), buys(JOINED + DAY, 600), gets(3, JOINED + DAY))
    decision = replay(line, history, END).decision(3)
    assert isinstance(decision, Decision)
    assert decision.points == 5
    left = take_out(line, history, 2)
    assert (left.judged.facts.balance, left.judged.facts.spend) == (3, 600)
