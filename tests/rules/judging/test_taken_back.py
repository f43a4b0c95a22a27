"""Goods that are brought back: as if they had not been bought, and never in the way of anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.activity import Activity, Expiry, Purchase, Redemption, TakenBack
from rules.facts import Facts
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, Replay, replay
from rules.programme.earning import Grant
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    at,
    badge,
    becomes,
    buys,
    club,
    does,
    fixed,
    joins,
    ladder,
    reward,
    rule,
    takes,
    timeline,
    visits,
)
from tests.rules.judging.test_replay import END, lived

#: Much hangs on purchases here: ranks, a badge, the second one's coffee, a round sum.
SHOP = club(
    visits={"per_day_max": 9},
    purchase={},
    earning=[
        rule("purchase", {"kind": "per_amount", "points": 1, "yen": 100}),
        rule("spend", {"kind": "per_amount", "points": 50, "yen": 5_000}),
        rule("visit", fixed(2)),
    ],
    ranks=ladder(1_000, measure="spend"),
    badges=[badge({"kind": "times", "on": "purchase", "count": 2}, points=5)],
    rewards=[
        reward(),
        reward(id="free", cost=None, given={"kind": "nth_purchase", "every": 2}, valid_days=30),
        reward(id="silver", cost=None, given={"kind": "rank", "ranks": ["r1"]}, valid_days=30),
    ],
)


def told(*activities: Activity) -> list[RecordedActivity]:
    whole = [joins(), *activities]
    return [RecordedActivity(n, activity) for n, activity in enumerate(whole, 1)]


def back(of: int, yen: int, day: Any = JOINED + 5 * DAY, hour: int = 18, **more: Any) -> Activity:
    return does(TakenBack(of, yen, **more), day, hour, by="staff")


def comes_to(*activities: Activity, programme: Programme = SHOP) -> Replay:
    judged = replay(timeline(programme), told(*activities), JOINED + 6 * DAY)
    assert judged.refused == ()
    return judged


def plain(facts: Facts) -> Facts:
    """Without when something happened last, which a return is, too."""
    return replace(facts, last_at=at(JOINED))


def test_all_of_a_receipt_is_as_if_it_had_not_been_bought_but_for_the_visit() -> None:
    came = (visits(JOINED), visits(JOINED + 2 * DAY))
    bought = (buys(JOINED, 1_200), buys(JOINED + 2 * DAY, 600))
    before = comes_to(*came, *bought).facts
    assert (before.rank.id, len(before.vouchers), before.balance) == ("r1", 2, 27)
    after = comes_to(*came, *bought, back(4, 1_200), back(5, 600)).facts
    assert plain(after) == plain(comes_to(*came).facts)
    assert (after.visits, after.spend, after.shortfall, after.vouchers) == (2, 0, 0, ())
    # The second purchase is the first then.
    rest = comes_to(*came, *bought, back(4, 1_200)).facts
    assert (rest.counts["purchase"], rest.spend, rest.balance) == (1, 600, 10)
    assert (rest.rank.id, rest.badges, rest.vouchers) == (None, {}, ())


def test_a_part_of_a_receipt_takes_its_part() -> None:
    bought = buys(JOINED, 1_000, tax_yen=90, points_used_yen=100)
    judged = comes_to(bought, back(2, 300), back(2, 300))
    assert judged.facts.spend == 400 - 40
    assert judged.facts.balance == 3
    assert judged.facts.counts["purchase"] == 1
    # A round sum that was reached by it is not reached any more.
    assert comes_to(buys(JOINED, 5_000), back(2, 100)).facts.balance == 49


def test_what_was_spent_since_is_a_shortfall_that_later_purchases_make_good() -> None:
    bought, used = buys(JOINED, 1_000), takes("gift", 10, JOINED + DAY)
    judged = comes_to(bought, used, back(2, 1_000))
    assert (judged.facts.balance, judged.facts.shortfall) == (0, 10)
    decision = judged.decision(4)
    assert isinstance(decision, Decision)
    assert decision.grants == (Grant("shortfall", 10),)
    later = (visits(JOINED + 5 * DAY, 19), buys(JOINED + 5 * DAY, 600, 20))
    judged = comes_to(bought, used, back(2, 1_000), *later)
    # A visit's points are not touched, and what was earned counts whole.
    assert (judged.facts.balance, judged.facts.shortfall, judged.facts.earned) == (2, 4, 8)
    decision = judged.decision(6)
    assert isinstance(decision, Decision)
    assert decision.grants == (Grant("purchase_rule", 6), Grant("shortfall", -6))
    judged = comes_to(bought, used, back(2, 1_000), *later, buys(JOINED + 5 * DAY, 900, 21))
    assert (judged.facts.balance, judged.facts.shortfall) == (2 + 9 + 5 - 4, 0)


def test_points_that_ran_out_before_are_paid_for_by_nobody() -> None:
    bought = buys(JOINED, 1_000)
    gone = does(Expiry(10), JOINED + 2 * DAY, by="system")
    other = visits(JOINED + 3 * DAY)
    facts = comes_to(bought, gone, other, back(2, 1_000, ran_out=10)).facts
    assert (facts.balance, facts.shortfall) == (2, 0)


def test_a_free_coffee_drunk_already_is_not_given_again() -> None:
    """Or buying, drinking and returning would be coffee for nothing, as often as one likes."""
    first = (buys(JOINED, 300), buys(JOINED + DAY, 300))
    coffee = does(Redemption("free", 0, 1), JOINED + 2 * DAY, by="staff")
    returned = (*first, coffee, back(3, 300))
    facts = comes_to(*returned).facts
    assert (facts.vouchers, facts.counts["owed:free"]) == ((), 1)
    again = buys(JOINED + 5 * DAY, 300, 20)
    facts = comes_to(*returned, again).facts
    assert facts.counts["purchase"] == 2
    assert facts.vouchers == ()
    assert "owed:free" not in facts.counts
    more = [buys(JOINED + 5 * DAY, 300, hour) for hour in (21, 22)]
    vouchers = comes_to(*returned, again, *more).facts.vouchers
    assert [v.n for v in vouchers if v.reward == "free"] == [2]


def test_somebody_who_left_returns_goods_too() -> None:
    facts = comes_to(buys(JOINED, 1_000), becomes("left", JOINED + DAY), back(2, 1_000)).facts
    assert (facts.balance, facts.spend, facts.membership) == (0, 0, "left")


@given(
    st.lists(
        st.tuples(st.integers(1, 20_000), st.integers(0, 100), st.sampled_from((1, 60, 1_500))),
        min_size=1,
        max_size=5,
    )
)
@example([(10_000, 50, 60)])
@settings(max_examples=examples(8), deadline=None)
def test_buying_and_returning_a_thousand_times_ends_at_zero(
    cycle: list[tuple[int, int, int]],
) -> None:
    """In one go or in two parts, at any pace."""
    history, now = told(), at(JOINED, 12)
    for n in range(1_000):
        yen, share, minutes = cycle[n % len(cycle)]
        part = yen * share // 100
        bought = len(history) + 1
        for what in (Purchase(yen), TakenBack(bought, part), TakenBack(bought, yen - part)):
            now += timedelta(minutes=minutes)
            day = SHOP.shop.business_date(now)
            if not isinstance(what, TakenBack) or what.yen:
                activity = Activity(what, now, day, by="staff", store="main")
                history.append(RecordedActivity(len(history) + 1, activity))
    judged = replay(timeline(SHOP), history, SHOP.shop.business_date(now))
    facts = judged.facts
    assert judged.refused == ()
    assert (facts.balance, facts.shortfall, facts.spend, facts.earned) == (0, 0, 0, 0)
    assert (facts.rank.id, facts.vouchers, facts.badges, facts.counts.get("purchase")) == (
        None, (), {}, None,
    )  # fmt: skip


@given(some.timelines(), some.histories())
@settings(max_examples=examples(40), deadline=None)
def test_any_history_without_its_purchases_is_what_returning_them_leaves(
    line: Timeline, history: list[RecordedActivity]
) -> None:
    kept = lived(line, history)
    bought = [r for r in kept if isinstance(r.activity.what, Purchase)]
    rest = [r for r in kept if r not in bought]
    nothing = RecordedActivity(300, does(TakenBack(0), END, 12))
    returned = [
        RecordedActivity(200 + n, does(TakenBack(r.seq, r.activity.what.total_yen), END, 12))
        for n, r in enumerate(bought)
        if isinstance(r.activity.what, Purchase)
    ]
    judged = replay(line, [*kept, *returned, nothing], END)

    never = replay(line, [*rest, nothing], END)
    assert judged.refused == ()
    assert judged.facts.balance >= 0
    if never.refused:
        return
    assert judged.facts.shortfall == 0
    assert plain(judged.facts) == plain(never.facts)
    assert judged.rank_changes == never.rank_changes
