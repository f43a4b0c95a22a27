"""Vouchers and promises: what is given by itself, how long it is good, and that it is used once."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from rules.activity import Activity, BirthdayTold, Occasion, Offered, Redemption
from rules.base import Refusal
from rules.facts import Facts, Voucher
from rules.judging.decide import Decision, apply
from rules.judging.replay import RecordedActivity, replay, start
from rules.judging.vouchers import VOUCHERS_MAX
from rules.programme.rewards import Reward, in_hand, standing
from rules.programme.timeline import Timeline
from tests.chance import examples
from tests.rules import strategies as some
from tests.rules.builders import (
    DAY,
    JOINED,
    Life,
    Part,
    becomes,
    buys,
    club,
    does,
    gets,
    joins,
    ladder,
    of_day,
    reward,
    timeline,
    visits,
)
from tests.rules.builders import given as given_points

FACTS = TypeAdapter(Facts)


def present(given: Part, **more: Any) -> Part:
    """A reward that is given and can't be had for points."""
    return reward(**{"given": given, "valid_days": 30, "cost": None, **more})


def life(*rewards: Part, **parts: Any) -> Life:
    return Life(club(rewards=list(rewards), purchase={}, **parts))


def uses(n: int, day: date, name: str = "gift", points: int = 0, hour: int = 15) -> Activity:
    return does(Redemption(name, points, n), day, hour, by="staff")


def offers(until: date, day: date, name: str | None = "gift", points: int = 0) -> Activity:
    return does(Offered("lapsed", name, points, until), day, 9, by="system")


def held(member: Life) -> list[tuple[str, int]]:
    return [(voucher.reward, voucher.n) for voucher in member.facts.vouchers]


def test_a_birthday_puts_a_voucher_into_the_hand() -> None:
    member = life(present({"kind": "birthday"}))
    born = does(BirthdayTold(2, 12), JOINED)
    decision = member.does(born, does(Occasion("birthday"), of_day("02-01"), by="system"))
    voucher = Voucher(1, "gift", "birthday", of_day("02-01"), of_day("03-02"))
    assert decision.vouchers == member.facts.vouchers == (voucher,)
    assert decision.grants == ()


def test_a_voucher_is_used_once_and_costs_nothing() -> None:
    member = life(present({"kind": "nth_visit", "every": 2}))
    member.comes(JOINED, JOINED + DAY)
    decision = member.does(uses(1, JOINED + DAY))
    assert decision.spent is None
    assert member.facts.vouchers == ()
    assert member.facts.tallies["reward:gift"].ever == 1
    assert member.refused(uses(1, JOINED + DAY, hour=16)) == "voucher_gone"


@pytest.mark.parametrize(("day", "good"), [("01-12", True), ("01-13", False)])
def test_a_voucher_is_good_up_to_its_last_day(day: str, good: bool) -> None:
    member = life(present({"kind": "nth_visit", "at": [1]}, valid_days=7))
    member.comes(of_day("01-06"))
    outcome = member.tries(uses(1, of_day(day)))
    assert isinstance(outcome, Decision) == good
    assert bool(in_hand(life(present({"kind": "comeback"})).facts, of_day(day))) is False


@pytest.mark.parametrize(
    ("n", "name", "points"), [(2, "gift", 0), (1, "other", 0), (1, "gift", 5), (0, "gift", 0)]
)
def test_nothing_but_the_very_voucher_counts(n: int, name: str, points: int) -> None:
    member = life(present({"kind": "nth_visit", "at": [1]}), reward(id="other"))
    member.does(visits(JOINED), gets(50, JOINED))
    assert isinstance(member.tries(uses(n, JOINED, name, points)), Refusal)
    assert held(member) == [("gift", 1)]


def test_what_is_only_given_cannot_be_had_for_points() -> None:
    member = life(present({"kind": "birthday"}))
    member.does(gets(500, JOINED))
    assert member.refused(does(Redemption("gift", 10), JOINED, 15)) == "voucher_gone"
    only = Reward.model_validate(present({"kind": "birthday"}))
    assert standing(only, member.facts, JOINED).is_given
    assert not standing(only, member.facts, JOINED).ready


def test_who_jumps_over_a_rank_gets_its_gift_too_and_each_once() -> None:
    by_rank = present({"kind": "rank", "ranks": ["r1", "r2"]}, valid_days=200)
    steps = ladder(2, 3, measure="spend", window={"kind": "rolling", "days": 7})
    member = life(by_rank, ranks={**steps, "grace_periods": 0, "revival": None})
    decision = member.does(buys(JOINED, 5))
    assert [voucher.n for voucher in decision.vouchers] == [1, 2]
    member.until(of_day("03-01"))
    assert member.facts.rank.id != "r2"
    assert member.does(buys(of_day("03-03"), 5)).vouchers == ()
    assert member.facts.rank.id == "r2"


def test_an_nth_purchase_and_an_nth_visit_count_from_the_first() -> None:
    member = life(
        present({"kind": "nth_purchase", "every": 2}, id="cup"),
        present({"kind": "nth_visit", "at": [1, 3]}, id="stamp"),
    )
    for n in range(4):
        member.does(visits(JOINED + DAY * n), buys(JOINED + DAY * n, 500))
    assert sorted(held(member)) == [("cup", 1), ("cup", 2), ("stamp", 1), ("stamp", 2)]


def test_given_is_only_what_is_on_offer_to_whom_it_is_for_and_so_often() -> None:
    stamp = {"kind": "nth_visit", "every": 2}
    member = life(
        present(stamp, id="over", ends="2026-01-05"),
        present(stamp, id="ranked", ranks=["r2"]),
        present(stamp, id="once", per_member=1),
        ranks=ladder(1, 99),
    )
    member.comes(*(JOINED + DAY * n for n in range(6)))
    assert held(member) == [("once", 1)]


def test_a_promise_is_kept_at_the_next_visit_and_once() -> None:
    member = life(present({"kind": "comeback"}, valid_days=14))
    member.does(offers(of_day("03-31"), of_day("03-10"), points=30))
    assert member.facts.vouchers == ()
    decision = member.comes(of_day("03-20"))
    voucher = Voucher(1, "gift", "comeback", of_day("03-20"), of_day("04-02"))
    assert decision.vouchers == (voucher,)
    assert given_points(decision) == {"offer:lapsed": 30}
    assert member.facts.balance == 30
    again = member.comes(of_day("03-21"))
    assert (again.vouchers, again.grants, member.facts.offers) == ((), (), ())


def test_only_who_was_to_come_back_is_told_so_and_the_past_stays_as_it_was_said() -> None:
    member = life(present({"kind": "comeback"}))
    today = of_day("03-10")
    news = Offered("broadcast:1", "gift", 0, of_day("03-31"), is_comeback=False)
    member.does(offers(of_day("03-31"), today), does(news, today, 9, by="system"))
    decision = member.comes(of_day("03-11"))
    assert [voucher.reason for voucher in decision.vouchers] == ["comeback", "promised"]
    # What was noted before anybody asked is what it was.
    dumped = FACTS.dump_python(member.facts, mode="json")
    dumped["offers"] = [
        {"journey": "old", "reward": "gift", "points": 0, "made_on": "2026-03-01",
         "until": "2026-03-31"}
    ]  # fmt: skip
    assert [offer.is_comeback for offer in FACTS.validate_python(dumped).offers] == [True]


def test_a_promise_lapses_and_a_newer_one_takes_its_place() -> None:
    member = life(present({"kind": "comeback"}))
    member.does(offers(of_day("03-15"), of_day("03-10")))
    assert member.comes(of_day("03-16")).vouchers == ()
    member.does(
        offers(of_day("04-15"), of_day("04-10")),
        offers(of_day("04-30"), of_day("04-11"), None, 7),
    )
    decision = member.comes(of_day("04-12"))
    assert (decision.vouchers, given_points(decision)) == ((), {"offer:lapsed": 7})


@pytest.mark.parametrize(
    ("until", "name", "points", "code"),
    [
        ("03-09", "gift", 0, "offer_empty"),
        ("03-31", None, 0, "offer_empty"),
        ("03-31", "unknown", 0, "reward_gone"),
    ],
)
def test_nothing_empty_is_promised(until: str, name: str | None, points: int, code: str) -> None:
    member = life(present({"kind": "comeback"}))
    assert member.refused(offers(of_day(until), of_day("03-10"), name, points)) == code


def test_who_has_left_is_promised_nothing() -> None:
    member = life(present({"kind": "comeback"}))
    member.does(becomes("left", JOINED))
    assert member.refused(offers(of_day("03-31"), of_day("03-10"))) == "left"


def test_a_visit_undone_takes_its_voucher_back_and_opens_the_promise_again() -> None:
    line = timeline(club(rewards=[present({"kind": "comeback"})]))
    history = [joins(), offers(of_day("03-31"), of_day("03-10")), visits(of_day("03-20"))]
    recorded = [RecordedActivity(n, activity) for n, activity in enumerate(history)]
    assert replay(line, recorded, of_day("03-20")).facts.vouchers
    undone = replay(line, recorded[:2], of_day("03-20")).facts
    assert undone.vouchers == ()
    assert [offer.journey for offer in undone.offers] == ["lapsed"]


def test_a_used_voucher_keeps_the_visit_that_gave_it_from_being_undone() -> None:
    line = timeline(club(rewards=[present({"kind": "nth_visit", "at": [1]})]))
    history = [joins(), visits(JOINED), uses(1, JOINED)]
    recorded = [RecordedActivity(n, activity) for n, activity in enumerate(history)]
    without = replay(line, [recorded[0], recorded[2]], JOINED)
    assert [refusal.code for _, refusal in without.refused] == ["voucher_gone"]


def test_nobody_keeps_more_than_fifty() -> None:
    member = life(
        present({"kind": "nth_visit", "every": 2}, valid_days=700), visits={"per_day_max": 24}
    )
    for n in range(120):
        member.comes(JOINED + DAY * n)
    assert len(member.facts.vouchers) == VOUCHERS_MAX
    assert held(member)[-1] == ("gift", 60)


def test_facts_of_before_there_were_vouchers_still_load() -> None:
    facts = life().facts
    old = FACTS.dump_json(facts, exclude={"vouchers", "offers"})
    assert b"vouchers" not in old
    assert FACTS.validate_json(old) == facts


@given(some.timelines(), some.histories())
@settings(max_examples=examples(30))
def test_each_voucher_is_given_once_and_used_at_most_once(
    line: Timeline, history: list[RecordedActivity]
) -> None:
    facts = start(history[0].activity)
    given: set[tuple[str, int]] = set()
    used: set[tuple[str, int]] = set()
    for recorded in history:
        outcome = apply(line, facts, recorded.activity)
        if isinstance(outcome, Refusal):
            continue
        facts = outcome.facts
        new = [(voucher.reward, voucher.n) for voucher in outcome.vouchers]
        assert len(set(new)) == len(new)
        assert not given & set(new)
        given |= set(new)
        what = recorded.activity.what
        if isinstance(what, Redemption) and what.voucher is not None:
            assert (what.reward, what.voucher) in given - used
            used.add((what.reward, what.voucher))
        in_facts = {(voucher.reward, voucher.n) for voucher in facts.vouchers}
        assert in_facts <= given - used
        assert all(voucher.until >= recorded.activity.day for voucher in facts.vouchers)


@pytest.mark.parametrize(
    ("part", "match"),
    [
        (reward(cost=None), "never_had"),
        (reward(given={"kind": "birthday"}), "valid_days_needed"),
        (reward(valid_days=3), "valid_days_needed"),
        (present({"kind": "birthday"}, kind="charity_given"), "charity_given"),
        (present({"kind": "rank", "ranks": []}), "at least 1"),
        (present({"kind": "nth_visit"}), "one_of_two"),
        (present({"kind": "nth_visit", "every": 2, "at": [3]}), "one_of_two"),
        (present({"kind": "birthday"}, valid_days=731), "730"),
    ],
)
def test_a_reward_that_makes_no_sense_is_a_problem(part: Part, match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        Reward.model_validate(part)


def test_a_late_promise_to_a_visit_in_the_past_is_kept_by_the_replay() -> None:
    line = timeline(club(rewards=[present({"kind": "comeback"})]))
    history = [joins(), visits(of_day("03-20")), offers(of_day("03-31"), of_day("03-10"))]
    recorded = [RecordedActivity(n, activity) for n, activity in enumerate(history)]
    facts = replay(line, recorded, of_day("03-20")).facts
    assert [voucher.given_on for voucher in facts.vouchers] == [of_day("03-20")]
    assert facts.vouchers[0].until - facts.vouchers[0].given_on == timedelta(days=29)
